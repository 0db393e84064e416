import Kernels

/// A square convolution without bias, padded so that stride 1 keeps the size: N H W C → N H′ W′ K.
public final class ConvolutionLayer: Module {
  public let weight: Parameter
  private let kernel: Int
  private let stride: Int
  private let choice: ConvolutionChoice
  /// For the images seen last; a new size makes a new one.
  private var plan: Convolution?

  init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int, _ choice: ConvolutionChoice, _ initialization: Initialization
  ) {
    self.kernel = kernel
    self.stride = stride
    self.choice = choice
    weight = initialization.parameter(
      "weight", [outputs, kernel, kernel, inputs],
      .normal(deviation: (2 / Double(outputs * kernel * kernel)).squareRoot()), layout: .convolution)
  }

  public func callAsFunction(_ x: Variable, _ pass: Pass) throws -> Variable {
    try pass.convolution(x, weight, try plan(for: x.shape))
  }

  private func plan(for input: Shape) throws -> Convolution {
    if let plan, plan.inputShape == input { return plan }
    func make(_ algorithm: Convolution.Algorithm?) throws -> Convolution {
      try Convolution(
        input: input, outputChannels: weight.value.shape[0], kernel: (kernel, kernel), stride: stride,
        padding: kernel / 2, algorithm: algorithm, precision: choice.precision)
    }
    let new = try choice.algorithm.flatMap { try? make($0) } ?? make(nil)
    plan = new
    return new
  }

  public var parameters: [Parameter] { [weight] }
  public var buffers: [Buffer] { [] }
}

/// How the convolutions of a network are computed.
public struct ConvolutionChoice: Hashable, Sendable {
  public var precision: Convolution.Precision
  /// Where a layer's geometry allows it; elsewhere, and everywhere when `nil`, the plan chooses.
  public var algorithm: Convolution.Algorithm?

  public init(precision: Convolution.Precision = .fast, algorithm: Convolution.Algorithm? = nil) {
    self.precision = precision
    self.algorithm = algorithm
  }
}
