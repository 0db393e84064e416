import CKernels

extension Image {
  /// One of the fifteen operations of RandAugment (Cubuk et al., 2020), with the bytes that Pillow gives; what moves
  /// pixels takes the nearest one, and black where there is none. Sizes and signs are drawn elsewhere: see
  /// `RandAugment`.
  ///
  /// Edge cases
  /// - A factor of 1, a shear, a way or an angle of 0, and 8 bits leave a picture as it is.
  /// - A constant picture is not stretched or made even: it stays as it is.
  /// - Sharpness leaves the pixels of the edge, and so whole pictures of less than 3 × 3.
  /// - Grey pictures have no colour to change.
  public enum Operation: Hashable, Sendable {
    /// Row y is read from this · (y + ½) pixels further right.
    case shearX(Double)
    /// Column x is read from this · (x + ½) pixels further down.
    case shearY(Double)
    /// Read from so many pixels further right: the picture moves left.
    case translateX(pixels: Double)
    /// Read from so many pixels further down: the picture moves up.
    case translateY(pixels: Double)
    /// Counter-clockwise about the middle.
    case rotate(degrees: Double)
    /// Each channel stretched so that it reaches from 0 to 255.
    case autoContrast
    case invert
    /// Each channel's histogram made even.
    case equalize
    /// Bytes of at least the threshold are inverted.
    case solarize(threshold: Double)
    /// Only the upper bits of each byte are kept, 1…8.
    case posterize(bits: Int)
    case contrast(Float)
    /// As ``Image/saturation(_:)``.
    case colour(Float)
    case brightness(Float)
    /// A blend with the smoothed picture.
    case sharpness(Float)
    /// A rectangle filled with red 125, green 123, blue 114, or their luma; what lies outside the picture is left out.
    case cutout(Box)
  }

  /// The picture after an operation.
  ///
  /// Programmer error: an amount that is not finite, other than 1…8 bits, or a box beyond 2³⁰ pixels traps.
  public func applying(_ operation: Operation) -> Image {
    var (result, code) = (self, operation.code)
    result.pixels.withUnsafeMutableBufferPointer { bytes in
      withWorkspace(bytes: ck_operate_workspace(height, width, Int32(channels))) { workspace in
        ck_operate(bytes.baseAddress!, bytes.baseAddress!, height, width, Int32(channels), &code, workspace)
      }
    }
    return result
  }
}

extension Image.Operation {
  /// As C has it.
  var code: ck_operation {
    switch self {
    case .shearX(let factor): code(CK_SHEAR_X, factor)
    case .shearY(let factor): code(CK_SHEAR_Y, factor)
    case .translateX(let pixels): code(CK_TRANSLATE_X, pixels)
    case .translateY(let pixels): code(CK_TRANSLATE_Y, pixels)
    case .rotate(let degrees): code(CK_ROTATE, degrees)
    case .autoContrast: code(CK_AUTO_CONTRAST)
    case .invert: code(CK_INVERT)
    case .equalize: code(CK_EQUALIZE)
    case .solarize(let threshold): code(CK_SOLARIZE, threshold)
    case .posterize(let bits): posterize(bits)
    case .contrast(let factor): code(CK_ENHANCE_CONTRAST, Double(factor))
    case .colour(let factor): code(CK_ENHANCE_SATURATION, Double(factor))
    case .brightness(let factor): code(CK_ENHANCE_BRIGHTNESS, Double(factor))
    case .sharpness(let factor): code(CK_ENHANCE_SHARPNESS, Double(factor))
    case .cutout(let box): cutout(box)
    }
  }

  private func cutout(_ box: Image.Box) -> ck_operation {
    let far = [box.top, box.left, box.height, box.width].map(\.magnitude).max()! > 1 << 30
    precondition(!far, "the box \(box) is nowhere near a picture")
    return ck_operation(kind: Int32(CK_CUTOUT.rawValue), amount: 0, box: ck_box(box))
  }

  private func posterize(_ bits: Int) -> ck_operation {
    precondition((1...8).contains(bits), "\(bits) bits kept of 8")
    return code(CK_POSTERIZE, Double(bits))
  }

  private func code(_ kind: ck_operation_kind, _ amount: Double = 0) -> ck_operation {
    precondition(amount.isFinite, "an operation by \(amount)")
    return ck_operation(kind: Int32(kind.rawValue), amount: amount, box: ck_box())
  }
}
