import Foundation
import Kernels
import TestSupport
import Testing

/// RandAugment's operations: Pillow's bytes, and laws.
@Suite(.serialized) struct ImageOperationTests {
  private static let kinds = [
    "shear_x", "shear_y", "translate_x", "translate_y", "rotate", "auto_contrast", "invert", "equalize", "solarize",
    "posterize", "adjust_contrast", "adjust_saturation", "adjust_brightness", "sharpness", "cutout",
  ]

  @Test(arguments: try! kinds.flatMap { try GoldenCase.names(prefix: $0) })
  func goldenCase(name: String) throws {
    let golden = try GoldenCase(name)
    let extents = golden.file("in.image").shape
    let image = Image(
      height: extents[0], width: extents[1], channels: extents[2], pixels: golden.bytes("in.image"))
    let result = image.applying(try operation(golden))
    #expect(result.pixels.map(Double.init) == golden.doubles("out.image"))
  }

  @Test func eachOfTheFifteenHasCases() throws {
    for kind in Self.kinds { #expect(try GoldenCase.names(prefix: kind).count >= 5, "\(kind)") }
  }

  private func operation(_ golden: GoldenCase) throws -> Image.Operation {
    func number(_ name: String) throws -> Double { try #require(golden.number(name), "\(golden.name): \(name)") }
    func integer(_ name: String) throws -> Int { try #require(golden.integer(name), "\(golden.name): \(name)") }
    switch golden.op {
    case "shear_x": return .shearX(try number("factor"))
    case "shear_y": return .shearY(try number("factor"))
    case "translate_x": return .translateX(pixels: try number("pixels"))
    case "translate_y": return .translateY(pixels: try number("pixels"))
    case "rotate": return .rotate(degrees: try number("degrees"))
    case "auto_contrast": return .autoContrast
    case "invert": return .invert
    case "equalize": return .equalize
    case "solarize": return .solarize(threshold: try number("threshold"))
    case "posterize": return .posterize(bits: try integer("bits"))
    case "adjust_contrast": return .contrast(Float(try number("factor")))
    case "adjust_saturation": return .colour(Float(try number("factor")))
    case "adjust_brightness": return .brightness(Float(try number("factor")))
    case "sharpness": return .sharpness(Float(try number("factor")))
    default:
      return .cutout(
        Image.Box(
          top: try integer("top"), left: try integer("left"), height: try integer("height"), width: try integer("width")))
    }
  }

  @Test(arguments: ImageTests.sizes, [1, 3]) func whatChangesNothing(size: (Int, Int), channels: Int) {
    let image = ImageTests.noise(size.0, size.1, channels: channels)
    let nothing: [Image.Operation] = [
      .shearX(0), .shearY(0), .translateX(pixels: 0), .translateY(pixels: 0), .rotate(degrees: 0),
      .rotate(degrees: 360), .solarize(threshold: 256), .posterize(bits: 8), .contrast(1), .colour(1), .brightness(1),
      .sharpness(1), .cutout(Image.Box(top: 0, left: 0, height: 0, width: 0)),
      .cutout(Image.Box(top: size.0, left: -9, height: 5, width: 9)),
    ]
    for operation in nothing { #expect(image.applying(operation) == image, "\(operation)") }
  }

  @Test(arguments: ImageTests.sizes, [1, 3]) func twiceIsOnceOrNothing(size: (Int, Int), channels: Int) {
    let image = ImageTests.noise(size.0, size.1, channels: channels)
    #expect(image.applying(.invert).applying(.invert) == image)
    #expect(image.applying(.solarize(threshold: 0)) == image.applying(.invert))
    #expect(image.applying(.posterize(bits: 3)).applying(.posterize(bits: 3)) == image.applying(.posterize(bits: 3)))
    #expect(image.applying(.rotate(degrees: 180)).applying(.rotate(degrees: 180)) == image)
  }

  @Test func aConstantPictureStays() {
    let image = Image(height: 6, width: 9, channels: 3, pixels: (0..<54).flatMap { _ in [200, 7, 90] as [UInt8] })
    for operation: Image.Operation in [.autoContrast, .equalize, .sharpness(1.9), .sharpness(0.1), .rotate(degrees: 180)] {
      #expect(image.applying(operation) == image, "\(operation)")
    }
  }

  @Test func quarterTurnsOfASquareAreExact() {
    let image = ImageTests.noise(7, 7, channels: 3)
    let turned = image.applying(.rotate(degrees: 90))
    for row in 0..<7 {
      for column in 0..<7 { #expect(turned[row, column, 1] == image[column, 6 - row, 1]) }
    }
    #expect((0..<3).reduce(turned) { turned, _ in turned.applying(.rotate(degrees: 90)) } == image)
  }

  @Test func whatMovesLeavesBlack() {
    let image = Image(height: 2, width: 4, channels: 1, pixels: [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(image.applying(.translateX(pixels: 1)).pixels == [2, 3, 4, 0, 6, 7, 8, 0])
    #expect(image.applying(.translateX(pixels: -2.4)).pixels == [0, 0, 1, 2, 0, 0, 5, 6])
    #expect(image.applying(.translateY(pixels: 1)).pixels == [5, 6, 7, 8, 0, 0, 0, 0])
    for far: Image.Operation in [.translateX(pixels: 4), .translateX(pixels: -1e9), .translateY(pixels: 1e12)] {
      #expect(image.applying(far).pixels.allSatisfy { $0 == 0 }, "\(far)")
    }
    #expect(image.applying(.shearX(2)).pixels == [2, 3, 4, 0, 8, 0, 0, 0])
    #expect(image.applying(.shearY(-0.5)).pixels == [1, 0, 0, 0, 5, 2, 3, 0])
  }

  @Test func autoContrastReachesFromEndToEnd() {
    let image = Image(height: 1, width: 4, channels: 3, pixels: [10, 90, 7, 30, 90, 8, 40, 90, 9, 20, 90, 10])
    // 255 / 30 · 10 = 85; one grey level has nothing to stretch.
    #expect(image.applying(.autoContrast).pixels == [0, 90, 0, 170, 90, 85, 255, 90, 170, 85, 90, 255])
  }

  @Test func equalizeMakesEven() {
    // Half of the pixels 10, a quarter each 20 and 30: their ranks in steps of 1/255 of what is below the largest.
    let pixels = (0..<2040).map { $0 < 1020 ? 10 : $0 < 1530 ? 20 : 30 } as [UInt8]
    let even = Image(height: 40, width: 51, channels: 1, pixels: pixels).applying(.equalize)
    #expect(Set(even.pixels) == [0, 170, 255])
    #expect(even.pixels[0] == 0 && even.pixels[1020] == 170 && even.pixels[1530] == 255)
  }

  @Test func aCutoutIsFilledAndCutOff() {
    let image = ImageTests.noise(5, 4, channels: 3)
    let cut = image.applying(.cutout(Image.Box(top: 3, left: -1, height: 9, width: 2)))
    for row in 0..<5 {
      for column in 0..<4 {
        let got = (0..<3).map { cut[row, column, $0] }
        #expect(got == (row >= 3 && column == 0 ? [125, 123, 114] : (0..<3).map { image[row, column, $0] }))
      }
    }
    let grey = ImageTests.noise(3, 3, channels: 1).applying(.cutout(Image.Box(top: 0, left: 0, height: 3, width: 3)))
    #expect(grey.pixels == [UInt8](repeating: 123, count: 9))
  }

  static let samples: [Image.Operation] = [
    .shearX(0.37), .shearY(-0.6), .translateX(pixels: 2.6), .translateY(pixels: -1.2), .rotate(degrees: 41),
    .autoContrast, .invert, .equalize, .solarize(threshold: 77.3), .posterize(bits: 4), .brightness(1.9), .sharpness(0.1),
    .sharpness(1.9),
  ]

  /// But for contrast and colour.
  @Test(arguments: ImageTests.sizes) func channelsAreGreyPictures(size: (Int, Int)) {
    let image = ImageTests.noise(size.0, size.1, channels: 3)
    for operation in Self.samples {
      let result = image.applying(operation)
      for channel in 0..<3 {
        let single = Image(
          height: size.0, width: size.1, channels: 1,
          pixels: stride(from: channel, to: image.pixels.count, by: 3).map { image.pixels[$0] })
        let got = stride(from: channel, to: result.pixels.count, by: 3).map { result.pixels[$0] }
        #expect(got == single.applying(operation).pixels, "\(operation), channel \(channel)")
      }
    }
  }

  @Test(arguments: [1, 3]) func aViewEndsWithThem(channels: Int) throws {
    let image = ImageTests.noise(30, 20, channels: channels)
    let statistics = [Float](repeating: 0, count: channels)
    let renderer = ViewRenderer(
      size: 14, interpolation: .bicubic, mean: statistics, deviation: statistics.map { _ in 1 / 255 })
    var view = ImageView(Image.Box(top: 2, left: 1, height: 25, width: 18))
    view.grey = channels == 3
    view.blur = 0.7
    view.operations = Self.samples + [.contrast(0.3), .colour(1.8), .cutout(Image.Box(top: 1, left: 8, height: 4, width: 6))]
    var expected = try image.resizedCrop(view.box, height: 14, width: 14, interpolation: .bicubic)
    if channels == 3 { expected = expected.greyscale() }
    expected = view.operations.reduce(expected.gaussianBlur(sigma: 0.7)) { $0.applying($1) }
    #expect(try renderer(view, of: image).values.map { UInt8($0.rounded()) } == expected.pixels)
  }
}
