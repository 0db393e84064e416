import CKernels

// Every operation gives the bytes that Pillow and torchvision give for an 8-bit picture; for resizing, Pillow up
// to version 12 (13 resizes some narrow boxes in the other order, which rounds differently).

extension Image {
  /// The box cut out and resized to `height` × `width`. The filter does not see pixels outside the box.
  /// - Throws: ``KernelError`` if the box is empty or not inside the picture, or the size is not positive.
  public func resizedCrop(
    _ box: Box, height: Int, width: Int, interpolation: Interpolation = .bilinear
  ) throws -> Image {
    guard height > 0, width > 0 else {
      throw KernelError("resized_crop", .badShape, "cannot resize to \(height)×\(width) pixels")
    }
    try require(box, in: "resized_crop")
    var result = Image(blackOf: height, width, channels: channels)
    let filter = interpolation.filter
    let bytes = ck_resized_crop_workspace(box.height, box.width, height, width, Int32(channels), filter)
    try withWorkspace(bytes: bytes) { workspace in
      try KernelError.check(
        ck_resized_crop(
          &result.pixels, pixels, self.height, self.width, Int32(channels), ck_box(box), height, width, filter,
          workspace),
        "resized_crop", "box \(box)")
    }
    return result
  }

  /// The whole picture resized.
  /// - Throws: ``KernelError`` if the size is not positive.
  public func resized(height: Int, width: Int, interpolation: Interpolation = .bilinear) throws -> Image {
    try resizedCrop(bounds, height: height, width: width, interpolation: interpolation)
  }

  /// The mirror image, left for right.
  public func flipped() -> Image { changed { ck_flip($0, $0, height, width, Int32(channels)) } }

  /// A blend with black: factor 0 is black, 1 changes nothing, above 1 is brighter.
  public func brightness(_ factor: Float) -> Image {
    changed { ck_brightness($0, $0, count, Int32(channels), factor) }
  }

  /// A blend with the rounded mean of the grey picture.
  public func contrast(_ factor: Float) -> Image {
    changed { ck_contrast($0, $0, count, Int32(channels), factor) }
  }

  /// A blend with the grey picture. Grey pictures stay as they are.
  public func saturation(_ factor: Float) -> Image {
    changed { ck_saturation($0, $0, count, Int32(channels), factor) }
  }

  /// Turns the hue by this part of a full turn, −1/2…1/2. Grey pictures stay as they are.
  /// Programmer error: another value traps.
  public func hue(turned turns: Double) -> Image {
    precondition(abs(turns) <= 0.5, "a hue can be turned by −1/2…1/2, not by \(turns)")
    return changed { ck_hue($0, $0, count, Int32(channels), turns) }
  }

  /// The luma (ITU-R 601-2) in every channel.
  public func greyscale() -> Image { changed { ck_grey($0, $0, count, Int32(channels)) } }

  /// Three equal channels become or stay one: the luma.
  public func singleChannel() -> Image {
    guard channels != 1 else { return self }
    var result = Image(blackOf: height, width, channels: 1)
    ck_luma(&result.pixels, pixels, count, Int32(channels))
    return result
  }

  /// Three channels: grey is repeated.
  public func colour() -> Image {
    guard channels == 1 else { return self }
    return Image(height: height, width: width, channels: 3, pixels: pixels.flatMap { [$0, $0, $0] })
  }

  /// Gaussian blur with this standard deviation in pixels, as three box blurs each way (Pillow's approximation).
  /// Programmer error: a negative or unbounded deviation traps.
  public func gaussianBlur(sigma: Float) -> Image {
    precondition(sigma >= 0 && sigma <= 1000, "a blur of sigma \(sigma)")
    return changed { pixels in
      withWorkspace(bytes: ck_gaussian_blur_workspace(height, width, Int32(channels), sigma)) { workspace in
        ck_gaussian_blur(pixels, pixels, height, width, Int32(channels), sigma, workspace)
      }
    }
  }

  private func changed(_ body: (UnsafeMutablePointer<UInt8>) -> Void) -> Image {
    var result = self
    result.pixels.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
    return result
  }
}

extension Image.Interpolation {
  var filter: ck_filter { self == .bicubic ? CK_BICUBIC : CK_BILINEAR }
}

extension ck_box {
  init(_ box: Image.Box) {
    self.init(top: box.top, left: box.left, height: box.height, width: box.width)
  }
}

/// Scratch memory of the pool for one call.
func withWorkspace<R>(bytes: Int, _ body: (UnsafeMutableRawPointer) throws -> R) rethrows -> R {
  var workspace = Tensor.workspace(bytes: bytes)
  return try body(UnsafeMutableRawPointer(workspace.mutableBase))
}
