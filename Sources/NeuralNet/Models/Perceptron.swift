import Kernels

/// Linear layers with a ReLU between each two, for points: N × inputs → N × outputs. No batch norm, so a row depends on no
/// other.
///
/// Parameters are called `fc1.weight`, `fc1.bias`, `fc2.…`.
public final class Perceptron: Backbone {
  public struct Configuration: Hashable, Sendable {
    /// Coordinates of a point.
    public var inputs: Int
    /// Widths of the hidden layers; none makes it one linear layer.
    public var hidden: [Int]
    /// Width of the representation.
    public var outputs: Int

    public init(inputs: Int, hidden: [Int], outputs: Int) {
      self.inputs = inputs
      self.hidden = hidden
      self.outputs = outputs
    }

    /// Weights and biases.
    public var parameterCount: Int { zip(widths, widths.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 } }

    var widths: [Int] { [inputs] + hidden + [outputs] }
  }

  public let configuration: Configuration
  private let layers: [LinearLayer]

  public var features: Int { configuration.outputs }

  /// Throws ``ModelError`` for a width below 1.
  init(_ configuration: Configuration, _ initialization: Initialization) throws {
    let widths = configuration.widths
    if let width = widths.first(where: { !(1...1_000_000).contains($0) }) {
      throw ModelError("perceptron", "a layer of width \(width)", "give widths of at least 1")
    }
    self.configuration = configuration
    layers = zip(widths, widths.dropFirst()).enumerated().map { number, ends in
      LinearLayer(inputs: ends.0, outputs: ends.1, bias: true, initialization.scope("fc\(number + 1)"))
    }
  }

  public func callAsFunction(_ points: Variable, _ pass: Pass) throws -> Variable {
    var x = points
    for layer in layers.dropLast() { x = try pass.relu(try layer(x, pass)) }
    return try layers[layers.count - 1](x, pass)
  }

  public func convolutions(of batch: Shape) throws -> [PlannedConvolution] { [] }
  public var convolutionLayers: [ConvolutionLayer] { [] }

  public var parameters: [Parameter] { layers.flatMap(\.parameters) }
  public var buffers: [Buffer] { [] }
}
