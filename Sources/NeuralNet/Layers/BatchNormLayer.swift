import Kernels

/// Batch norm over all axes but the channels, with scale and shift, and the ReLU and addition that
/// may follow it in one pass over memory.
///
/// In a network with a pruned branch each branch has parameters and statistics of its own; the pruned one's are called
/// `….pruned.weight` and so on.
public final class BatchNormLayer: Module {
  private struct Norm {
    let weight: Parameter
    let bias: Parameter
    let runningMean: Buffer
    let runningVariance: Buffer

    init(channels: Int, _ initialization: Initialization) {
      weight = initialization.parameter("weight", [channels], .constant(1))
      bias = initialization.parameter("bias", [channels], .constant(0))
      runningMean = initialization.buffer("running_mean", [channels], constant: 0)
      runningVariance = initialization.buffer("running_var", [channels], constant: 1)
    }
  }
  private let dense: Norm
  private let pruned: Norm?

  init(channels: Int, _ initialization: Initialization) {
    dense = Norm(channels: channels, initialization)
    pruned = initialization.hasPrunedBranch ? Norm(channels: channels, initialization.scope("pruned")) : nil
  }

  /// `bn(x)`, then `+ residual`, then ReLU, the two last as asked for.
  ///
  /// Programmer error: a pass through a pruned branch that the network does not have traps.
  public func callAsFunction(
    _ x: Variable, _ pass: Pass, relu: Bool, adding residual: Variable? = nil
  ) throws -> Variable {
    let norm = norm(of: pass.branch)
    var kernel = BatchNorm(relu: relu)
    guard case .batch(let moves) = pass.norms else {
      let result = try kernel.forwardEvaluation(
        x.value, weight: norm.weight.value, bias: norm.bias.value, residual: residual?.value,
        runningMean: norm.runningMean.value, runningVariance: norm.runningVariance.value)
      return Variable(result.output)
    }
    let kept = 1 - kernel.momentum
    kernel.momentum = 1 - (0..<moves).reduce(1) { share, _ in share * kept }
    let (output, statistics) = try kernel.forwardTraining(
      x.value, weight: norm.weight.value, bias: norm.bias.value, residual: residual?.value,
      runningMean: &norm.runningMean.value, runningVariance: &norm.runningVariance.value)
    guard let tape = pass.tape else { return Variable(output) }

    let input = x.value
    let hasResidual = residual != nil
    // Only here does the gradient need the output: elsewhere it is found again from the input.
    let saved = relu && hasResidual ? output : nil
    let (weight, bias) = (norm.weight, norm.bias)
    return tape.record(output, inputs: [x] + (residual.map { [$0] } ?? [])) { [kernel] dOutput in
      let gradients = try kernel.backward(
        dOutput, input: input, output: saved, weight: weight.value, bias: bias.value,
        statistics: statistics, residual: hasResidual)
      try weight.accumulate(gradients.weight)
      try bias.accumulate(gradients.bias)
      return hasResidual ? [gradients.input, gradients.residual] : [gradients.input]
    }
  }

  private func norm(of branch: Branch) -> Norm {
    guard branch == .pruned else { return dense }
    guard let pruned else { preconditionFailure("this network has no pruned branch") }
    return pruned
  }

  private var norms: [Norm] { [dense] + (pruned.map { [$0] } ?? []) }
  public var parameters: [Parameter] { norms.flatMap { [$0.weight, $0.bias] } }
  public var buffers: [Buffer] { norms.flatMap { [$0.runningMean, $0.runningVariance] } }
}
