import Kernels

/// A square convolution without bias, padded so that stride 1 keeps the size: N H W C → N H′ W′ K.
public final class ConvolutionLayer: Module {
  public let weight: Parameter
  private let kernel: Int
  private let stride: Int
  /// For the images seen last; a new size makes a new one.
  private var plan: Convolution?

  init(inputs: Int, outputs: Int, kernel: Int, stride: Int, _ initialization: Initialization) {
    self.kernel = kernel
    self.stride = stride
    weight = initialization.parameter(
      "weight", [outputs, kernel, kernel, inputs],
      .normal(deviation: (2 / Double(outputs * kernel * kernel)).squareRoot()), layout: .convolution)
  }

  public func callAsFunction(_ x: Variable, _ pass: Pass) throws -> Variable {
    try pass.convolution(x, weight, try plan(for: x.shape))
  }

  private func plan(for input: Shape) throws -> Convolution {
    if let plan, plan.inputShape == input { return plan }
    let new = try Convolution(
      input: input, outputChannels: weight.value.shape[0], kernel: (kernel, kernel), stride: stride,
      padding: kernel / 2)
    plan = new
    return new
  }

  public var parameters: [Parameter] { [weight] }
  public var buffers: [Buffer] { [] }
}
