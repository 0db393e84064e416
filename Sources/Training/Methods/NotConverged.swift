/// Surrogate labels that did not meet their prior in the iterations allowed, where that was asked for.
public struct NotConverged: Error, Hashable, Sendable, CustomStringConvertible {
  /// Counted from 1.
  public let step: Int
  public let epoch: Int
  public let iterations: Int
  /// Σ over classes of |mass given − prior|.
  public let marginalError: Double

  public var description: String {
    "Sinkhorn did not converge in \(iterations) iterations in step \(step) (epoch \(epoch)): the shares are still off by "
      + "\(marginalError)"
  }
}
