import Kernels

/// The contrastive part of a method: what pulls the two views of an image together.
public enum ContrastiveLoss: Hashable, Sendable {
  /// SimCLR's loss (METHOD.md 1.3).
  case ntXent(temperature: Float = 0.2)
  /// The same with the factor (1 − p)^gamma on each anchor's loss (METHOD.md 2.2).
  case focal(temperature: Float = 0.2, gamma: Float = 2)

  public var temperature: Float {
    switch self {
    case .ntXent(let temperature), .focal(let temperature, _): temperature
    }
  }

  /// The same with another temperature.
  public func with(temperature: Float) -> ContrastiveLoss {
    switch self {
    case .ntXent: .ntXent(temperature: temperature)
    case .focal(_, let gamma): .focal(temperature: temperature, gamma: gamma)
    }
  }

  /// - Parameters:
  ///   - z1: embeddings of the first view, N×d, as the projector gives them.
  ///   - z2: embeddings of the second view, N×d.
  ///   - weights: N factors of the samples' losses; nil for 1 each.
  /// - Throws: `KernelError` when shapes differ or a parameter is out of range.
  public func callAsFunction(_ z1: Tensor, _ z2: Tensor, weights: Tensor? = nil) throws -> NTXent.Result {
    switch self {
    case .ntXent(let temperature): try NTXent(temperature: temperature)(z1, z2, weights: weights)
    case .focal(let temperature, let gamma):
      try NTXent(temperature: temperature, focalGamma: gamma)(z1, z2, weights: weights)
    }
  }
}
