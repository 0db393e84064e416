import DataPipeline
import Foundation
import Kernels
import TestSupport
import Testing

/// EXIF's orientation in every form that Pillow's `exif_transpose` reads.
@Suite struct OrientationTests {
  private let plain: [UInt8]
  private let upright: Image

  init() throws {
    plain = [UInt8](try Data(contentsOf: Fixtures.url("decoding/rgb.jpg")))
    upright = try ImageDecoder().decode(plain, name: "plain")
  }

  /// A TIFF structure with one entry, its value behind the directory where it takes more than four bytes.
  private func tiff(
    type: UInt64, _ value: [UInt8], count: UInt64 = 1, little: Bool = true, tag: UInt64 = 0x112, before: [UInt8] = []
  ) -> [UInt8] {
    func number(_ value: UInt64, _ size: Int) -> [UInt8] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
      return little ? bytes : bytes.reversed()
    }
    let head: [UInt8] = little ? [0x49, 0x49, 42, 0] : [0x4d, 0x4d, 0, 42]
    let entries = UInt64(before.count / 12 + 1)
    var entry = number(tag, 2) + number(type, 2) + number(count, 4)
    let isFar = value.count > 4
    entry += isFar ? number(8 + 2 + 12 * entries + 4, 4) : value + [UInt8](repeating: 0, count: 4 - value.count)
    return head + number(8, 4) + number(entries, 2) + before + entry + [0, 0, 0, 0] + (isFar ? value : [])
  }

  private func segment(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return [0xff, 0xe1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
  }

  /// Which of the eight ways a JPEG with these segments is turned.
  private func orientation(_ segments: [UInt8]) throws -> Int? {
    let image = try ImageDecoder().decode(plain[..<2] + segments + plain[2...], name: "turned")
    return (1...8).first { upright.oriented($0) == image }
  }

  private func orientation(exif: [UInt8]) throws -> Int? { try orientation(segment("Exif\0\0", exif)) }

  @Test(arguments: [true, false]) func everyTypeOfNumber(little: Bool) throws {
    func value<T>(_ value: T) -> [UInt8] {
      let bytes = withUnsafeBytes(of: value) { Array($0) }
      return little ? bytes : bytes.reversed()
    }
    func found(_ type: UInt64, _ value: [UInt8], count: UInt64 = 1) throws -> Int? {
      try orientation(exif: tiff(type: type, value, count: count, little: little))
    }
    for number in 1...8 {
      #expect(try found(3, value(UInt16(number))) == number)
      #expect(try found(4, value(UInt32(number))) == number)
    }
    #expect(try found(6, value(Int8(6))) == 6)
    #expect(try found(8, value(Int16(6))) == 6)
    #expect(try found(9, value(Int32(6))) == 6)
    #expect(try found(13, value(UInt32(6))) == 6)
    #expect(try found(16, value(UInt64(6))) == 6)
    #expect(try found(5, value(UInt32(12)) + value(UInt32(2))) == 6)
    #expect(try found(10, value(Int32(-6)) + value(Int32(-1))) == 6)
    #expect(try found(11, value(Float(6))) == 6)
    #expect(try found(12, value(Double(6))) == 6)
    #expect(try found(3, value(UInt16(6)) + value(UInt16(3)), count: 2) == 6)
    #expect(try found(4, value(UInt32(6)) + value(UInt32(3)), count: 2) == 6)
    // no numbers, none of the eight
    for type: UInt64 in [1, 2, 7] { #expect(try found(type, [6]) == 1) }
    for number: UInt16 in [0, 9, 65535] { #expect(try found(3, value(number)) == 1) }
    #expect(try found(9, value(Int32(-6))) == 1)
    #expect(try found(11, value(Float(6.5))) == 1)
    #expect(try found(5, value(UInt32(6)) + value(UInt32(0))) == 1)
    #expect(try found(3, value(UInt16(6)), count: 0) == 1)
    #expect(try found(99, value(UInt16(6))) == 1)
  }

  @Test func directoriesThatAreNotWhole() throws {
    let good = tiff(type: 3, [6, 0])
    for length in 0..<22 { #expect(try orientation(exif: Array(good[..<length])) == 1) }
    for length in 22...good.count { #expect(try orientation(exif: Array(good[..<length])) == 6) }
    let maker: [UInt8] = [0x0f, 1, 2, 0, 3, 0, 0, 0, 0x61, 0x62, 0, 0]
    #expect(try orientation(exif: tiff(type: 3, [6, 0], before: maker)) == 6)
    let unknownType: [UInt8] = [0x0f, 1, 99, 0, 9, 0, 0, 0, 255, 255, 255, 0]
    #expect(try orientation(exif: tiff(type: 3, [6, 0], before: unknownType)) == 6)
    let tooLong: [UInt8] = [0x0f, 1, 2, 0, 0, 0, 0, 0x80, 8, 0, 0, 0]
    #expect(try orientation(exif: tiff(type: 3, [6, 0], before: tooLong)) == 6)
    let first: [UInt8] = [0x12, 1, 3, 0, 1, 0, 0, 0, 3, 0, 0, 0]
    #expect(try orientation(exif: tiff(type: 3, [6, 0], before: first)) == 3)
    #expect(try orientation(exif: tiff(type: 3, [6, 0], tag: 0x113)) == 1)
    #expect(try orientation(exif: Array("II*\0\u{ff}\u{ff}\u{ff}\u{7f}".unicodeScalars.map { UInt8($0.value) })) == 1)
  }

  @Test func severalSegmentsAndXMP() throws {
    let (six, three) = (tiff(type: 3, [6, 0]), tiff(type: 3, [3, 0]))
    func exif(_ data: [UInt8]) -> [UInt8] { segment("Exif\0\0", data) }
    func xmp(_ text: String) -> [UInt8] { segment("http://ns.adobe.com/xap/1.0/\0", Array(text.utf8)) }
    #expect(try orientation(exif(six) + exif(three)) == 6)
    #expect(try orientation(exif(Array(six[..<12])) + exif(Array(six[12...]))) == 6)
    #expect(try orientation(exif(Array("Exif\0\0".utf8) + six)) == 6)
    #expect(try orientation(segment("hello", []) + [0xff, 0xff] + exif(six)) == 6)
    #expect(try orientation(xmp("<a tiff:Orientation=\"8\"/>") + exif(six)) == 6)
    #expect(try orientation(xmp("<a tiff:Orientation=\"8\"/>")) == 8)
    #expect(try orientation(xmp("<tiff:Orientation>5</tiff:Orientation>")) == 5)
    #expect(try orientation(exif(tiff(type: 3, [1, 0])) + xmp("<a tiff:Orientation=\"8\"/>")) == 1)
    #expect(try orientation(exif(tiff(type: 3, [6, 0], tag: 0x100)) + xmp("<a tiff:Orientation=\"8\"/>")) == 8)
    #expect(try orientation(xmp("<a tiff:Orientation=\"9\"/>")) == 1)
  }
}
