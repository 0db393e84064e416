import Kernels

/// A linear layer with bias from a representation to scores of classes.
public final class Classifier: Module {
  private let layer: LinearLayer

  /// First values come of the seed and the name, which both parameters' names begin with.
  ///
  /// Throws ``ModelError`` for a width below 1.
  public init(name: String, features: Int, classes: Int, seed: UInt64) throws {
    for (what, width) in [("features", features), ("classes", classes)] where !(1...1_000_000).contains(width) {
      throw ModelError("\(name).\(what)", "\(width)", "give a width of at least 1")
    }
    layer = LinearLayer(inputs: features, outputs: classes, bias: true, Initialization(seed: seed, path: name))
  }

  /// N × features → N × classes.
  public func callAsFunction(_ x: Variable, _ pass: Pass) throws -> Variable { try layer(x, pass) }

  public var parameters: [Parameter] { layer.parameters }
  public var buffers: [Buffer] { [] }
}
