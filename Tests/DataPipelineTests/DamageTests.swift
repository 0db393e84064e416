import CZlib
import DataPipeline
import Foundation
import Kernels
import TestSupport
import Testing

/// Whatever cost pixels is an error, and what cost none is read.
@Suite struct DamageTests {
  private func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Fixtures.url("decoding/" + name)))
  }

  private func failure(_ bytes: some Sequence<UInt8>) -> String {
    do {
      let image = try ImageDecoder().decode(Array(bytes), name: "a")
      return "no error: \(image.height)×\(image.width)"
    } catch {
      return "\(error)"
    }
  }

  private func isSame(_ bytes: some Sequence<UInt8>, as name: String) throws -> Bool {
    try ImageDecoder().decode(Array(bytes), name: "a") == ImageDecoder().decode(Fixtures.url("decoding/" + name))
  }

  // JPEG

  private static let jpegs = ["rgb.jpg", "rgb-420-progressive.jpg", "restarts.jpg", "restarts-progressive.jpg", "cmyk.jpg"]
  private let endMark: [UInt8] = [0xff, 0xd9]

  /// Places of a marker, outside of what segments hold.
  private func places(of wanted: ClosedRange<UInt8>, in file: [UInt8]) -> [Int] {
    var found: [Int] = []
    var place = 2
    while place + 1 < file.count {
      guard file[place] == 0xff, file[place + 1] != 0, file[place + 1] != 0xff else {
        place += 1
        continue
      }
      if wanted.contains(file[place + 1]) { found.append(place) }
      let isBare = (0xd0...0xd9).contains(file[place + 1])
      place += 2 + (isBare ? 0 : Int(file[place + 2]) << 8 | Int(file[place + 3]))
    }
    return found
  }

  private func startOfScan(_ file: [UInt8]) -> Int {
    let mark = places(of: 0xda...0xda, in: file)[0]
    return mark + 2 + (Int(file[mark + 2]) << 8 | Int(file[mark + 3]))
  }

  @Test(arguments: jpegs) func aCutThatIsMendedByAnEndMarkIsSeen(name: String) throws {
    let whole = try bytes(name)
    for length in stride(from: 2, to: whole.count - 2, by: 3) {
      #expect(failure(whole[..<length] + endMark).hasPrefix("a: "), "\(length) bytes of \(whole.count)")
    }
    #expect(failure(whole.dropLast(2)).contains("the end mark is missing"))
  }

  /// Oddities that cameras and editors write: the picture is read, and cut in half it is refused.
  @Test(arguments: jpegs) func harmlessWarningsHideNoCut(name: String) throws {
    let whole = try bytes(name)
    let start = startOfScan(whole)
    let (scan, end) = (places(of: 0xda...0xda, in: whole)[0], whole.count - 2)
    var odd: [String: [UInt8]] = [:]
    if let jfif = (0..<64).first(where: { whole[$0...].starts(with: Array("JFIF\0".utf8)) }) {
      odd["JFIF 2"] = whole
      odd["JFIF 2"]![jfif + 5] = 2
    }
    odd["profile"] = whole[..<2] + [0xff, 0xe2, 0, 16] + Array("ICC_PROFILE\0".utf8) + [9, 1] + whole[2...]
    odd["bytes between segments"] = whole[..<scan] + Array("junk".utf8) + whole[scan...]
    if !name.contains("progressive") {
      odd["Se is 0"] = whole
      odd["Se is 0"]![start - 2] = 0
    }
    for (what, file) in odd {
      #expect(try isSame(file, as: name), "\(what)")
      let half = file.count - (whole.count - start) / 2
      #expect(failure(file[..<half]).contains("damaged or cut off"), "\(what)")
      #expect(failure(file[..<half] + endMark).hasPrefix("a: "), "\(what)")
    }
    #expect(try isSame(whole + Array("something behind it".utf8), as: name))
    #expect(try isSame(whole[..<end] + [0, 0, 0, 0, 0, 0, 0, 0, 0] + endMark, as: name))
    #expect(try isSame(whole[..<end] + [0xff, 0xff, 0xff] + endMark, as: name))
    #expect(failure(whole[..<end] + leftOver(40) + endMark).contains("extraneous bytes"))
  }

  @Test(arguments: ["restarts.jpg", "restarts-progressive.jpg"]) func whatIsLostBetweenRestartMarksIsSeen(name: String) throws {
    let whole = try bytes(name)
    let marks = places(of: 0xd0...0xd7, in: whole)
    try #require(marks.count >= 4)
    for (mark, next) in zip(marks, marks.dropFirst()) {
      #expect(failure(whole[..<mark] + whole[next...]).hasPrefix("a: "), "a part is gone, mark at \(mark)")
      var wrong = whole
      wrong[mark + 1] = 0xd0 + (wrong[mark + 1] - 0xd0 + 1) % 8
      #expect(failure(wrong).hasPrefix("a: "), "another number, mark at \(mark)")
      // Within one part there may be several scans between two marks, so only close ones are emptied.
      if next - mark > 4, places(of: 0xda...0xda, in: whole).allSatisfy({ !(mark...next).contains($0) }) {
        #expect(failure(whole[...(mark + 1)] + whole[next...]).hasPrefix("a: "), "no data, mark at \(mark)")
        #expect(failure(whole[..<next] + leftOver(20) + whole[next...]).hasPrefix("a: "), "too much data at \(next)")
      }
    }
  }

  private func leftOver(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(1 + $0) } }

  @Test(arguments: ["rgb-420-progressive.jpg", "l-progressive.jpg"]) func everyScanIsNeeded(name: String) throws {
    let whole = try bytes(name)
    // A scan's tables stand before it: from the end of one scan to the end of the next.
    let marks = places(of: 0xda...0xda, in: whole)
    let ends = marks.map { mark in places(of: 0xc0...0xfe, in: whole).first { $0 > mark && !(0xd0...0xd7).contains(whole[$0 + 1]) }! }
    for (end, next) in zip(ends, ends.dropFirst()) {
      #expect(failure(whole[..<end] + endMark).contains("the last scans are missing"))
      #expect(failure(whole[..<end] + whole[next...]).hasPrefix("a: "))
    }
  }

  @Test func aComponentWithoutAScanIsMissed() throws {
    var file = try bytes("rgb.jpg")
    let scan = places(of: 0xda...0xda, in: file)[0]
    let header: [UInt8] = [0xff, 0xda, 0, 8, 1, file[scan + 5], file[scan + 6], 0, 63, 0]
    file.replaceSubrange(scan..<startOfScan(file), with: header)
    #expect(failure(file).contains("2 colour components are missing"))
  }

  @Test func otherKindsOfJPEGAreNotCalledDamaged() throws {
    let whole = try bytes("rgb.jpg")
    let frame = places(of: 0xc0...0xc0, in: whole)[0]
    var twelveBits = whole
    twelveBits[frame + 4] = 12
    #expect(failure(twelveBits).contains("is a kind of JPEG that is not read: Unsupported JPEG data precision 12"))
    for process: UInt8 in [0xc3, 0xc5, 0xcb] {
      var other = whole
      other[frame + 1] = process
      #expect(failure(other).contains("is a kind of JPEG that is not read"))
      #expect(failure(other).contains("convert it to baseline or progressive JPEG"))
    }
  }

  // PNG

  private struct Chunk {
    let type: String
    let data: Range<Int>
  }

  private func chunks(_ file: [UInt8]) -> [Chunk] {
    var chunks: [Chunk] = []
    var place = 8
    while place < file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      chunks.append(
        Chunk(type: String(decoding: file[(place + 4)..<(place + 8)], as: UTF8.self), data: place + 8..<place + 8 + length))
      place += 12 + length
    }
    return chunks
  }

  private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    let sum = UInt32(crc32(0, body, UInt32(body.count)))
    func four(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) } }
    return four(UInt32(data.count)) + body + four(sum)
  }

  /// The file with its picture data as one chunk of what becomes of them, checksums right.
  private func png(_ file: [UInt8], _ change: ([UInt8]) -> some Sequence<UInt8>) -> [UInt8] {
    let all = chunks(file)
    let old = all.filter { $0.type == "IDAT" }.flatMap { file[$0.data] }
    let first = all.first { $0.type == "IDAT" }!.data.lowerBound - 8
    return file[..<first] + chunk("IDAT", Array(change(old))) + chunk("IEND", [])
  }

  private static let pngs = [
    "rgb-8.png", "rgb-alpha-16-interlaced.png", "palette-4-key.png", "grey-1-interlaced.png", "grey-16-gamma.png",
  ]

  @Test(arguments: pngs) func everyChecksumOfAPNGIsCompared(name: String) throws {
    let whole = try bytes(name)
    let noted = whole[..<33] + chunk("tEXt", Array("a\0b".utf8)) + whole[33...]
    #expect(try isSame(noted, as: name))
    for chunk in chunks(Array(noted)) {
      var wrong = Array(noted)
      wrong[chunk.data.upperBound] ^= 1
      #expect(failure(wrong).contains("CRC error"), "\(chunk.type)")
    }
    #expect(failure(png(whole) { $0.dropLast() + [$0.last! ^ 1] }).contains("incorrect data check"))
    #expect(failure(png(whole) { $0.dropLast(4) }).hasPrefix("a: "), "without zlib's checksum")
    #expect(failure(png(whole) { $0.prefix($0.count / 2) }).hasPrefix("a: "), "half of the data")
    #expect(failure(whole.dropLast(12)).contains("ends before its end mark"))
  }

  @Test(arguments: pngs) func whatCostsNoPixelIsRead(name: String) throws {
    let whole = try bytes(name)
    #expect(try isSame(whole + Array("something behind it".utf8), as: name))
    #expect(try isSame(png(whole) { $0 + Array("more than needed".utf8) }, as: name))
    #expect(try isSame(whole[..<33] + chunk("iCCP", Array("x\0\0no profile".utf8)) + whole[33...], as: name))
    #expect(try isSame(whole[..<33] + chunk("gAMA", [0, 0, 0x10, 0]) + whole[33...], as: name))
    #expect(failure(whole[..<33] + chunk("ABCD", []) + whole[33...]).hasPrefix("a: "), "a critical chunk nobody knows")
  }

  @Test func aColourThatThePaletteLacksIsBlack() throws {
    let whole = try bytes("palette-4.png")
    let palette = chunks(whole).first { $0.type == "PLTE" }!.data
    let short = whole[..<(palette.lowerBound - 8)] + chunk("PLTE", [1, 2, 3]) + whole[(palette.upperBound + 4)...]
    let image = try ImageDecoder().decode(Array(short), name: "a")
    let colours = Set(stride(from: 0, to: image.pixels.count, by: 3).map { Array(image.pixels[$0..<$0 + 3]) })
    #expect(colours == [[0, 0, 0], [1, 2, 3]])
  }
}
