import DataPipeline
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

/// `Fixtures/images` holds one small picture in every manner of file, and what each must come out as.
@Suite struct ImageDecoderTests {
  private static let expected = try! SafeTensors.read(Fixtures.url("images/decoded.safetensors"))
  private func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: Fixtures.url("images/" + name))) }

  @Test(arguments: expected.tensors.keys.sorted()) func everyMannerOfFile(name: String) throws {
    let image = try ImageDecoder().decode(Fixtures.url("images/" + name))
    let expected = try #require(Self.expected.tensors[name])
    #expect([image.height, image.width, image.channels] == expected.shape)
    let differences = zip(image.pixels, expected.integers!).map { abs(Int($0) - $1) }
    // JPEG decoders may differ by a rounding; PNG may not.
    #expect(differences.max()! <= (name.hasSuffix(".jpg") ? 3 : 0), "\(differences.max()!)")
  }

  @Test func greyOnDemand() throws {
    var decoder = ImageDecoder()
    decoder.channels = 1
    for name in ["rgb.png", "grey.png", "rgb.jpg", "grey.jpg", "cmyk.jpg"] {
      let colour = try ImageDecoder().decode(Fixtures.url("images/" + name))
      #expect(try decoder.decode(Fixtures.url("images/" + name)) == colour.singleChannel())
    }
  }

  @Test func orientationsAreEachOthersInverses() {
    let image = Image(height: 2, width: 3, channels: 1, pixels: [1, 2, 3, 4, 5, 6])
    for (orientation, inverse) in [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 8), (7, 7), (8, 6)] {
      #expect(image.oriented(orientation).oriented(inverse) == image)
    }
    #expect(image.oriented(6).pixels == [4, 1, 5, 2, 6, 3] && image.oriented(6).height == 3)
    #expect(image.oriented(0) == image && image.oriented(9) == image)
  }

  @Test func largePicturesAreShrunk() throws {
    var decoder = ImageDecoder()
    decoder.shorterSide = 4
    for name in ["rgb.png", "rgb.jpg", "turned-6.jpg"] {
      let full = try ImageDecoder().decode(Fixtures.url("images/" + name))
      let image = try decoder.decode(Fixtures.url("images/" + name))
      #expect([image.height, image.width].sorted() == [4, 6])
      #expect((image.height < image.width) == (full.height < full.width))
      let direct = try full.resized(height: image.height, width: image.width)
      let differences = zip(image.pixels, direct.pixels).map { abs(Int($0) - Int($1)) }
      #expect(differences.max()! <= 8, "\(name): \(differences.max()!)")
    }
    decoder.shorterSide = 16
    #expect(try decoder.decode(Fixtures.url("images/rgb.png")).height == 16)
  }

  // Bad input

  @Test func sizeIsLimitedBeforeMemoryIsTaken() {
    #expect { try ImageDecoder().decode(Fixtures.url("images/bomb.png")) } throws: { error in
      "\(error)".contains("bomb.png: is a picture of 60000×60000 pixels, more than the limit of 100000000")
        && "\(error)".contains("raise the limit (`max_pixels` of a folder, `--max-pixels` of `embed`)")
    }
    #expect(throws: DataError.self) { try ImageDecoder().check(Fixtures.url("images/bomb.png")) }
    var decoder = ImageDecoder()
    decoder.maximumPixels = 24 * 16 - 1
    #expect(throws: DataError.self) { try decoder.decode(Fixtures.url("images/rgb.jpg")) }
    decoder.maximumPixels = 24 * 16
    #expect(throws: Never.self) { try decoder.decode(Fixtures.url("images/rgb.jpg")) }
    decoder.maximumBytes = 100
    #expect(throws: DataError.self) { try decoder.decode(Fixtures.url("images/rgb.jpg")) }
  }

  @Test(arguments: ["rgb.png", "interlaced.png", "rgb.jpg", "progressive.jpg", "cmyk.jpg", "turned-3.jpg"])
  func everyCutIsAnError(name: String) throws {
    let whole = try bytes(name)
    for length in 0..<whole.count {
      let image = try? ImageDecoder().decode(Array(whole[..<length]), name: name)
      #expect(image == nil, "\(length) bytes of \(whole.count)")
    }
  }

  /// Any damage is an error or another picture, and never a crash.
  @Test(arguments: ["palette-transparent.png", "interlaced.png", "turned.png", "progressive.jpg", "turned-5.jpg"])
  func damageNeverCrashes(name: String) throws {
    var random = CounterRandom(seed: 3, .synthetic, name: name)
    let whole = try bytes(name)
    for _ in 0..<400 {
      var broken = whole
      for _ in 0...random.integer(below: 4) {
        broken[random.integer(below: broken.count)] = UInt8(random.integer(below: 256))
      }
      var decoder = ImageDecoder()
      decoder.maximumPixels = 1 << 16
      if let image = try? decoder.decode(broken, name: name) { #expect(image.count <= 1 << 16) }
    }
  }

  @Test func otherFormatsAreNamed() {
    let cases: [(String, String)] = [
      ("GIF89a.....", "is a GIF picture"), ("RIFF....WEBPVP8 ", "is a WebP picture"),
      ("BM....\0\0\0\0....(\0\0\0", "is a BMP picture"), ("....ftypheic", "is a HEIC picture"),
      ("....ftypavif", "is an AVIF picture"), ("P5 2 2 255 ....", "is a PNM picture"),
      ("hello", "is neither a PNG nor a JPEG picture"), ("", "is empty"),
    ]
    for (text, message) in cases {
      #expect {
        try ImageDecoder().decode(Array(text.utf8), name: "a.jpg")
      } throws: { "\($0)".contains("a.jpg: " + message) }
    }
    #expect {
      try ImageDecoder().decode(URL(filePath: "/nowhere/a.png"))
    } throws: { "\($0)".contains("/nowhere/a.png") }
  }
}
