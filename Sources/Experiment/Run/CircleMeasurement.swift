import Evaluation
import NeuralNet

/// How classes share the circle on which embeddings of two numbers lie, by the test samples.
struct CircleMeasurement {
  let plan: ArmPlan
  let model: ContrastiveModel
  /// How many the circle is cut into.
  let bins: Int

  /// Throws `EvaluationError` where the training has diverged.
  func circle() throws -> ArmResult.Circle {
    let embeddings = try plan.images.features(of: plan.images.test, model: model, projection: true)
    let shares = try CircleShares(embeddings, classes: plan.images.classCount, bins: bins).shares
    // Without a value where a class's mean lies at the centre.
    let uniformity = try? Uniformity(embeddings)
    return ArmResult.Circle(
      shares: shares.map { 100 * $0 }, interClass: uniformity?.interClass ?? .nan,
      neighbourhood: uniformity?.neighbourhood ?? .nan)
  }
}
