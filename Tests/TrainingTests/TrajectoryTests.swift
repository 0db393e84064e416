import Foundation
import Kernels
import NeuralNet
import Objectives
import TestSupport
import Testing
import Training

/// Whole training steps against PyTorch in float64: losses of every step, and all parameters and running
/// statistics at the end.
@Suite struct TrajectoryTests {
  @Test(arguments: [
    "train_simclr", "train_focal", "train_simclr_gh", "train_focal_gh", "train_simclr_gh_bottleneck",
    "train_sdclr", "train_sdclr_gh",
  ])
  func goldenTrajectories(_ name: String) throws {
    let golden = try GoldenCase(name)
    // An activation within rounding of zero decides what a ReLU passes on, so a trajectory may leave the golden one for
    // good where sums merely round differently, as with another BLAS kernel. The first steps must agree however the sums
    // are done, and some way must agree to the end: a mistake would show in all of them.
    var excesses: [[String: Double]] = []
    for algorithm in [nil, .direct, .im2col, .winograd2] as [Convolution.Algorithm?] {
      let (losses, state) = try train(golden, ConvolutionChoice(precision: .exact, algorithm: algorithm))
      for (part, values) in losses {
        let first = relativeError(Array(values.prefix(2)), Array(golden.tensor("out." + part).doubles.prefix(2)))
        #expect(first <= golden.tolerance(part), "\(part) of the first two steps: \(first)")
      }
      var excess = losses.reduce(into: [:]) { $0[$1.key] = golden.excess($1.key, $1.value) }
      for (key, value) in state { excess["final." + key] = golden.excess("final." + key, value) }
      excesses.append(excess)
      if excess.values.allSatisfy({ $0 <= 1 }) { return }
    }
    let worst = excesses.map { $0.max { $0.value < $1.value }! }
    Issue.record("errors over those allowed, the largest for each way of summing: \(worst)")
  }

  /// Losses of every step by part, and the state at the end.
  private func train(
    _ golden: GoldenCase, _ convolution: ConvolutionChoice
  ) throws -> (losses: [String: [Double]], state: [String: Tensor]) {
    let architecture = try JSONSerialization.data(withJSONObject: golden.params["architecture"]!)
    var configuration = try #require(ContrastiveModel.Configuration(json: String(decoding: architecture, as: UTF8.self)))
    let pruning = try golden.number("prune_fraction").map { try Pruning(.init(fraction: .constant($0))) }
    configuration.hasPrunedBranch = pruning != nil
    let model = try ContrastiveModel(configuration, convolution: convolution, seed: 0)
    var initial: [String: Tensor] = [:]
    for key in golden.contents.tensors.keys where key.hasPrefix("in.initial.") {
      initial[String(key.dropFirst("in.initial.".count))] = golden.tensor(key)
    }
    try model.load(state: initial)
    let optimizer = golden.params["optimizer"] as! [String: Any]
    let sgd = SGDOptimizer(
      .init(momentum: optimizer["momentum"] as! Double, weightDecay: optimizer["weight_decay"] as! Double))
    let temperature = golden.float("temperature")!
    let contrastive = try ContrastiveTerm(
      golden.float("gamma").map { .focal(temperature: temperature, gamma: $0) } ?? .ntXent(temperature: temperature))
    let isHarmonized = golden.contents.tensors["in.structure"] != nil
    let method = PairMethod([contrastive] + (isHarmonized ? [try harmonization(golden)] : []), pruning: pruning)
    let step = TrainingStep(method: method, optimizer: sgd)
    let views = ["in.view1", "in.view2"].map { golden.tensor($0) }
    let steps = views[0].shape[0]
    var losses: [String: [Double]] = [:]
    for index in 0..<steps {
      let batch = TrainingBatch(
        indices: Array(0..<views[0].shape[1]),
        views: views.map { view in
          let shape = Shape(Array(view.shape.extents.dropFirst()))
          let values = view.values[index * shape.count..<(index + 1) * shape.count]
          return Tensor(Array(values), shape: shape).toNHWC()
        })
      let report = try step(
        model, batch,
        StepPlan(moment: Moment(batch: index, step: index, batchesPerEpoch: steps), learningRate: optimizer["lr"] as! Double))
      losses["loss", default: []].append(report.loss.total)
      for part in report.loss.parts { losses[part.name, default: []].append(part.value) }
    }
    #expect(losses.keys.sorted() == (method.terms.map(\.name) + ["loss"]).sorted())
    return (losses, model.state)
  }

  /// The term with the case's structure and marginal, at full weight from the first step on.
  private func harmonization(_ golden: GoldenCase) throws -> HarmonizationTerm {
    let vertices = golden.tensor("in.structure")
    let term = try HarmonizationTerm(
      GeometricHarmonization(
        structure: GeometricStructure(vertices: vertices),
        settings: .init(
          sinkhorn: .init(lambda: golden.float("lambda")!, iterations: golden.integer("iterations")!),
          temperature: golden.float("gh_temperature")!, prior: .uniform)), samples: 24,
      settings: .init(
        startEpoch: 0, weight: .constant(golden.number("gh_weight")!), scoreMomentum: .constant(0.9)))
    try term.load(state: [
      "structure": vertices, "prior": golden.tensor("in.marginal"), "refreshes": Tensor(scalar: 0),
    ])
    return term
  }
}
