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
    let header = try decodeHeader(file[start..<start + Int(length)], url)
    let body = file[(start + Int(length))...]
    try checkCoverage(header.entries, bodyCount: body.count, url)
    var tensors: [String: FileTensor] = [:]
    for (name, entry) in header.entries {
      let type = try elementType(of: entry, name, url)
      let from = body.startIndex + entry.data_offsets[0]
      tensors[name] = FileTensor(
        elementType: type, shape: entry.shape, data: body[from..<body.startIndex + entry.data_offsets[1]])
    }
    return Contents(tensors: tensors, metadata: header.metadata)
  }

  /// The type of a checked entry, its shape and its bytes agreeing.
  private static func elementType(of entry: Entry, _ name: String, _ url: URL) throws -> ElementType {
    guard let type = ElementType(rawValue: entry.dtype) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw TensorFileError(url, "tensor \"\(name)\": element type \(entry.dtype) is not supported (\(known) are)")
    }
    var bytes = type.size
    for extent in entry.shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else {
        throw TensorFileError(url, "tensor \"\(name)\": impossible shape \(entry.shape)")
      }
      bytes = product
    }
    let given = entry.data_offsets[1] - entry.data_offsets[0]
    guard given == bytes else {
      throw TensorFileError(
        url, "tensor \"\(name)\": \(given) bytes for shape \(entry.shape) of \(entry.dtype), which needs \(bytes)")
    }
    return type
  }

  /// Tensors must lie one after another and fill the file: no overlap, no gap, no truncation.
  private static func checkCoverage(_ entries: [String: Entry], bodyCount: Int, _ url: URL) throws {
    for (name, entry) in entries {
      let offsets = entry.data_offsets
      guard offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1] else {
        throw TensorFileError(url, "tensor \"\(name)\": data_offsets \(offsets) are not [begin, end]")
      }
    }
    var covered = 0
    let ordered = entries.sorted {
      ($0.value.data_offsets[0], $0.value.data_offsets[1], $0.key)
        < ($1.value.data_offsets[0], $1.value.data_offsets[1], $1.key)
    }
    for (name, entry) in ordered {
      guard entry.data_offsets[0] == covered else {
        let what = entry.data_offsets[0] < covered ? "overlaps the tensor before it" : "leaves a gap before it"
        throw TensorFileError(url, "tensor \"\(name)\": begins at \(entry.data_offsets[0]) and \(what)")
      }
      covered = entry.data_offsets[1]
    }
    guard covered <= bodyCount else {
      throw TensorFileError(url, "tensors need \(covered) bytes, the file has \(bodyCount): truncated")
    }
    guard covered == bodyCount else {
      throw TensorFileError(url, "\(bodyCount - covered) bytes after the last tensor belong to none")
    }
  }
}

// MARK: - Header

extension SafeTensors {
  struct Entry: Decodable {
    let dtype: String
    let shape: [Int]
    let data_offsets: [Int]
  }

  private struct Header: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: Name.self)
      for name in fields.allKeys {
        if name.stringValue == "__metadata__" {
          metadata = try fields.decode([String: String].self, forKey: name)
        } else {
          entries[name.stringValue] = try fields.decode(Entry.self, forKey: name)
        }
      }
    }
  }

  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private static func decodeHeader(_ json: Data, _ url: URL) throws -> Header {
    do {
      return try JSONDecoder().decode(Header.self, from: Data(json))
    } catch let error as DecodingError {
      throw TensorFileError(url, "header: " + explain(error))
    } catch {
      throw TensorFileError(url, "header is not JSON: \(error.localizedDescription)")
    }
  }

  private static func explain(_ error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "" : " in " + path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
    }
    return switch error {
    case .keyNotFound(let key, let context): "field \"\(key.stringValue)\" is missing\(place(context.codingPath))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(context.debugDescription)\(place(context.codingPath))"
    case .dataCorrupted(let context): "not valid JSON\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: "\(error)"
    }
  }
}
