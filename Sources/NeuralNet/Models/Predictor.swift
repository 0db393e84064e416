import Kernels

/// A head that a loss looks through, and that learns with the model but is no part of it: linear without bias → batch
/// norm → ReLU → linear with bias. SimSiam's predictor (Chen and He, CVPR 2021, section 3) and the regressions of a
/// distillation.
public final class Predictor: Module {
  private let first: LinearLayer
  private let norm: BatchNormLayer
  private let second: LinearLayer

  /// First values come of the seed and the name, which all parameters' names begin with.
  ///
  /// Throws ``ModelError`` for a width below 1.
  public init(name: String, inputs: Int, hidden: Int, outputs: Int, seed: UInt64) throws {
    for (what, width) in [("inputs", inputs), ("hidden", hidden), ("outputs", outputs)]
    where !(1...1_000_000).contains(width) {
      throw ModelError("\(name).\(what)", "\(width)", "give a width of at least 1")
    }
    let initialization = Initialization(seed: seed, path: name)
    first = LinearLayer(inputs: inputs, outputs: hidden, bias: false, initialization.scope("fc1"))
    norm = BatchNormLayer(channels: hidden, initialization.scope("bn1"))
    second = LinearLayer(inputs: hidden, outputs: outputs, bias: true, initialization.scope("fc2"))
  }

  /// N × inputs → N × outputs.
  public func callAsFunction(_ x: Variable, _ pass: Pass) throws -> Variable {
    try second(try norm(try first(x, pass), pass, relu: true), pass)
  }

  /// Weights of one of these widths, without building it.
  public static func parameterCount(inputs: Int, hidden: Int, outputs: Int) -> Int {
    (inputs + 2) * hidden + (hidden + 1) * outputs
  }

  public var parameters: [Parameter] { first.parameters + norm.parameters + second.parameters }
  public var buffers: [Buffer] { norm.buffers }
}
