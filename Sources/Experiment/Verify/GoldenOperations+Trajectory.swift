import Kernels
import NeuralNet
import Objectives
import Training

/// A few training steps of a whole network on given views.
extension GoldenOperations {
  static let training: [String: Operation] = ["train_trajectory": trajectory]

  /// An activation within rounding of zero decides what a ReLU passes on, so a trajectory may leave the golden one for
  /// good where sums merely round differently, as with another BLAS kernel. One way of summing must agree to the end:
  /// a mistake would show in all of them.
  private static let trajectory: Operation = { golden in
    let planned = try train(golden, nil)
    if try golden.differences(planned).isEmpty { return planned }
    for algorithm in [.direct, .im2col, .winograd2] as [Convolution.Algorithm] {
      let results = try train(golden, algorithm)
      if try golden.differences(results).isEmpty { return results }
    }
    return planned
  }

  private static func train(_ golden: GoldenFile, _ algorithm: Convolution.Algorithm?) throws -> GoldenResults {
    let model = try model(golden, ConvolutionChoice(precision: .exact, algorithm: algorithm))
    let method = try method(golden)
    guard let optimizer = golden.params["optimizer"], let rate = optimizer["lr"]?.double,
      let momentum = optimizer["momentum"]?.double, let decay = optimizer["weight_decay"]?.double
    else { throw GoldenError("parameter `optimizer` needs lr, momentum and weight_decay") }
    let step = TrainingStep(
      method: method, optimizer: SGDOptimizer(SGDOptimizer.Settings(momentum: momentum, weightDecay: decay)))
    let views = [try golden.tensor("view1", rank: 5), try golden.tensor("view2", rank: 5)]
    let (steps, batch) = (views[0].shape[0], views[0].shape[1])
    var parts: [String: [Double]] = [:]
    for index in 0..<steps {
      let batch = TrainingBatch(indices: Array(0..<batch), views: views.map { slice($0, index).toNHWC() })
      let plan = StepPlan(moment: Moment(batch: index, step: index, batchesPerEpoch: steps), learningRate: rate)
      let loss = try step(model, batch, plan).loss
      parts["loss", default: []].append(loss.total)
      for part in loss.parts { parts[part.name, default: []].append(part.value) }
    }
    var results = GoldenResults()
    for (name, values) in parts { results[name] = values }
    if parts["gh"] == nil { results["gh"] = [Double](repeating: 0, count: steps) }
    for (name, value) in model.state { results.set("final.\(name)", value) }
    return results
  }

  /// The block of a tensor at a position of its first axis.
  private static func slice(_ tensor: Tensor, _ index: Int) -> Tensor {
    let shape = Shape(Array(tensor.shape.extents.dropFirst()))
    return Tensor(Array(tensor.values[index * shape.count..<(index + 1) * shape.count]), shape: shape)
  }

  /// The network of `architecture` with the values of `in.initial.…`.
  private static func model(_ golden: GoldenFile, _ convolution: ConvolutionChoice) throws -> ContrastiveModel {
    guard let architecture = golden.params["architecture"],
      var configuration = ContrastiveModel.Configuration(json: architecture.line)
    else { throw GoldenError("parameter `architecture` describes no model") }
    configuration.hasPrunedBranch = golden.params["prune_fraction"] != nil
    let model = try ContrastiveModel(configuration, convolution: convolution, seed: 0)
    let prefix = "initial."
    let names = golden.inputNames.filter { $0.hasPrefix(prefix) }
    let state = try names.map { (String($0.dropFirst(prefix.count)), try golden.tensor($0)) }
    try model.load(state: Dictionary(uniqueKeysWithValues: state))
    return model
  }

  private static func method(_ golden: GoldenFile) throws -> PairMethod {
    let temperature = try golden.float("temperature")
    let (isFocal, isHarmonized) = try golden.choice(
      "method",
      [
        "simclr": (false, false), "focal": (true, false), "simclr_gh": (false, true), "focal_gh": (true, true),
        "sdclr": (false, false), "sdclr_gh": (false, true),
      ])
    let contrastive: ContrastiveLoss =
      isFocal ? .focal(temperature: temperature, gamma: try golden.float("gamma")) : .ntXent(temperature: temperature)
    var terms: [any LossTerm] = [try ContrastiveTerm(contrastive)]
    if isHarmonized { terms.append(try harmonization(golden)) }
    var pruning: Pruning?
    if golden.params["prune_fraction"] != nil {
      pruning = try Pruning(Pruning.Settings(fraction: .constant(try golden.number("prune_fraction"))))
    }
    return PairMethod(terms, pruning: pruning)
  }

  /// GH with the case's structure and a prior that stays as given.
  private static func harmonization(_ golden: GoldenFile) throws -> HarmonizationTerm {
    let structure = try GeometricStructure(vertices: try golden.tensor("structure", rank: 2))
    let prior = try golden.tensor("marginal", rank: 1)
    let settings = GeometricHarmonization.Settings(
      sinkhorn: Sinkhorn.Options(lambda: try golden.float("lambda"), iterations: try golden.integer("iterations")),
      temperature: try golden.float("gh_temperature"), prior: .uniform)
    let term = try HarmonizationTerm(
      GeometricHarmonization(structure: structure, settings: settings), samples: 1,
      settings: HarmonizationTerm.Settings(
        startEpoch: 0, weight: .constant(try golden.number("gh_weight")), scoreMomentum: .constant(0)))
    var state = term.state
    state["prior"] = prior
    try term.load(state: state)
    return term
  }
}
