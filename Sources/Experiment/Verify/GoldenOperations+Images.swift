import Kernels

/// Operations on 8-bit pictures.
extension GoldenOperations {
  static let pictures: [String: Operation] = views.merging(randAugment) { $1 }

  private static let views: [String: Operation] = [
    "resized_crop": { golden in
      let box = Image.Box(
        top: try golden.integer("top"), left: try golden.integer("left"), height: try golden.integer("height"),
        width: try golden.integer("width"))
      let interpolation = try golden.choice(
        "interpolation", ["bilinear": Image.Interpolation.bilinear, "bicubic": .bicubic])
      let size = try golden.integer("size", atMost: 8192)
      return try changed(golden) { try $0.resizedCrop(box, height: size, width: size, interpolation: interpolation) }
    },
    "adjust_brightness": { golden in
      let factor = try golden.float("factor")
      return try changed(golden) { $0.brightness(factor) }
    },
    "adjust_contrast": { golden in
      let factor = try golden.float("factor")
      return try changed(golden) { $0.contrast(factor) }
    },
    "adjust_saturation": { golden in
      let factor = try golden.float("factor")
      return try changed(golden) { $0.saturation(factor) }
    },
    "adjust_hue": { golden in
      let turns = try golden.number("factor")
      guard abs(turns) <= 0.5 else { throw GoldenError("parameter `factor` is \(turns), a hue turns by −½…½") }
      return try changed(golden) { $0.hue(turned: turns) }
    },
    "grayscale": { golden in try changed(golden) { $0.greyscale() } },
    "gaussian_blur": { golden in
      let sigma = try golden.float("radius")
      guard sigma >= 0, sigma <= 1000 else { throw GoldenError("parameter `radius` is \(sigma), not 0…1000") }
      return try changed(golden) { $0.gaussianBlur(sigma: sigma) }
    },
  ]

  /// What RandAugment draws from, but for the three that are adjustments, too.
  private static let randAugment: [String: Operation] = [
    "shear_x": { try changed($0, by: .shearX(try finite($0, "factor"))) },
    "shear_y": { try changed($0, by: .shearY(try finite($0, "factor"))) },
    "translate_x": { try changed($0, by: .translateX(pixels: try finite($0, "pixels"))) },
    "translate_y": { try changed($0, by: .translateY(pixels: try finite($0, "pixels"))) },
    "rotate": { try changed($0, by: .rotate(degrees: try finite($0, "degrees"))) },
    "auto_contrast": { try changed($0, by: .autoContrast) },
    "invert": { try changed($0, by: .invert) },
    "equalize": { try changed($0, by: .equalize) },
    "solarize": { try changed($0, by: .solarize(threshold: try finite($0, "threshold"))) },
    "posterize": { golden in
      let bits = try golden.integer("bits")
      guard (1...8).contains(bits) else { throw GoldenError("parameter `bits` is \(bits), not 1…8") }
      return try changed(golden, by: .posterize(bits: bits))
    },
    "sharpness": { try changed($0, by: .sharpness(Float(try finite($0, "factor")))) },
    "cutout": { golden in
      let box = Image.Box(
        top: try golden.integer("top"), left: try golden.integer("left"), height: try golden.integer("height"),
        width: try golden.integer("width"))
      return try changed(golden, by: .cutout(box))
    },
  ]

  private static func finite(_ golden: GoldenFile, _ name: String) throws -> Double {
    let value = try golden.number(name)
    guard abs(value) <= 1e6 else { throw GoldenError("parameter `\(name)` is \(value), at most 1e6 is accepted") }
    return value
  }

  private static func changed(_ golden: GoldenFile, by operation: Image.Operation) throws -> GoldenResults {
    try changed(golden) { $0.applying(operation) }
  }

  private static func changed(_ golden: GoldenFile, _ change: (Image) throws -> Image) throws -> GoldenResults {
    let file = try golden.file("image")
    guard file.elementType == .uint8, file.shape.count == 3, [1, 3].contains(file.shape[2]), file.count > 0 else {
      throw GoldenError(
        "in.image is \(file.elementType.rawValue) of shape \(file.shape), not U8 of height × width × 1 or 3")
    }
    let image = Image(height: file.shape[0], width: file.shape[1], channels: file.shape[2], pixels: [UInt8](file.data))
    var results = GoldenResults()
    results.set("image", try change(image).pixels.map(Int.init))
    return results
  }
}
