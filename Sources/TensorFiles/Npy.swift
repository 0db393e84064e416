import Foundation

/// numpy's `.npy` format, versions 1 to 3: one array, row-major, little-endian.
public enum Npy {
  private static let magic = Data([0x93]) + Data("NUMPY".utf8)

  /// Reads one array.
  ///
  /// Throws ``TensorFileError``: not an npy file, an element type not supported, column-major order,
  /// more or fewer bytes than the shape needs.
  public static func read(_ url: URL) throws -> FileTensor {
    let file: Data
    do {
      file = try Data(contentsOf: url, options: .mappedIfSafe)
    } catch {
      throw TensorFileError(url, "cannot read it: \(error.localizedDescription)")
    }
    return try decode(file, url)
  }

  /// Writes one array atomically, as version 1 (2 if the header is very long).
  public static func write(_ tensor: FileTensor, to url: URL) throws {
    try AtomicFile.write([header(of: tensor), tensor.data], to: url)
  }

  static func header(of tensor: FileTensor) -> Data {
    let extents = tensor.shape.map(String.init).joined(separator: ", ")
    let tuple = tensor.shape.count == 1 ? "(\(extents),)" : "(\(extents))"
    let dictionary =
      "{'descr': '\(tensor.elementType.npyDescription)', 'fortran_order': False, 'shape': \(tuple), }"
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
    guard file.starts(with: magic), file.count >= 10 else {
      throw TensorFileError(url, "does not begin as an npy file does")
    }
    let version = file[file.startIndex + 6]
    guard (1...3).contains(version) else {
      throw TensorFileError(url, "npy version \(version) is not known (1 to 3 are)")
    }
    let prefix = version == 1 ? 10 : 12
    var length = 0
    for byte in file.prefix(prefix).dropFirst(8).reversed() { length = length << 8 | Int(byte) }
    guard file.count >= prefix + length else { throw TensorFileError(url, "truncated within the header") }
    let start = file.startIndex + prefix
    let dictionary = String(decoding: file[start..<start + length], as: UTF8.self)
    let (type, shape) = try parse(dictionary, url)
    let body = file[(start + length)...]
    var bytes = type.size
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw TensorFileError(url, "impossible shape \(shape)") }
      bytes = product
    }
    guard body.count == bytes else {
      throw TensorFileError(
        url, "\(body.count) bytes of data for shape \(shape) of \(type.npyDescription), which needs \(bytes)")
    }
    return FileTensor(elementType: type, shape: shape, data: body)
  }

  /// The header is a Python dictionary of three known keys.
  private static func parse(_ dictionary: String, _ url: URL) throws -> (ElementType, [Int]) {
    let description = #/'descr'\s*:\s*'([^']*)'/#
    let order = #/'fortran_order'\s*:\s*(True|False)/#
    let shape = #/'shape'\s*:\s*\(([0-9, ]*)\)/#
    guard let descr = dictionary.firstMatch(of: description)?.1,
      let fortran = dictionary.firstMatch(of: order)?.1,
      let extents = dictionary.firstMatch(of: shape)?.1
    else { throw TensorFileError(url, "header lacks descr, fortran_order or shape: \(dictionary.prefix(120))") }
    guard let type = ElementType(npyDescription: String(descr)) else {
      let known = ElementType.allCases.map(\.npyDescription).joined(separator: ", ")
      throw TensorFileError(url, "element type '\(descr)' is not supported (\(known) are)")
    }
    let numbers = extents.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
    let values = numbers.compactMap { Int($0) }
    guard values.count == numbers.count else { throw TensorFileError(url, "shape (\(extents)) is not whole numbers") }
    guard fortran == "False" || values.count < 2 else {
      throw TensorFileError(url, "column-major (fortran_order) arrays are not read; save it with order='C'")
    }
    return (type, values)
  }
}
