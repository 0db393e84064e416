import CKernels

/// The ascent of sharpness-aware minimisation (Foret et al., 2021) and of its adaptive form (ASAM, Kwon et al., 2021),
/// with T = |p| element by element where it is adaptive, else 1 (METHOD.md 2.5):
///
///     p + radius · T² g / (‖T g‖ + 1e-12)      ‖·‖ over all tensors together
public struct Ascent: Hashable, Sendable {
  public let radius: Double
  public let isAdaptive: Bool

  /// - Throws: ``KernelError`` (`badValue`) for a radius that is not positive.
  public init(radius: Double, isAdaptive: Bool = true) throws {
    guard radius > 0, radius.isFinite else {
      throw KernelError("ascent", .badValue, "radius \(radius), expected a positive number")
    }
    self.radius = radius
    self.isAdaptive = isAdaptive
  }

  /// ‖T g‖² of one tensor.
  /// - Throws: ``KernelError`` when the shapes differ.
  public func squaredLength(_ parameter: Tensor, gradient: Tensor) throws -> Double {
    try gradient.require(parameter.shape, "gradient", in: "ascent")
    let call = KernelAccount.begin("ascent length", "\(parameter.shape)")
    defer { call?.end() }
    var partials = [Double](repeating: 0, count: parameter.count / 16384 + 1)
    return withExtendedLifetime((parameter, gradient)) {
      ck_ascent_square(parameter.base, gradient.base, parameter.count, isAdaptive ? 1 : 0, &partials)
    }
  }

  /// Moves one tensor in place; `squaredLength` is the sum over all of them.
  /// - Throws: ``KernelError`` when the shapes differ.
  public func move(_ parameter: inout Tensor, gradient: Tensor, squaredLength: Double) throws {
    try gradient.require(parameter.shape, "gradient", in: "ascent")
    let call = KernelAccount.begin("ascent", "\(parameter.shape)")
    defer { call?.end() }
    let count = parameter.count
    withExtendedLifetime(gradient) {
      ck_ascent(
        parameter.mutableBase, gradient.base, count, isAdaptive ? 1 : 0,
        Float(radius / (squaredLength.squareRoot() + 1e-12)))
    }
  }
}
