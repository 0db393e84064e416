import Kernels

/// A square convolution without bias, padded so that stride 1 keeps the size: N H W C → N H′ W′ K.
public final class ConvolutionLayer: Module {
  public let weight: Parameter
  /// 1 where the pruned branch uses the weight, else 0; nil for all of them. Shaped like the weight.
  public var mask: Tensor? {
    didSet { precondition(mask.map { $0.shape == weight.value.shape } ?? true, "a mask of another shape") }
  }
  private let name: String
  private let kernel: Int
  private let stride: Int
  private let choice: ConvolutionChoice
  /// For the images seen last; a new size makes a new one.
  private var plan: Convolution?

  init(
    inputs: Int, outputs: Int, kernel: Int, stride: Int, _ choice: ConvolutionChoice, _ initialization: Initialization
  ) {
    name = initialization.path
    self.kernel = kernel
    self.stride = stride
    self.choice = choice
    weight = initialization.parameter(
      "weight", [outputs, kernel, kernel, inputs],
      .normal(deviation: (2 / Double(outputs * kernel * kernel)).squareRoot()), layout: .convolution)
  }

  public func callAsFunction(_ x: Variable, _ pass: Pass) throws -> Variable {
    try pass.convolution(x, weight, mask: pass.branch == .pruned ? mask : nil, try plan(for: x.shape))
  }

  private func plan(for input: Shape) throws -> Convolution {
    if let plan, plan.inputShape == input { return plan }
    let new = try planned(for: input).plan
    plan = new
    return new
  }

  /// Its plan for images of this shape. Throws ``KernelError`` for images of other channels or too small.
  func planned(for input: Shape) throws -> PlannedConvolution {
    PlannedConvolution(
      name: name,
      plan: try choice.plan(
        input: input, outputChannels: weight.value.shape[0], kernel: kernel, stride: stride, padding: kernel / 2))
  }

  public var parameters: [Parameter] { [weight] }
  public var buffers: [Buffer] { [] }
}
