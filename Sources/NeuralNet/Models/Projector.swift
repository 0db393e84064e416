import Kernels

/// The head the losses look at: linear with bias → batch norm → ReLU → linear without bias → batch norm.
public final class Projector: Module {
  private let first: LinearLayer
  private let firstNorm: BatchNormLayer
  private let second: LinearLayer
  private let secondNorm: BatchNormLayer

  /// Width of the embedding.
  public let outputs: Int

  /// Throws ``ModelError`` for a width below 1.
  init(inputs: Int, hidden: Int, outputs: Int, _ initialization: Initialization) throws {
    for (name, width) in [("hidden", hidden), ("output", outputs)] where !(1...1_000_000).contains(width) {
      throw ModelError("projector.\(name)", "\(width)", "give a width of at least 1")
    }
    self.outputs = outputs
    first = LinearLayer(inputs: inputs, outputs: hidden, bias: true, initialization.scope("fc1"))
    firstNorm = BatchNormLayer(channels: hidden, initialization.scope("bn1"))
    second = LinearLayer(inputs: hidden, outputs: outputs, bias: false, initialization.scope("fc2"))
    secondNorm = BatchNormLayer(channels: outputs, initialization.scope("bn2"))
  }

  /// N × inputs → N × outputs.
  public func callAsFunction(_ x: Variable, _ pass: Pass) throws -> Variable {
    let hidden = try firstNorm(try first(x, pass), pass, relu: true)
    return try secondNorm(try second(hidden, pass), pass, relu: false)
  }

  public var parameters: [Parameter] {
    first.parameters + firstNorm.parameters + second.parameters + secondNorm.parameters
  }
  public var buffers: [Buffer] { firstNorm.buffers + secondNorm.buffers }
}
