import Kernels

/// A value on the way through the network. With a node its gradient is wanted; without one it is a constant.
public struct Variable {
  public let value: Tensor
  package let node: Int?

  /// A constant: an input image, or anything computed where no gradient is wanted.
  public init(_ value: Tensor) {
    self.value = value
    node = nil
  }

  init(_ value: Tensor, node: Int) {
    self.value = value
    self.node = node
  }

  public var shape: Shape { value.shape }
}
