/// How a camera was held: tag 0x0112 of EXIF 2.32, in a JPEG's APP1 segment or a PNG's eXIf chunk.
enum ExifOrientation {
  /// 1…8; 1 (upright) where there is no orientation or it makes no sense.
  static func find(in file: [UInt8]) -> Int {
    let place = file.starts(with: [0xff, 0xd8]) ? inJPEG(file) : inPNG(file)
    return place.flatMap { orientation(in: file[$0]) } ?? 1
  }

  /// The segments of a JPEG up to its first scan: 0xff, a marker, two bytes of length (themselves included).
  private static func inJPEG(_ file: [UInt8]) -> Range<Int>? {
    let name = Array("Exif\0\0".utf8)
    var place = 2
    while place + 4 <= file.count, file[place] == 0xff {
      let marker = file[place + 1]
      if marker == 0xff {
        place += 1
        continue
      }
      if marker == 0xda || marker == 0xd9 { return nil }
      let end = place + 2 + (Int(file[place + 2]) << 8 | Int(file[place + 3]))
      guard end >= place + 4, end <= file.count else { return nil }
      if marker == 0xe1, file[(place + 4)..<end].starts(with: name) { return (place + 4 + name.count)..<end }
      place = end
    }
    return nil
  }

  /// The chunks of a PNG: four bytes of length, four of type, the data, four of checksum.
  private static func inPNG(_ file: [UInt8]) -> Range<Int>? {
    var place = 8
    while place + 12 <= file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - place - 12 else { return nil }
      let data = (place + 8)..<(place + 8 + length)
      if file[(place + 4)..<(place + 8)].elementsEqual("eXIf".utf8) { return data }
      place = data.upperBound + 4
    }
    return nil
  }

  /// The first directory of a TIFF structure: a count, then entries of tag, type, number and value.
  private static func orientation(in tiff: ArraySlice<UInt8>) -> Int? {
    let bytes = Array(tiff)
    guard bytes.count >= 8 else { return nil }
    let little = bytes[0] == 0x49
    func number(_ place: Int, _ length: Int) -> Int? {
      guard place >= 0, place <= bytes.count - length else { return nil }
      let part = bytes[place..<place + length]
      return little ? part.reversed().reduce(0) { $0 << 8 | Int($1) } : part.reduce(0) { $0 << 8 | Int($1) }
    }
    guard bytes[0] == bytes[1], little || bytes[0] == 0x4d, number(2, 2) == 42, let directory = number(4, 4),
      let count = number(directory, 2)
    else { return nil }
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry
      guard let tag = number(place, 2) else { return nil }
      if tag == 0x0112, number(place + 2, 2) == 3, let value = number(place + 8, 2) {
        return (1...8).contains(value) ? value : nil
      }
    }
    return nil
  }
}
