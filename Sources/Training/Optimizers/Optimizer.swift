import Kernels
import NeuralNet

/// How parameters follow their gradients, with what it remembers from step to step.
public protocol Optimizer: AnyObject {
  /// Updates every parameter that has a gradient. Throws ``KernelError``.
  func update(_ parameters: [Parameter], learningRate: Double) throws
  /// What is remembered, for a checkpoint, in the order of elements that files have.
  var state: [String: Tensor] { get }
  /// Takes over a saved state. Throws ``ModelError`` for a tensor of another shape; nothing is changed then.
  func load(state: [String: Tensor], for parameters: [Parameter]) throws
}
