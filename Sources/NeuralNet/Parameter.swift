import Kernels

/// A named tensor that is learnt, and the gradient gathered for it so far.
///
/// A reference: layers, optimiser and checkpoint share it. Not for use from two threads at once.
public final class Parameter {
  /// The path as it stands in files, as in `backbone.layer1.0.conv1.weight`.
  public let name: String
  public let layout: FileLayout
  /// The optimiser updates it in place; its shape never changes.
  public var value: Tensor
  /// d loss / d value, summed over all backward passes since ``clearGradient()``; nil before the first.
  public internal(set) var gradient: Tensor?

  public init(name: String, value: Tensor, layout: FileLayout = .same) {
    self.name = name
    self.value = value
    self.layout = layout
  }

  public func clearGradient() { gradient = nil }

  /// Adds one pass's share of the gradient. Programmer error: another shape traps.
  package func accumulate(_ share: Tensor) throws {
    precondition(share.shape == value.shape, "gradient \(share.shape) for \(name) of shape \(value.shape)")
    if gradient == nil {
      gradient = share
    } else {
      try gradient!.accumulate(share)
    }
  }
}

/// A named tensor that belongs to the model but is not learnt: running statistics.
public final class Buffer {
  public let name: String
  public internal(set) var value: Tensor

  init(name: String, value: Tensor) {
    self.name = name
    self.value = value
  }
}

/// How a tensor's order in memory relates to its order in files.
public enum FileLayout: Sendable {
  case same
  /// A convolution weight: K R S C in memory, K C R S in files.
  case convolution
}
