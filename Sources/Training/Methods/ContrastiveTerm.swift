import Kernels
import Objectives

/// The contrastive part of a method, from the first step on and with weight 1.
public final class ContrastiveTerm: LossTerm {
  public let name = "contrastive"
  public let loss: ContrastiveLoss

  /// Throws ``KernelError`` for a temperature or exponent out of range.
  public init(_ loss: ContrastiveLoss) throws {
    self.loss = loss
    // The loss checks its own settings when it is used: once now, not in the first step.
    _ = try loss(Tensor(zeros: [1, 1]), Tensor(zeros: [1, 1]))
  }

  public func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
    let result = try loss(pair.first, pair.second)
    return LossTermValue(value: result.loss, weight: 1, dFirst: result.dZ1, dSecond: result.dZ2)
  }
}
