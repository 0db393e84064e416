import CZlib

/// The chunks of a PNG file: four bytes of length, four of type, the data, four of checksum.
struct PNGChunks: Sequence, IteratorProtocol {
  private let file: [UInt8]
  private var place = 8

  init(_ file: [UInt8]) { self.file = file }

  mutating func next() -> (type: String, data: ArraySlice<UInt8>)? {
    guard place + 12 <= file.count else { return nil }
    let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
    guard length <= file.count - place - 12 else { return nil }
    let start = place + 8
    place = start + length + 4
    return (String(decoding: file[(start - 4)..<start], as: UTF8.self), file[start..<start + length])
  }

  /// The keyword and text of a tEXt, zTXt or iTXt chunk; nil for other chunks and for what cannot be decompressed.
  static func text(_ type: String, _ data: ArraySlice<UInt8>) -> (keyword: String, text: [UInt8])? {
    guard ["tEXt", "zTXt", "iTXt"].contains(type), let end = data.firstIndex(of: 0) else { return nil }
    let keyword = String(decoding: data[..<end], as: UTF8.self)
    var text = data[(end + 1)...]
    var isCompressed = type == "zTXt"
    if type == "iTXt" {
      guard text.count >= 2 else { return nil }
      isCompressed = text.first != 0
      text = text.dropFirst()
    }
    if type != "tEXt" { text = text.dropFirst() }  // the method; there is one
    if type == "iTXt" {
      for _ in 0..<2 {  // the language and the keyword in it
        guard let end = text.firstIndex(of: 0) else { return nil }
        text = text[(end + 1)...]
      }
    }
    guard isCompressed else { return (keyword, Array(text)) }
    return inflated(Array(text)).map { (keyword, $0) }
  }

  /// zlib data of up to a mebibyte.
  private static func inflated(_ bytes: [UInt8]) -> [UInt8]? {
    var result = [UInt8](repeating: 0, count: 1 << 20)
    var count = UInt(result.count)
    guard uncompress(&result, &count, bytes, UInt(bytes.count)) == Z_OK else { return nil }
    return Array(result.prefix(Int(count)))
  }
}
