import Kernels
import NeuralNet

/// Which of a step's passes over a batch this is.
public enum GradientPass: Hashable, Sendable {
  /// The only one.
  case only
  /// The first of two, which says where the second looks: re-weighted, where the method does that. Running state, of the
  /// method and of batch norms, moves here: it belongs to the weights that the model has.
  case ascent
  /// The second, of the plain loss at displaced weights. Nothing but gradients comes of it.
  case descent

  public var movesState: Bool { self != .descent }
}

/// How the gradient that the optimiser takes comes of a method's: from the loss where the weights are, or by way of
/// somewhere else.
public protocol GradientRule {
  /// Adds to the parameters' gradients, which are clear; parameters have their values again afterwards, bit for bit.
  func accumulateGradients(
    of method: any TrainingMethod, _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment
  ) throws -> LossReport
}

/// The gradient of the method's loss.
public struct PlainGradient: GradientRule {
  public init() {}

  public func accumulateGradients(
    of method: any TrainingMethod, _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment
  ) throws -> LossReport {
    try method.accumulateGradients(model, batch, at: moment, pass: .only)
  }
}

/// Sharpness-aware minimisation (METHOD.md 2.5): the plain loss's gradient at the weights that lie `rho` up the gradient
/// of the method's ascent loss; all parameters take part, as in the authors' code. What is reported is the loss up there,
/// the one that is minimised.
///
/// The step costs two forward and two backward passes, and a copy of the parameters until its end.
public struct SharpnessAware: GradientRule {
  private let ascent: Ascent

  /// - Parameters:
  ///   - rho: length of the ascent, above 0, in units of the weights where it is adaptive.
  ///   - isAdaptive: whether each weight's step is in proportion to its square (ASAM).
  /// Throws ``KernelError`` for a radius that is not positive.
  public init(rho: Double, isAdaptive: Bool = true) throws {
    ascent = try Ascent(radius: rho, isAdaptive: isAdaptive)
  }

  public func accumulateGradients(
    of method: any TrainingMethod, _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment
  ) throws -> LossReport {
    let loss = try method.accumulateGradients(model, batch, at: moment, pass: .ascent)
    guard loss.total.isFinite else { throw NotFinite(what: "the loss of the ascent") }
    let parameters = method.learnt(with: model)
    let kept = parameters.map(\.value)
    defer { for (parameter, value) in zip(parameters, kept) { parameter.value = value } }
    try climb(parameters)
    for parameter in parameters { parameter.clearGradient() }
    return try method.accumulateGradients(model, batch, at: moment, pass: .descent)
  }

  private func climb(_ parameters: [Parameter]) throws {
    var square = 0.0
    for parameter in parameters {
      guard let gradient = parameter.gradient else { continue }
      square += try ascent.squaredLength(parameter.value, gradient: gradient)
    }
    guard square.isFinite else { throw NotFinite(what: "the gradient of the ascent") }
    for parameter in parameters {
      guard let gradient = parameter.gradient else { continue }
      try ascent.move(&parameter.value, gradient: gradient, squaredLength: square)
    }
  }
}
