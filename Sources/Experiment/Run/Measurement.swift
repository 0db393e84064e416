import Evaluation
import NeuralNet

/// Measures a model's representation by the probe that the recipe asks for.
struct Measurement {
  let plan: ArmPlan
  let evaluation: EvaluationPlan
  let model: ContrastiveModel
  /// Told how many images are through the network, of how many; may throw to stop.
  var watch: (Int, Int) throws -> Void = { _, _ in }

  /// Accuracies in percent.
  func scores() throws -> ArmResult.Scores {
    // Training's buffers do not fit, nor these training's: without this the process would hold both.
    trimBuffers()
    defer { trimBuffers() }
    let images = plan.images
    let classes = images.classCount
    let training = try images.features(
      of: evaluation.onTrainingImages ? images.training : images.pool, model: model, watch: watch)
    let test = try images.features(of: images.test, model: model, watch: watch)
    var neighbours: Double?
    let result: Classification
    switch evaluation.probe {
    case .linear(let options, let count):
      let probe = try LinearProbe.train(on: training, classes: classes, options: options)
      result = try probe.classifier.classify(test)
      if let count {
        neighbours = Self.percent(
          try NearestNeighbours.classify(
            test, training: training, classes: classes, options: NearestNeighbours.Options(neighbours: count)))
      }
    case .nearest(let options):
      result = try NearestNeighbours.classify(test, training: training, classes: classes, options: options)
    }
    let perClass = Self.percents(result)
    let groups = try GroupAccuracy(
      classCounts: images.classCounts ?? [], classAccuracy: perClass, rule: evaluation.groups)
    return ArmResult.Scores(
      top1: Self.percent(result), many: groups.many, medium: groups.medium, few: groups.few, std: groups.std,
      average: groups.average, perClass: perClass, neighbours: neighbours)
  }

  // From counts, so that 692 of 1000 are 69.2 and not 69.19999999999999.

  private static func percents(_ result: Classification) -> [Double] {
    zip(result.correct, result.counts).map { 100 * Double($0) / Double($1) }
  }

  private static func percent(_ result: Classification) -> Double {
    100 * Double(result.correct.reduce(0, +)) / Double(result.counts.reduce(0, +))
  }
}
