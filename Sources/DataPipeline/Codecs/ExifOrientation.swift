import Foundation

/// How a camera was held, found as Pillow's `ImageOps.exif_transpose` finds it: tag 0x0112 of EXIF 2.32, in a JPEG's
/// APP1 segments or a PNG's eXIf chunk; where EXIF lacks the tag, `tiff:Orientation` of XMP.
enum ExifOrientation {
  /// 1…8; 1 (upright) where there is no orientation or it makes no sense.
  static func find(in file: [UInt8]) -> Int {
    let notes = file.starts(with: [0xff, 0xd8]) ? inJPEG(file) : inPNG(file)
    var exif = notes.exif[...]
    for _ in 0..<2 where exif.starts(with: exifName) { exif = exif.dropFirst(exifName.count) }  // some write it twice
    let value = TIFFDirectory(Array(exif))?.number(tag: 0x0112) ?? inXMP(notes.xmp) ?? 1
    return Int(exactly: value).flatMap { (1...8).contains($0) ? $0 : nil } ?? 1
  }

  private typealias Notes = (exif: [UInt8], xmp: [UInt8])

  private static let exifName = Array("Exif\0\0".utf8)

  /// EXIF too long for one segment goes on in the next; of XMP the last counts.
  private static func inJPEG(_ file: [UInt8]) -> Notes {
    let xmpName = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
    var notes: Notes = ([], [])
    for segment in JPEGMarkers(file).header where segment.marker == 0xe1 {
      let data = file[segment.data]
      if data.starts(with: exifName) { notes.exif += data.dropFirst(exifName.count) }
      if data.starts(with: xmpName) { notes.xmp = Array(data.dropFirst(xmpName.count)) }
    }
    return notes
  }

  /// EXIF has a chunk of its own; before there was one, ImageMagick and others wrote it as text of hexadecimal digits.
  private static func inPNG(_ file: [UInt8]) -> Notes {
    var notes: Notes = ([], [])
    var profile: [UInt8] = []
    for (type, data) in PNGChunks(file) {
      if type == "eXIf" { notes.exif = Array(data) }
      guard let (keyword, text) = PNGChunks.text(type, data) else { continue }
      switch keyword {
      case "XML:com.adobe.xmp": notes.xmp = text
      case "Raw profile type exif": profile = hexadecimal(text.split(separator: 0x0a, omittingEmptySubsequences: false).dropFirst(3))
      default: break
      }
    }
    if notes.exif.isEmpty { notes.exif = profile }
    return notes
  }

  private static func hexadecimal(_ lines: some Sequence<ArraySlice<UInt8>>) -> [UInt8] {
    let digits = lines.joined().compactMap { Character(UnicodeScalar($0)).hexDigitValue }
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  /// The digit of `tiff:Orientation="6"` or `<tiff:Orientation>6<`.
  private static func inXMP(_ text: [UInt8]) -> Double? {
    guard !text.isEmpty else { return nil }
    let match = String(decoding: text, as: UTF8.self).firstMatch(of: #/tiff:Orientation(?:="|>)([0-9])/#)
    return match.flatMap { Double(String($0.1)) }
  }
}

/// The first directory of a TIFF structure: a count, then entries of tag, type, number and value. A structure that is cut
/// off has the entries before the cut.
private struct TIFFDirectory {
  private let bytes: [UInt8]
  private let isLittle: Bool
  private let start: Int

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 8, bytes[0] == bytes[1], bytes[0] == 0x49 || bytes[0] == 0x4d else { return nil }
    guard Set(bytes[2...3]) == [0, 42] else { return nil }  // in either order
    isLittle = bytes[0] == 0x49
    self.bytes = bytes
    start = Int(Self.number(bytes[4..<8], isLittle: isLittle))
  }

  private static func number(_ part: ArraySlice<UInt8>, isLittle: Bool) -> UInt64 {
    isLittle ? part.reversed().reduce(0) { $0 << 8 | UInt64($1) } : part.reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func number(_ place: Int, _ length: Int) -> UInt64? {
    guard place >= 0, place <= bytes.count - length else { return nil }
    return Self.number(bytes[place..<place + length], isLittle: isLittle)
  }

  /// Bytes of a value of each type that there is.
  private static let sizes: [UInt64: Int] = [
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8,
  ]

  /// The first value under a tag, of any type of numbers; nil where there is none.
  func number(tag wanted: UInt64) -> Double? {
    guard let count = number(start, 2) else { return nil }
    var total = 0
    for entry in 0..<Int(count) {
      let place = start + 2 + 12 * entry
      guard place + 12 <= bytes.count, let tag = number(place, 2), let type = number(place + 2, 2),
        let repeats = number(place + 4, 4)
      else { return nil }
      guard let size = Self.sizes[type] else { continue }
      let length = size * Int(repeats)
      var value = place + 8
      if length > 4 {  // the value lies elsewhere
        total += length
        guard total <= bytes.count else { continue }
        value = Int(number(place + 8, 4)!)
        guard value + length <= bytes.count else { return nil }
      }
      if tag == wanted, length > 0 { return number(at: value, type: type) }
    }
    return nil
  }

  private func number(at place: Int, type: UInt64) -> Double? {
    func signed<T: FixedWidthInteger & SignedInteger>(_ place: Int, _: T.Type) -> Double? {
      number(place, MemoryLayout<T>.size).map { Double(T(truncatingIfNeeded: $0)) }
    }
    switch type {
    case 3: return number(place, 2).map { Double($0) }
    case 4, 13: return number(place, 4).map { Double($0) }
    case 16: return number(place, 8).map { Double($0) }
    case 6: return signed(place, Int8.self)
    case 8: return signed(place, Int16.self)
    case 9: return signed(place, Int32.self)
    case 11: return number(place, 4).map { Double(Float(bitPattern: UInt32($0))) }
    case 12: return number(place, 8).map { Double(bitPattern: $0) }
    case 5:
      guard let above = number(place, 4), let below = number(place + 4, 4), below > 0 else { return nil }
      return Double(above) / Double(below)
    case 10:
      guard let above = signed(place, Int32.self), let below = signed(place + 4, Int32.self), below != 0 else {
        return nil
      }
      return above / below
    default: return 0  // text and plain bytes are no orientation, and yet the tag is there
    }
  }
}
