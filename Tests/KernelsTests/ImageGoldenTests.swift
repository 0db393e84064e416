import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

/// Pictures against Pillow: not close, but the same bytes.
@Suite struct ImageGoldenTests {
  private static let operations = ["resized_crop", "adjust_", "grayscale", "gaussian_blur"]

  @Test(arguments: try! operations.flatMap { try GoldenCase.names(prefix: $0) })
  func goldenCase(name: String) throws {
    let golden = try GoldenCase(name)
    let input = golden.file("in.image").shape
    let image = Image(
      height: input[0], width: input[1], channels: input[2], pixels: golden.bytes("in.image"))
    let result = try apply(golden.op, golden.params, image)
    #expect(result.shape.extents == golden.file("out.image").shape)
    #expect(result.pixels.map(Double.init) == golden.doubles("out.image"))
  }

  @Test func awkwardSizesOfPillow() throws {
    let file = try SafeTensors.read(Fixtures.url("images/pillow.safetensors"))
    var cases = 0
    for (key, json) in file.metadata where key != "source" {
      let params = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
      let (input, output) = (try #require(file.tensors["\(key).in"]), try #require(file.tensors["\(key).out"]))
      let result = try apply(params["op"] as! String, params, image(input))
      #expect(result == image(output), "case \(key): \(json), picture \(input.shape)")
      cases += 1
    }
    #expect(cases == 48)
  }

  /// All 2²⁴ colours, the hue turned by two shifts: the hash of what Pillow 13.0 gives (HSV and back).
  /// FNV-1a over the picture's bytes in words of 64 bits.
  @Test(.serialized, arguments: [(0.07, 0xda94_243c_2814_adc3), (-0.3, 0xe3c7_4f70_09a4_cb33)] as [(Double, UInt64)])
  func hueOfEveryColour(turns: Double, expected: UInt64) {
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 << 24) { bytes, count in
      for colour in 0..<1 << 24 {
        bytes[3 * colour] = UInt8(truncatingIfNeeded: colour)
        bytes[3 * colour + 1] = UInt8(truncatingIfNeeded: colour >> 8)
        bytes[3 * colour + 2] = UInt8(truncatingIfNeeded: colour >> 16)
      }
      count = 3 << 24
    }
    let turned = Image(height: 4096, width: 4096, channels: 3, pixels: pixels).hue(turned: turns)
    let hash = turned.pixels.withUnsafeBytes { bytes in
      bytes.bindMemory(to: UInt64.self).reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
        ($0 ^ $1.littleEndian) &* 0x100_0000_01b3
      }
    }
    #expect(hash == expected)
  }

  private func image(_ file: FileTensor) -> Image {
    Image(
      height: file.shape[0], width: file.shape[1], channels: file.shape[2],
      pixels: file.integers!.map { UInt8($0) })
  }

  private func apply(_ op: String, _ params: [String: Any], _ image: Image) throws -> Image {
    func number(_ key: String) -> Double { (params[key] as! NSNumber).doubleValue }
    func integer(_ key: String) -> Int { (params[key] as! NSNumber).intValue }
    switch op {
    case "resized_crop":
      let box = Image.Box(
        top: integer("top"), left: integer("left"), height: integer("height"), width: integer("width"))
      let size = params["size"] == nil ? (integer("rows"), integer("columns")) : (integer("size"), integer("size"))
      return try image.resizedCrop(
        box, height: size.0, width: size.1,
        interpolation: Image.Interpolation(rawValue: params["interpolation"] as! String)!)
    case "adjust_brightness", "brightness": return image.brightness(Float(number("factor")))
    case "adjust_contrast", "contrast": return image.contrast(Float(number("factor")))
    case "adjust_saturation", "saturation": return image.saturation(Float(number("factor")))
    case "adjust_hue": return image.hue(turned: number("factor"))
    case "hue": return image.hue(turned: number("turns"))
    case "grayscale": return image.greyscale()
    case "gaussian_blur": return image.gaussianBlur(sigma: Float(number("radius")))
    case "blur": return image.gaussianBlur(sigma: Float(number("sigma")))
    default: fatalError("no operation \(op)")
    }
  }
}
