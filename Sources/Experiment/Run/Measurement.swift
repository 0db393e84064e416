import DataPipeline
import Evaluation
import Kernels
import NeuralNet

/// Measures a model's representation by probes of the recipe.
struct Measurement {
  let plan: ArmPlan
  let model: ContrastiveModel
  /// Told how many images of a source are through the network, of how many; may throw to stop.
  var watch: (Int, Int) throws -> Void = { _, _ in }

  /// What fine-tuning needs; without it there is none.
  var work: FineTuner.Work?

  /// Scores of each probe, in its place. Images that several probes look at go through the network once.
  func scores(_ probes: [ProbePlan]) throws -> [ArmResult.Scores] {
    // Training's buffers do not fit, nor these training's: without this the process would hold both.
    trimBuffers()
    defer { trimBuffers() }
    var results = [ArmResult.Scores?](repeating: nil, count: probes.count)
    for places in probes.placesByImages {
      let first = probes[places[0]]
      if let tuning = first.tuning, let work {
        let tuned = try FineTuner(plan: plan, probe: first, tuning: tuning, work: work).classify(model)
        let space = Space(tuned.features, classes: tuned.result.classes)
        for place in places { results[place] = try scores(first, tuned.result, neighbours: nil, space) }
        continue
      }
      let training = try plan.images.features(of: first.learning(plan.images), model: model, watch: watch)
      let test = try plan.images.features(of: first.testing(plan.images), model: model, watch: watch)
      let space = Space(test, classes: first.learning(plan.images).classNames.count)
      for place in places { results[place] = try scores(probes[place], training, test, space) }
    }
    return results.map { $0! }
  }

  /// How the classes of the test images share the space: a property of the features, whatever the probe. Without a
  /// value where a class has no direction, as in features that are all zero: accuracies are not lost for that.
  private struct Space {
    let uniformity: Uniformity?
    let shares: [Double]?

    init(_ test: Features, classes: Int) {
      uniformity = Set(test.labels).count > 1 ? try? Uniformity(test) : nil
      shares = try? ClassShares(test, classes: classes).shares
    }
  }

  private func scores(
    _ probe: ProbePlan, _ all: Features, _ test: Features, _ space: Space
  ) throws -> ArmResult.Scores {
    let source = probe.learning(plan.images)
    let classes = source.classNames.count
    let training = try probe.shots.map { try all.balanced(shots: $0, classes: classes, seed: probe.seed) } ?? all
    var neighbours: Double?
    let result: Classification
    switch probe.probe {
    case .linear(let options, let count):
      let trained = try LinearProbe.train(on: training, classes: classes, options: options)
      result = try trained.classifier.classify(test)
      if let count {
        neighbours = Self.percent(
          try NearestNeighbours.classify(
            test, training: training, classes: classes, options: NearestNeighbours.Options(neighbours: count)))
      }
    case .nearest(let options):
      result = try NearestNeighbours.classify(test, training: training, classes: classes, options: options)
    case .tuned: preconditionFailure("fine-tuning learns from images, not from representations")
    }
    return try scores(probe, result, neighbours: neighbours, space)
  }

  private func scores(
    _ probe: ProbePlan, _ result: Classification, neighbours: Double?, _ space: Space
  ) throws -> ArmResult.Scores {
    let perClass = Self.percents(result)
    let groups = try GroupAccuracy(
      classCounts: probe.transfer?.training.classCounts ?? plan.images.classCounts ?? [], classAccuracy: perClass,
      rule: probe.groups)
    return ArmResult.Scores(
      top1: Self.percent(result), many: groups.many, medium: groups.medium, few: groups.few, std: groups.std,
      average: groups.average, perClass: perClass, neighbours: neighbours,
      interClass: space.uniformity?.interClass, neighbourhood: space.uniformity?.neighbourhood,
      classShares: space.shares.map { $0.map { 100 * $0 } })
  }

  // From counts, so that 692 of 1000 are 69.2 and not 69.19999999999999.

  private static func percents(_ result: Classification) -> [Double] {
    zip(result.correct, result.counts).map { 100 * Double($0) / Double($1) }
  }

  private static func percent(_ result: Classification) -> Double {
    100 * Double(result.correct.reduce(0, +)) / Double(result.counts.reduce(0, +))
  }
}
