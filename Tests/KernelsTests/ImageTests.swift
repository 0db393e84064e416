import CKernels
import Kernels
import Testing

@Suite(.serialized) struct ImageTests {
  static func noise(_ height: Int, _ width: Int, channels: Int, seed: UInt64 = 1) -> Image {
    var random = CounterRandom(seed: seed, .synthetic, sample: height * 1000 + width)
    return Image(
      height: height, width: width, channels: channels,
      pixels: (0..<height * width * channels).map { _ in UInt8(random.integer(below: 256)) })
  }

  /// Heights and widths: single pixels, odd tails, longer than wide.
  static let sizes = [(1, 1), (1, 9), (7, 1), (5, 33), (31, 16), (64, 47)]

  @Test(arguments: sizes, [1, 3]) func identities(size: (Int, Int), channels: Int) throws {
    let image = Self.noise(size.0, size.1, channels: channels)
    #expect(try image.resized(height: size.0, width: size.1, interpolation: .bicubic) == image)
    #expect(image.flipped().flipped() == image)
    #expect(image.brightness(1) == image && image.contrast(1) == image && image.saturation(1) == image)
    #expect(image.gaussianBlur(sigma: 0) == image)
    #expect(image.brightness(0).pixels.allSatisfy { $0 == 0 })
    #expect(Set(image.contrast(0).pixels).count == 1)
    #expect(image.saturation(0) == image.greyscale() && image.greyscale().greyscale() == image.greyscale())
    #expect(image.singleChannel().colour() == image.greyscale().colour())
  }

  @Test(arguments: [1, 3]) func aConstantPictureStaysConstant(channels: Int) throws {
    let image = Image(
      height: 11, width: 6, channels: channels, pixels: [UInt8](repeating: 200, count: 66 * channels))
    for interpolation in Image.Interpolation.allCases {
      let larger = try image.resized(height: 40, width: 3, interpolation: interpolation)
      #expect(larger.pixels.allSatisfy { $0 == 200 })
    }
    #expect(image.gaussianBlur(sigma: 3).pixels.allSatisfy { $0 == 200 })
    #expect(image.contrast(0.3) == image)
  }

  @Test func greyPicturesHaveNoColourToChange() {
    let image = Self.noise(9, 8, channels: 1)
    #expect(image.saturation(0.2) == image && image.hue(turned: 0.4) == image && image.greyscale() == image)
  }

  /// Channels do not mix, and rows are resized together in groups of 4 or 16: each channel is a grey picture.
  @Test(arguments: Image.Interpolation.allCases) func aChannelIsResizedAsAGreyPicture(
    interpolation: Image.Interpolation
  ) throws {
    for (height, width) in [(1, 1), (3, 17), (4, 5), (16, 2), (17, 31), (35, 64)] {
      for (rows, columns) in [(1, 1), (5, 40), (height, 23), (23, width), (66, 66)] {
        let image = Self.noise(height, width, channels: 3)
        let result = try image.resized(height: rows, width: columns, interpolation: interpolation)
        for channel in 0..<3 {
          let single = Image(
            height: height, width: width, channels: 1,
            pixels: stride(from: channel, to: image.pixels.count, by: 3).map { image.pixels[$0] })
          let expected = try single.resized(height: rows, width: columns, interpolation: interpolation)
          let got = stride(from: channel, to: result.pixels.count, by: 3).map { result.pixels[$0] }
          #expect(got == expected.pixels, "\(height)×\(width) to \(rows)×\(columns), channel \(channel)")
        }
      }
    }
  }

  /// Mirrored before or after resizing, and box by box, it is the same view.
  @Test(arguments: [1, 3]) func aFlippedViewIsTheMirrorImage(channels: Int) throws {
    let image = Self.noise(37, 29, channels: channels)
    let statistics = [Float](repeating: 0, count: channels)
    let renderer = ViewRenderer(
      size: 21, interpolation: .bilinear, mean: statistics, deviation: statistics.map { _ in 1 / 255 })
    for (height, width) in [(37, 29), (21, 21), (21, 13), (9, 21), (1, 1)] {
      var view = ImageView(Image.Box(top: (37 - height) / 2, left: (29 - width) / 2, height: height, width: width))
      view.flip = true
      let expected = try image.resizedCrop(view.box, height: 21, width: 21).flipped()
      #expect(try renderer(view, of: image).values.map { UInt8($0.rounded()) } == expected.pixels)
    }
  }

  @Test func flippingMovesPixels() {
    let image = Image(height: 1, width: 3, channels: 3, pixels: [1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(image.flipped().pixels == [7, 8, 9, 4, 5, 6, 1, 2, 3])
  }

  @Test(arguments: sizes, [1, 3]) func everyInstructionSetGivesTheSameBytes(size: (Int, Int), channels: Int) throws {
    let image = Self.noise(size.0, size.1, channels: channels)
    let best = InstructionSet.current
    defer { InstructionSet.current = best }
    func all() throws -> [Image] {
      [
        try image.resized(height: 13, width: 29, interpolation: .bicubic),
        try image.resized(height: 3, width: 2, interpolation: .bilinear),
        image.brightness(1.37), image.contrast(0.61), image.saturation(1.9), image.hue(turned: -0.3),
        image.greyscale(), image.gaussianBlur(sigma: 0.4), image.gaussianBlur(sigma: 9),
      ]
    }
    InstructionSet.current = .portable
    let expected = try all()
    for level in InstructionSet.allCases where level <= best {
      InstructionSet.current = level
      #expect(try all() == expected)
    }
  }

  /// Workspaces and outputs are poisoned on both sides: what is written is what was asked for.
  @Test(arguments: sizes, [1, 3]) func nothingOutsideIsWritten(size: (Int, Int), channels: Int) {
    let image = Self.noise(size.0, size.1, channels: channels)
    let (P, guardBytes) = (17, 64)
    for filter in [CK_BILINEAR, CK_BICUBIC] {
      let bytes = ck_view_workspace(size.0, size.1, Int32(channels), P, filter, 1.5, 1)
      var workspace = [UInt64](repeating: 0xaaaa_aaaa_aaaa_aaaa, count: (bytes + 7) / 8 + 8)
      var output = [Float](repeating: -7, count: P * P * channels + guardBytes)
      var view = ck_view()
      view.box = ck_box(top: 0, left: 0, height: size.0, width: size.1)
      view.flip = 1
      view.adjustments = (3, 4, 2, 1)
      view.amounts = (0.7, 0.1, 1.3, 0.8)
      view.blur = 1.5
      let table = (0..<256 * channels).map(Float.init)
      let operations = [
        ck_operation(kind: 10, amount: 33, box: ck_box()), ck_operation(kind: 5, amount: 1.9, box: ck_box()),
        ck_operation(kind: 16, amount: 0, box: ck_box(top: -3, left: 9, height: 99, width: 99)),
        ck_operation(kind: 13, amount: 0, box: ck_box()), ck_operation(kind: 7, amount: -0.6, box: ck_box()),
      ]
      let status = operations.withUnsafeBufferPointer { operations in
        (view.operation_count, view.operations) = (Int32(operations.count), operations.baseAddress)
        return ck_view_render(
          &output, image.pixels, size.0, size.1, Int32(channels), &view, P, filter, table, &workspace)
      }
      #expect(status == CK_OK)
      #expect(output[(P * P * channels)...].allSatisfy { $0 == -7 })
      #expect(output[..<(P * P * channels)].allSatisfy { $0 >= 0 })
      let tail = workspace.withUnsafeBytes { Array($0[bytes...]) }
      #expect(tail.allSatisfy { $0 == 0xaa })
    }
  }

  @Test func aViewIsItsOperationsInOrder() throws {
    let image = Self.noise(40, 30, channels: 3)
    var view = ImageView(Image.Box(top: 4, left: 3, height: 21, width: 25))
    view.flip = true
    view.adjustments = [.hue(0.07), .contrast(1.2), .brightness(0.8), .saturation(0.5)]
    view.blur = 0.9
    let renderer = ViewRenderer(
      size: 16, interpolation: .bicubic, mean: [0.5, 0.4, 0.3], deviation: [0.2, 0.25, 0.3])
    let expected = try image.resizedCrop(view.box, height: 16, width: 16, interpolation: .bicubic).flipped()
      .hue(turned: 0.07).contrast(1.2).brightness(0.8).saturation(0.5).gaussianBlur(sigma: 0.9)
    let (mean, deviation): ([Float], [Float]) = ([0.5, 0.4, 0.3], [0.2, 0.25, 0.3])
    let got = try renderer(view, of: image).values
    #expect(got == expected.pixels.enumerated().map { (Float($1) / 255 - mean[$0 % 3]) / deviation[$0 % 3] })
  }

  @Test func badBoxesAndSizesAreErrors() {
    let image = Self.noise(5, 4, channels: 3)
    let boxes = [(-1, 0, 2, 2), (0, 0, 6, 4), (0, 2, 5, 3), (0, 0, 0, 2), (Int.max, 0, 2, 2)]
    for (top, left, height, width) in boxes {
      let box = Image.Box(top: top, left: left, height: height, width: width)
      #expect(throws: KernelError.self) { try image.resizedCrop(box, height: 2, width: 2) }
      #expect(throws: KernelError.self) {
        try ViewRenderer(size: 2, interpolation: .bilinear, mean: [0, 0, 0], deviation: [1, 1, 1])(
          ImageView(box), of: image)
      }
    }
    #expect(throws: KernelError.self) { try image.resized(height: 0, width: 2) }
    #expect(throws: KernelError.self) {
      try ViewRenderer(size: 2, interpolation: .bilinear, mean: [0], deviation: [1])(
        ImageView(image.bounds), of: image)
    }
  }
}
