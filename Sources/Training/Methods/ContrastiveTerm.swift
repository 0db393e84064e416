import Kernels
import Objectives

/// The contrastive part of a method, from the first step on and with weight 1.
public final class ContrastiveTerm: LossTerm {
  public let name = "contrastive"
  public let isKnownPerSample = true
  public let loss: ContrastiveLoss
  /// The temperature, read at the beginning of each epoch.
  public let temperature: Schedule

  /// - Parameter temperature: over the training; nil for the loss's own throughout.
  /// Throws ``KernelError`` for a temperature or exponent out of range.
  public init(_ loss: ContrastiveLoss, temperature: Schedule? = nil) throws {
    self.loss = loss
    self.temperature = temperature ?? .constant(Double(loss.temperature))
    // The loss checks its own settings when it is used: once now, not in the first step.
    let first = loss.with(temperature: Float(self.temperature.value(at: 0)))
    _ = try first(Tensor(zeros: [1, 1]), Tensor(zeros: [1, 1]))
  }

  public func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
    let loss = loss.with(temperature: Float(temperature.value(at: moment.epochStart)))
    let result = try loss(pair.first, pair.second, weights: pair.weights)
    return LossTermValue(
      value: result.loss, weight: 1, dFirst: result.dZ1, dSecond: result.dZ2, perSample: result.perSample)
  }
}
