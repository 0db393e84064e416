import Foundation

/// The safetensors format (github.com/huggingface/safetensors): 8 bytes of header length, a JSON
/// header, then the tensors' bytes without gaps.
public enum SafeTensors {
  /// Tensors by name, and the free text of `__metadata__`.
  public struct Contents: Hashable, Sendable {
    public var tensors: [String: FileTensor]
    public var metadata: [String: String]

    public init(tensors: [String: FileTensor], metadata: [String: String] = [:]) {
      self.tensors = tensors
      self.metadata = metadata
    }
  }

  /// The largest header accepted, as in the reference implementation.
  static let largestHeader = 100_000_000

  /// Reads and checks a whole file. Tensor bytes stay mapped until they are used, so do not
  /// overwrite the file in place meanwhile (``AtomicFile`` does not).
  ///
  /// Throws ``TensorFileError``: unreadable, truncated, header not as the format says or with a name twice, an element
  /// type not supported, bytes that do not fit a shape, tensors that overlap or leave gaps.
  public static func read(_ url: URL) throws -> Contents {
    let file: Data
    do {
      file = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw TensorFileError(url, "cannot read it: \(error.localizedDescription)")
    }
    return try decode(file, url)
  }

  /// Writes atomically. The same contents always give the same bytes: tensors stand by element size
  /// (largest first, so that all are aligned), then by name.
  public static func write(_ contents: Contents, to url: URL) throws {
    try AtomicFile.write(encode(contents), to: url)
  }

  public static func write(
    tensors: [String: FileTensor], metadata: [String: String] = [:], to url: URL
  ) throws {
    try write(Contents(tensors: tensors, metadata: metadata), to: url)
  }
}

// MARK: - Encoding

extension SafeTensors {
  static func encode(_ contents: Contents) -> [Data] {
    let ordered = contents.tensors.sorted {
      ($1.value.elementType.size, $0.key) < ($0.value.elementType.size, $1.key)
    }
    var fields: [String] = []
    if !contents.metadata.isEmpty {
      let entries = contents.metadata.sorted { $0.key < $1.key }.map { "\(quoted($0)):\(quoted($1))" }
      fields.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in ordered {
      precondition(name != "__metadata__", "a tensor may not be called __metadata__")
      let end = offset + tensor.data.count
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(name)):{\"dtype\":\"\(tensor.elementType.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Data("{\(fields.joined(separator: ","))}".utf8)
    header.append(Data(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    let length = withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) }
    return [length, header] + ordered.map(\.value.data)
  }

  /// A JSON string literal.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
