import Kernels

/// The state of a linear probe in training, and one epoch of it.
struct ProbeTrainer {
  private let training: Features
  private let labels: [Int32]
  private let options: LinearProbe.Options
  private(set) var classifier: LinearClassifier
  private var weightState: Adam.State
  private var biasState: Adam.State

  init(_ training: Features, classes: Int, options: LinearProbe.Options) throws {
    self.training = training
    labels = training.labels.map(Int32.init)
    self.options = options
    let width = training.dimension
    // As torch.nn.Linear: uniform in ±1/√d.
    let bound = width > 0 ? 1 / Double(width).squareRoot() : 0
    var random = CounterRandom(seed: options.seed, .probe, name: "initialization")
    classifier = try LinearClassifier(
      weight: random.uniform(-bound, bound, shape: [classes, width]),
      bias: random.uniform(-bound, bound, shape: [classes]))
    weightState = Adam.State(shape: classifier.weight.shape)
    biasState = Adam.State(shape: classifier.bias.shape)
  }

  /// Runs over all samples once in a new order; the mean loss.
  /// - Parameter number: counted from 0; chooses the order and the rate.
  mutating func epoch(_ number: Int) throws -> Double {
    var random = CounterRandom(seed: options.seed, .probe, epoch: number)
    let order = random.permutation(labels.count)
    let adam = Adam(rate: options.rate(epoch: number), weightDecay: options.weightDecay)
    var total = 0.0
    for start in stride(from: 0, to: order.count, by: options.batch) {
      let positions = order[start..<min(start + options.batch, order.count)]
      total += try step(positions, adam) * Double(positions.count)
    }
    return total / Double(order.count)
  }

  /// One update from the samples at these positions; their mean loss before it.
  ///
  /// A feature that is not finite makes the loss of its sample NaN, so the first epoch, which meets all samples, finds
  /// it, and no pass over the features is needed before.
  private mutating func step(_ positions: ArraySlice<Int>, _ adam: Adam) throws -> Double {
    let gradients = try LinearCrossEntropy.gradients(
      training.values, rows: positions, labels: labels, weight: classifier.weight, bias: classifier.bias)
    if !gradients.mean.isFinite { try training.requireFinite(in: "linear probe", "training") }
    try adam.update(&classifier.weight, gradient: gradients.weight, state: &weightState)
    try adam.update(&classifier.bias, gradient: gradients.bias, state: &biasState)
    return gradients.mean
  }
}
