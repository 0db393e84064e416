import Foundation

/// numpy's `.npy` format, versions 1 to 3: one array.
public enum Npy {
  private static let magic = Data([0x93]) + Data("NUMPY".utf8)
  /// The longest header read, as numpy has it.
  static let largestHeader = 10_000

  /// Reads one array as `numpy.load` does: big-endian and column-major ones are put in order, bytes after the array
  /// (where another may follow) are left alone.
  ///
  /// Throws ``TensorFileError``: not an npy file, a header that numpy refuses, elements that are no numbers or of a
  /// type not supported, fewer bytes than the shape needs.
  public static func read(_ url: URL) throws -> FileTensor {
    let file: Data
    do {
      file = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw TensorFileError(url, "cannot read it: \(error.localizedDescription)")
    }
    return try decode(file, url)
  }

  /// Writes one array atomically, as version 1 (2 if the header is very long). numpy has no bfloat16; such a tensor
  /// is written as the float32 it is the upper half of.
  public static func write(_ tensor: FileTensor, to url: URL) throws {
    let tensor = tensor.elementType == .bfloat16 ? FileTensor(tensor.floats, shape: tensor.shape) : tensor
    try AtomicFile.write([header(of: tensor), tensor.data], to: url)
  }

  static func header(of tensor: FileTensor) -> Data {
    let extents = tensor.shape.map(String.init).joined(separator: ", ")
    let tuple = tensor.shape.count == 1 ? "(\(extents),)" : "(\(extents))"
    let dictionary =
      "{'descr': '\(tensor.elementType.npyDescription!)', 'fortran_order': False, 'shape': \(tuple), }"
    let version: UInt8 = dictionary.utf8.count < 65_000 ? 1 : 2
    let prefix = version == 1 ? 10 : 12
    // The whole header is a multiple of 64 bytes and ends with a line feed.
    let length = (prefix + dictionary.utf8.count + 1 + 63) / 64 * 64 - prefix
    var result = magic + Data([version, 0])
    for byte in 0..<(prefix - 8) { result.append(UInt8(truncatingIfNeeded: length >> (8 * byte))) }
    result.append(Data(dictionary.utf8))
    result.append(Data(repeating: UInt8(ascii: " "), count: length - dictionary.utf8.count - 1))
    result.append(UInt8(ascii: "\n"))
    return result
  }

  static func decode(_ file: Data, _ url: URL) throws -> FileTensor {
    guard file.starts(with: magic), file.count >= 8 else {
      throw TensorFileError(url, "does not begin as an npy file does")
    }
    let version = (file[file.startIndex + 6], file[file.startIndex + 7])
    guard (1...3).contains(version.0), version.1 == 0 else {
      throw TensorFileError(url, "npy version \(version.0).\(version.1) is not known (1.0, 2.0 and 3.0 are)")
    }
    let prefix = version.0 == 1 ? 10 : 12
    var length = 0
    for byte in file.prefix(prefix).dropFirst(8).reversed() { length = length << 8 | Int(byte) }
    guard file.count >= prefix + length else { throw TensorFileError(url, "truncated within the header") }
    guard length <= largestHeader else {
      throw TensorFileError(url, "header of \(length) bytes; numpy reads up to \(largestHeader)")
    }
    let start = file.startIndex + prefix
    let header = try Self.header(file[start..<start + length], version: version.0, url)
    var bytes = header.type.size
    for extent in header.shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw TensorFileError(url, "impossible shape \(header.shape)") }
      bytes = product
    }
    let body = file[(start + length)...]
    guard body.count >= bytes else {
      throw TensorFileError(
        url,
        "\(body.count) bytes of data for shape \(header.shape) of \(header.type.npyDescription!), which needs \(bytes)")
    }
    return FileTensor(elementType: header.type, shape: header.shape, data: ordered(body.prefix(bytes), header))
  }

  private static func header(_ bytes: Data, version: UInt8, _ url: URL) throws -> NpyHeader {
    // Version 3 is UTF-8, the others Latin-1.
    guard let text = String(data: bytes, encoding: version == 3 ? .utf8 : .isoLatin1) else {
      throw TensorFileError(url, "header is not UTF-8")
    }
    do {
      return try NpyHeader(parsing: text, allowsLong: version < 3)
    } catch let problem as PythonLiteral.Problem {
      throw TensorFileError(url, "header \(problem.text)")
    }
  }

  /// The elements little-endian and row-major.
  private static func ordered(_ body: Data, _ header: NpyHeader) -> Data {
    let transposes = header.isFortran && header.shape.count > 1
    guard header.isBigEndian || transposes else { return body }
    let size = header.type.size
    let source = [UInt8](body)
    // Of each axis, the distance in elements of neighbours in the file.
    var strides = [Int](repeating: 1, count: header.shape.count)
    for axis in strides.indices.dropFirst() { strides[axis] = strides[axis - 1] * header.shape[axis - 1] }
    var index = [Int](repeating: 0, count: header.shape.count)
    var result = [UInt8]()
    result.reserveCapacity(source.count)
    var element = 0
    for number in 0..<source.count / size {
      let first = (transposes ? element : number) * size
      for byte in 0..<size { result.append(source[first + (header.isBigEndian ? size - 1 - byte : byte)]) }
      // the next element in row-major order: the last axis moves first
      for axis in index.indices.reversed() where transposes {
        index[axis] += 1
        element += strides[axis]
        if index[axis] < header.shape[axis] { break }
        element -= strides[axis] * header.shape[axis]
        index[axis] = 0
      }
    }
    return Data(result)
  }
}
