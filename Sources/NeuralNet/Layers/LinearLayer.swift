import Kernels

/// x Wᵀ + b on N × inputs; the weight is outputs × inputs.
public final class LinearLayer: Module {
  public let weight: Parameter
  public let bias: Parameter?

  init(inputs: Int, outputs: Int, bias: Bool, _ initialization: Initialization) {
    let bound = 1 / Double(inputs).squareRoot()
    weight = initialization.parameter("weight", [outputs, inputs], .uniform(bound: bound))
    self.bias = bias ? initialization.parameter("bias", [outputs], .uniform(bound: bound)) : nil
  }

  public func callAsFunction(_ x: Variable, _ pass: Pass) throws -> Variable {
    try pass.linear(x, weight, bias)
  }

  public var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }
  public var buffers: [Buffer] { [] }
}
