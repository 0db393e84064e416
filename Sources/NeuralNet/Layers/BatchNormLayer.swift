import Kernels

/// Batch norm over all axes but the channels, with scale and shift, and the ReLU and addition that
/// may follow it in one pass over memory.
public final class BatchNormLayer: Module {
  public let weight: Parameter
  public let bias: Parameter
  private let runningMean: Buffer
  private let runningVariance: Buffer

  init(channels: Int, _ initialization: Initialization) {
    weight = initialization.parameter("weight", [channels], .constant(1))
    bias = initialization.parameter("bias", [channels], .constant(0))
    runningMean = initialization.buffer("running_mean", [channels], constant: 0)
    runningVariance = initialization.buffer("running_var", [channels], constant: 1)
  }

  /// `bn(x)`, then `+ residual`, then ReLU, the two last as asked for.
  public func callAsFunction(
    _ x: Variable, _ pass: Pass, relu: Bool, adding residual: Variable? = nil
  ) throws -> Variable {
    let kernel = BatchNorm(relu: relu)
    guard case .training(let tape) = pass else {
      let result = try kernel.forwardEvaluation(
        x.value, weight: weight.value, bias: bias.value, residual: residual?.value,
        runningMean: runningMean.value, runningVariance: runningVariance.value)
      return Variable(result.output)
    }
    let (output, statistics) = try kernel.forwardTraining(
      x.value, weight: weight.value, bias: bias.value, residual: residual?.value,
      runningMean: &runningMean.value, runningVariance: &runningVariance.value)
    guard let tape else { return Variable(output) }

    let input = x.value
    let hasResidual = residual != nil
    // Only here does the gradient need the output: elsewhere it is found again from the input.
    let saved = relu && hasResidual ? output : nil
    let (weight, bias) = (weight, bias)
    return tape.record(output, inputs: [x] + (residual.map { [$0] } ?? [])) { dOutput in
      let gradients = try kernel.backward(
        dOutput, input: input, output: saved, weight: weight.value, bias: bias.value,
        statistics: statistics, residual: hasResidual)
      try weight.accumulate(gradients.weight)
      try bias.accumulate(gradients.bias)
      return hasResidual ? [gradients.input, gradients.residual] : [gradients.input]
    }
  }

  public var parameters: [Parameter] { [weight, bias] }
  public var buffers: [Buffer] { [runningMean, runningVariance] }
}
