import CKernels

/// Batch normalisation over all axes but the last (N×H×W×C or N×C), with an optional residual and an
/// optional ReLU in the same pass over memory:
///
///     y = act((x − mean) / √(variance + epsilon) · weight + bias + residual)
///
/// Ioffe and Szegedy, *Batch Normalization* (2015). Sums are taken over blocks of rows and finished in
/// double; results are the same bits for any number of threads and every instruction set.
///
/// All functions throw ``KernelError`` when shapes do not fit.
public struct BatchNorm: Sendable, Hashable {
  /// Added to the variance.
  public var epsilon: Float
  /// Weight of the batch in the running statistics: running ← (1 − momentum)·running + momentum·batch.
  public var momentum: Float
  /// Whether a ReLU follows. A NaN passes through it.
  public var relu: Bool

  public init(epsilon: Float = 1e-5, momentum: Float = 0.1, relu: Bool = false) {
    self.epsilon = epsilon
    self.momentum = momentum
    self.relu = relu
  }

  /// What normalised a batch, kept for the backward pass: mean and 1/√(variance + epsilon), C values each.
  public struct Statistics: Sendable {
    public let mean: Tensor
    public let inverseDeviation: Tensor
    /// Whether they are the batch's own, so that gradients flow through them.
    public let ofBatch: Bool
  }

  public struct Gradients: Sendable {
    public let input: Tensor
    public let weight: Tensor
    public let bias: Tensor
    /// Present when the backward was asked for it.
    public let residual: Tensor?
  }

  /// Normalises by the batch's mean and biased variance, and moves the running statistics (C values each;
  /// the running variance towards the unbiased one).
  ///
  /// - Parameters:
  ///   - x: rows of C channels, at least two rows.
  ///   - weight: C values. - bias: C values.
  ///   - residual: added before the ReLU; the shape of x.
  public func forwardTraining(
    _ x: Tensor, weight: Tensor, bias: Tensor, residual: Tensor? = nil, runningMean: inout Tensor,
    runningVariance: inout Tensor
  ) throws -> (output: Tensor, statistics: Statistics) {
    let (rows, channels) = try check(x, [(weight, "weight"), (bias, "bias")], residual)
    try runningMean.require([channels], "running mean", in: "batch_norm")
    try runningVariance.require([channels], "running variance", in: "batch_norm")
    guard rows >= 2 else {
      throw KernelError(
        "batch_norm", .badShape,
        "the input \(x.shape) has \(rows) value per channel; training needs at least 2 to take a variance")
    }
    let call = KernelAccount.begin("batch_norm forward", "\(x.shape)")
    defer { call?.end() }
    var mean = Tensor(uninitialized: [channels])
    var inverse = Tensor(uninitialized: [channels])
    var workspace = Tensor.workspace(bytes: ck_batch_norm_workspace(rows, channels))
    withExtendedLifetime(x) {
      ck_batch_norm_statistics(
        mean.mutableBase, inverse.mutableBase, runningMean.mutableBase, runningVariance.mutableBase, x.base,
        rows, channels, epsilon, momentum, workspace.mutableBase)
    }
    let statistics = Statistics(mean: mean, inverseDeviation: inverse, ofBatch: true)
    return (apply(x, weight, bias, residual, statistics, &workspace), statistics)
  }

  /// Normalises by the running statistics, which stay as they are.
  public func forwardEvaluation(
    _ x: Tensor, weight: Tensor, bias: Tensor, residual: Tensor? = nil, runningMean: Tensor,
    runningVariance: Tensor
  ) throws -> (output: Tensor, statistics: Statistics) {
    let (rows, channels) = try check(
      x,
      [
        (weight, "weight"), (bias, "bias"), (runningMean, "running mean"), (runningVariance, "running variance"),
      ], residual)
    let call = KernelAccount.begin("batch_norm forward", algorithm: "running", "\(x.shape)")
    defer { call?.end() }
    var inverse = Tensor(uninitialized: [channels])
    withExtendedLifetime(runningVariance) {
      ck_batch_norm_rstd(inverse.mutableBase, runningVariance.base, channels, epsilon)
    }
    let statistics = Statistics(mean: runningMean, inverseDeviation: inverse, ofBatch: false)
    var workspace = Tensor.workspace(bytes: ck_batch_norm_workspace(rows, channels))
    return (apply(x, weight, bias, residual, statistics, &workspace), statistics)
  }

  /// Gradients of either forward, by the statistics it returned.
  ///
  /// - Parameters:
  ///   - dOutput: the gradient of y. - input: the forward's x.
  ///   - output: the forward's y; needed with ReLU and `residual`, else not read.
  ///   - residual: whether the forward had one, so that its gradient is wanted.
  public func backward(
    _ dOutput: Tensor, input: Tensor, output: Tensor? = nil, weight: Tensor, bias: Tensor,
    statistics: Statistics, residual: Bool = false
  ) throws -> Gradients {
    let (rows, channels) = try check(
      input,
      [
        (weight, "weight"), (bias, "bias"), (statistics.mean, "mean"),
        (statistics.inverseDeviation, "inverse deviation"),
      ], nil)
    try dOutput.require(input.shape, "output gradient", in: "batch_norm backward")
    try output?.require(input.shape, "output", in: "batch_norm backward")
    if residual && relu && output == nil {
      throw KernelError(
        "batch_norm backward", .badValue, "with ReLU and a residual the forward's output is needed")
    }
    let call = KernelAccount.begin("batch_norm backward", "\(input.shape)")
    defer { call?.end() }
    var dInput = Tensor(uninitialized: input.shape)
    var dWeight = Tensor(uninitialized: [channels])
    var dBias = Tensor(uninitialized: [channels])
    // Without ReLU the residual's gradient is dOutput itself, with no copy.
    var dResidual = residual && relu ? Tensor(uninitialized: input.shape) : nil
    var workspace = Tensor.workspace(bytes: ck_batch_norm_workspace(rows, channels))
    let (mean, inverse) = (statistics.mean, statistics.inverseDeviation)
    withExtendedLifetime((dOutput, output, input, weight, bias, statistics)) {
      ck_batch_norm_backward(
        dInput.mutableBase, dWeight.mutableBase, dBias.mutableBase, dResidual?.mutableBase, dOutput.base,
        output?.base, input.base, weight.base, bias.base, mean.base, inverse.base, rows, channels,
        relu ? 1 : 0, statistics.ofBatch ? 1 : 0, workspace.mutableBase)
    }
    if residual && !relu { dResidual = dOutput }
    return Gradients(input: dInput, weight: dWeight, bias: dBias, residual: dResidual)
  }

  private func apply(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ residual: Tensor?, _ statistics: Statistics,
    _ workspace: inout Tensor
  ) -> Tensor {
    let (rows, channels) = x.shape.rowsAndColumns
    var y = Tensor(uninitialized: x.shape)
    withExtendedLifetime((x, residual, weight, bias, statistics)) {
      ck_batch_norm_apply(
        y.mutableBase, x.base, residual?.base, weight.base, bias.base, statistics.mean.base,
        statistics.inverseDeviation.base, rows, channels, relu ? 1 : 0, workspace.mutableBase)
    }
    return y
  }

  private func check(
    _ x: Tensor, _ perChannel: [(Tensor, String)], _ residual: Tensor?
  ) throws -> (rows: Int, channels: Int) {
    let operation = "batch_norm"
    guard x.shape.rank >= 2, x.count > 0 else {
      throw KernelError(operation, .badShape, "the input is \(x.shape), expected N×H×W×C or N×C, not empty")
    }
    guard epsilon > 0, epsilon.isFinite else {
      throw KernelError(operation, .badValue, "epsilon \(epsilon), expected a number above 0")
    }
    guard momentum >= 0, momentum <= 1 else {
      throw KernelError(operation, .badValue, "momentum \(momentum), expected 0…1")
    }
    let (rows, channels) = x.shape.rowsAndColumns
    for (tensor, name) in perChannel { try tensor.require([channels], name, in: operation) }
    try residual?.require(x.shape, "residual", in: operation)
    return (rows, channels)
  }
}
