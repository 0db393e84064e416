import DataPipeline
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

/// `Fixtures/decoding`: every kind of PNG and JPEG beside the pixels that an independent decoder makes of it.
@Suite struct DecodingGridTests {
  private static let expected = try! SafeTensors.read(Fixtures.url("decoding/expected.safetensors"))

  @Test func everyFileOfTheFolderIsHeld() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Fixtures.url("decoding").path)
    let pictures = files.filter { $0.hasSuffix(".png") || $0.hasSuffix(".jpg") }
    #expect(pictures.sorted() == Self.expected.tensors.keys.sorted())
    #expect(pictures.count == 69)
  }

  @Test(arguments: expected.tensors.keys.sorted()) func pixelsAreThoseOfPillow(name: String) throws {
    let image = try ImageDecoder().decode(Fixtures.url("decoding/" + name))
    let expected = try #require(Self.expected.tensors[name])
    #expect([image.height, image.width, image.channels] == expected.shape)
    #expect(image.pixels.map(Int.init) == expected.integers!)
  }

  /// A JPEG decoded at a part of its size is the picture, smaller.
  @Test(arguments: ["restarts.jpg", "restarts-progressive.jpg"]) func partsOfTheSize(name: String) throws {
    var decoder = ImageDecoder()
    decoder.shorterSide = 4  // 33 × 47 is decoded at an eighth, 5 × 6
    let small = try decoder.decode(Fixtures.url("decoding/" + name))
    let full = try ImageDecoder().decode(Fixtures.url("decoding/" + name))
    let direct = try full.resized(height: small.height, width: small.width)
    let differences = zip(small.pixels, direct.pixels).map { abs(Int($0) - Int($1)) }
    #expect(differences.reduce(0, +) / differences.count < 24)
  }
}
