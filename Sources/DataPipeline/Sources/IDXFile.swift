import Foundation

/// An array of unsigned bytes in the IDX format of MNIST: a magic number 00 00 08 D (08: unsigned bytes; D: the number
/// of dimensions), D sizes as big-endian 32-bit numbers, then the bytes. Source: LeCun, Cortes, Burges, "The MNIST
/// database of handwritten digits", section "File formats".
struct IDXFile {
  let path: String
  let dimensions: [Int]
  /// Where the elements start in ``bytes``.
  let start: Int
  let bytes: [UInt8]

  /// Reads a file, .gz or plain, and checks that its length is what its header says.
  init(_ file: URL, dimensions wanted: Int, of what: String) throws {
    let path = file.relativePath
    self.path = path
    bytes = try Archive.contents(of: file)
    start = 4 + 4 * wanted
    guard bytes.count >= 4 else {
      throw DataError(path, "\(bytes.count) bytes are too few for the magic number of an IDX file")
    }
    let expected = [0, 0, 8, UInt8(wanted)]
    guard Array(bytes[0..<4]) == expected else {
      throw DataError(
        path, "magic number is \(Self.hex(bytes[0..<4])), not \(Self.hex(expected[...])) (\(what))",
        remedy: Self.remedy(magic: bytes[0..<4], wanted: wanted))
    }
    guard bytes.count >= start else {
      throw DataError(path, "truncated: the header has \(start) bytes, the file \(bytes.count)")
    }
    var dimensions: [Int] = []
    var count = 1
    for axis in 0..<wanted {
      let size = bytes[4 + 4 * axis..<8 + 4 * axis].reduce(0) { $0 << 8 | Int($1) }
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size > 0, !overflow, product < 1 << 48 else {
        throw DataError(path, "size \(axis + 1) of \(wanted) is \(size), which cannot be")
      }
      dimensions.append(size)
      count = product
    }
    self.dimensions = dimensions
    guard bytes.count == start + count else {
      let sizes = dimensions.map(String.init).joined(separator: "×")
      let has = bytes.count - start
      throw DataError(
        path, "\(has < count ? "truncated" : "too long"): the header says \(sizes) = \(count) bytes, \(has) follow it",
        remedy: "is the file complete?")
    }
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
    "0x" + bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }.joined()
  }

  private static func remedy(magic: ArraySlice<UInt8>, wanted: Int) -> String {
    switch (Array(magic), wanted) {
    case ([0, 0, 8, 1], 3): "this is a file of labels; are the two exchanged?"
    case ([0, 0, 8, 3], 1): "this is a file of images; are the two exchanged?"
    case let (magic, wanted) where magic[0] == 0 && magic[1] == 0 && magic[2] != 8 && magic[3] == wanted:
      "its elements are of another type; only unsigned bytes (08) are read"
    default: ""
    }
  }
}
