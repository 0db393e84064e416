import Foundation

extension SafeTensors {
  static func decode(_ file: Data, _ url: URL) throws -> Contents {
    guard file.count >= 8 else {
      throw TensorFileError(url, "\(file.count) bytes are too few for a safetensors file; is it truncated?")
    }
    var length: UInt64 = 0
    for byte in file.prefix(8).reversed() { length = length << 8 | UInt64(byte) }
    guard length <= UInt64(largestHeader) else {
      throw TensorFileError(
        url, "header length \(length) exceeds the format's \(largestHeader); not a safetensors file")
    }
    guard Int(length) <= file.count - 8 else {
      throw TensorFileError(
        url, "header of \(length) bytes in a file of \(file.count); truncated or not a safetensors file")
    }
    let start = file.startIndex + 8
    let header: Header
    do {
      header = try Header(JSONHeader(parsing: [UInt8](file[start..<start + Int(length)])))
    } catch let problem as JSONHeader.Problem {
      throw TensorFileError(url, "header: " + problem.text)
    }
    let body = file[(start + Int(length))...]
    try checkCoverage(header.entries, bodyCount: body.count, url)
    var tensors: [String: FileTensor] = [:]
    for (name, entry) in header.entries {
      let type = try elementType(of: entry, name, url)
      tensors[name] = FileTensor(
        elementType: type, shape: entry.shape,
        data: body[body.startIndex + entry.begin..<body.startIndex + entry.end])
    }
    return Contents(tensors: tensors, metadata: header.metadata)
  }

  /// The type of an entry that lies within the file, its shape and its bytes agreeing.
  private static func elementType(of entry: Header.Entry, _ name: String, _ url: URL) throws -> ElementType {
    guard let type = ElementType(rawValue: entry.type) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      let what = otherTypes.contains(entry.type) ? "is not read" : "is not one of safetensors'"
      throw TensorFileError(url, "tensor \"\(name)\": element type \(entry.type) \(what) (\(known) are)")
    }
    var bytes = type.size
    for extent in entry.shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw TensorFileError(url, "tensor \"\(name)\": impossible shape \(entry.shape)") }
      bytes = product
    }
    guard entry.end - entry.begin == bytes else {
      throw TensorFileError(
        url,
        "tensor \"\(name)\": \(entry.end - entry.begin) bytes for shape \(entry.shape) of \(entry.type), "
          + "which needs \(bytes)")
    }
    return type
  }

  /// The format's types that nothing here computes with.
  private static let otherTypes: Set<String> = [
    "F4", "F6_E2M3", "F6_E3M2", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64",
  ]

  /// Tensors must lie one after another and fill the file: no overlap, no gap, no truncation.
  private static func checkCoverage(_ entries: [String: Header.Entry], bodyCount: Int, _ url: URL) throws {
    var covered = 0
    for (name, entry) in entries.sorted(by: { ($0.value.begin, $0.value.end, $0.key) < ($1.value.begin, $1.value.end, $1.key) })
    {
      guard entry.begin <= entry.end else {
        throw TensorFileError(url, "tensor \"\(name)\": data_offsets [\(entry.begin), \(entry.end)] are not [begin, end]")
      }
      guard entry.begin == covered else {
        let what = entry.begin < covered ? "overlaps the tensor before it" : "leaves a gap before it"
        throw TensorFileError(url, "tensor \"\(name)\": begins at \(entry.begin) and \(what)")
      }
      covered = entry.end
    }
    guard covered <= bodyCount else {
      throw TensorFileError(url, "tensors need \(covered) bytes, the file has \(bodyCount): truncated")
    }
    guard covered == bodyCount else {
      throw TensorFileError(url, "\(bodyCount - covered) bytes after the last tensor belong to none")
    }
  }
}

/// What the header of a safetensors file says, its fields complete and of the right kinds.
private struct Header {
  struct Entry {
    let type: String
    let shape: [Int]
    let begin: Int
    let end: Int
  }

  var entries: [String: Entry] = [:]
  var metadata: [String: String] = [:]

  init(_ json: JSONHeader) throws {
    guard case .fields(let fields) = json else { throw JSONHeader.Problem("is \(json.kind), not an object") }
    for (name, value) in fields {
      if name == "__metadata__" {
        metadata = try Self.metadata(value)
      } else {
        entries[name] = try Entry(value, name)
      }
    }
  }

  private static func metadata(_ value: JSONHeader) throws -> [String: String] {
    if case .null = value { return [:] }  // as if it were not there
    guard case .fields(let fields) = value else {
      throw JSONHeader.Problem("__metadata__ is \(value.kind), not an object")
    }
    return try Dictionary(
      uniqueKeysWithValues: fields.map { name, value in
        guard case .text(let text) = value else {
          throw JSONHeader.Problem("\"\(name)\" in __metadata__ is \(value.kind), not a string")
        }
        return (name, text)
      })
  }
}

extension Header.Entry {
  /// An object with `dtype`, `shape` and `data_offsets`; whatever else it has is passed over.
  fileprivate init(_ json: JSONHeader, _ tensor: String) throws {
    guard case .fields(let fields) = json else {
      throw JSONHeader.Problem("tensor \"\(tensor)\" is \(json.kind), not an object")
    }
    func field(_ name: String) throws -> JSONHeader {
      guard let value = fields.first(where: { $0.name == name })?.value else {
        throw JSONHeader.Problem("field \"\(name)\" is missing in \(tensor)")
      }
      return value
    }
    func numbers(_ name: String) throws -> [Int] {
      let value = try field(name)
      guard case .list(let elements) = value else {
        throw JSONHeader.Problem("tensor \"\(tensor)\": \(name) is \(value.kind), not a list")
      }
      return try elements.map { element in
        guard case .integer(let number) = element, number >= 0 else {
          throw JSONHeader.Problem("tensor \"\(tensor)\": \(element.kind) in \(name) is not a whole number from 0 on")
        }
        return number
      }
    }
    let dtype = try field("dtype")
    guard case .text(let type) = dtype else {
      throw JSONHeader.Problem("tensor \"\(tensor)\": dtype is \(dtype.kind), not a string")
    }
    let offsets = try numbers("data_offsets")
    guard offsets.count == 2 else {
      throw JSONHeader.Problem("tensor \"\(tensor)\": data_offsets \(offsets) are not [begin, end]")
    }
    self.init(type: type, shape: try numbers("shape"), begin: offsets[0], end: offsets[1])
  }
}
