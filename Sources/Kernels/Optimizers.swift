import CKernels

/// Stochastic gradient descent with momentum and L2 weight decay, as torch.optim.SGD:
///
///     v = momentum · v + (g + weightDecay · p)      p = p − rate · v
///
/// With v = 0 at the start the first step takes the gradient as it is. Nesterov's form moves by
/// (g + weightDecay · p) + momentum · v in the place of v.
public struct SGD: Hashable, Sendable {
  public var rate: Double
  public var momentum: Double
  public var weightDecay: Double
  public var nesterov: Bool

  public init(rate: Double, momentum: Double = 0.9, weightDecay: Double = 0, nesterov: Bool = false) {
    self.rate = rate
    self.momentum = momentum
    self.weightDecay = weightDecay
    self.nesterov = nesterov
  }

  /// One step on one parameter, in place. `velocity` starts as zeros of the parameter's shape.
  /// - Throws: ``KernelError`` when the shapes differ.
  public func update(_ parameter: inout Tensor, gradient: Tensor, velocity: inout Tensor) throws {
    try gradient.require(parameter.shape, "gradient", in: "sgd")
    try velocity.require(parameter.shape, "velocity", in: "sgd")
    let call = KernelAccount.begin("sgd", "\(parameter.shape)")
    defer { call?.end() }
    let count = parameter.count
    withExtendedLifetime(gradient) {
      ck_sgd(
        parameter.mutableBase, velocity.mutableBase, gradient.base, count, Float(rate), Float(momentum),
        Float(weightDecay), nesterov ? 1 : 0)
    }
  }
}

/// Adam (Kingma and Ba, 2015) with L2 weight decay added to the gradient, as torch.optim.Adam.
public struct Adam: Hashable, Sendable {
  public var rate: Double
  public var beta1: Double
  public var beta2: Double
  public var epsilon: Double
  public var weightDecay: Double

  public init(
    rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0
  ) {
    self.rate = rate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  /// What is kept for one parameter between steps.
  public struct State: Sendable {
    /// Running mean of the gradient.
    public var mean: Tensor
    /// Running mean of the squared gradient.
    public var square: Tensor
    /// Steps done.
    public var step: Int

    public init(shape: Shape) { self.init(mean: Tensor(zeros: shape), square: Tensor(zeros: shape), step: 0) }

    /// To go on from a checkpoint.
    public init(mean: Tensor, square: Tensor, step: Int) {
      self.mean = mean
      self.square = square
      self.step = step
    }
  }

  /// One step on one parameter, in place.
  /// - Throws: ``KernelError`` when the shapes differ.
  public func update(_ parameter: inout Tensor, gradient: Tensor, state: inout State) throws {
    try gradient.require(parameter.shape, "gradient", in: "adam")
    try state.mean.require(parameter.shape, "state", in: "adam")
    try state.square.require(parameter.shape, "state", in: "adam")
    state.step += 1
    let call = KernelAccount.begin("adam", "\(parameter.shape)")
    defer { call?.end() }
    let count = parameter.count
    withExtendedLifetime(gradient) {
      ck_adam(
        parameter.mutableBase, state.mean.mutableBase, state.square.mutableBase, gradient.base, count, state.step,
        rate, beta1, beta2, epsilon, weightDecay)
    }
  }
}
