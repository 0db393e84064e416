import Foundation
import Kernels
import NeuralNet

/// Supervised training of backbone and a linear classifier by the logit-adjusted cross-entropy (Menon et al., ICLR 2021;
/// METHOD.md 2.7):
///
///     L(x, y) = −log softmax(f(x) + tau · log pi)[y],   pi_c the share of class c in the training images,
///
/// so that frequent classes have to win by more, and the scores f alone predict. With tau = 0 it is the plain
/// cross-entropy. Of each image the first view is used; the projector takes no part.
public final class FineTuning: TrainingMethod {
  private let labels: [Int]
  private let classifier: Classifier
  /// tau · log pi, by class.
  public let adjustment: [Float]

  /// - Parameters:
  ///   - labels: of each training image, below `classes`.
  ///   - tau: 0 or more.
  ///   - features: width of the representation.
  /// Throws `ModelError` for a width below 1, ``TrainingError`` for a label or a tau out of range.
  public init(labels: [Int], classes: Int, tau: Double, features: Int, seed: UInt64) throws {
    guard tau >= 0, tau.isFinite else {
      throw TrainingError.settings(field: "tau", detail: "\(tau), must be a number of at least 0")
    }
    guard !labels.isEmpty, labels.allSatisfy({ (0..<classes).contains($0) }) else {
      throw TrainingError.settings(field: "labels", detail: "none, or one outside the \(classes) classes")
    }
    self.labels = labels
    classifier = try Classifier(name: "classifier", features: features, classes: classes, seed: seed)
    var counts = [Double](repeating: 0, count: classes)
    for label in labels { counts[label] += 1 }
    // As the authors' code: a class without images has no share of 0.
    adjustment = counts.map { Float(tau * log($0 / Double(labels.count) + 1e-12)) }
  }

  public var parameters: [Parameter] { classifier.parameters }

  public func accumulateGradients(
    _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment, pass: GradientPass
  ) throws -> LossReport {
    let tape = Tape()
    let way = Pass.training(tape, moves: pass.movesState ? 1 : 0)
    let scores = try classifier(try model.backbone(Variable(batch.views[0]), way), way)
    guard scores.value.isFinite else { throw NotFinite(what: "a class score") }
    var adjusted = scores.value
    for row in 0..<batch.count {
      for column in adjustment.indices { adjusted[flat: row * adjustment.count + column] += adjustment[column] }
    }
    let loss = try crossEntropy(adjusted, labels: batch.indices.map { labels[$0] })
    try tape.backward(from: scores, loss.gradient)
    return LossReport(parts: [LossReport.Part(name: "cross_entropy", value: loss.mean, weight: 1)])
  }

  /// Scores f of a batch of representations, N × classes, without the adjustment.
  public func scores(_ representations: Tensor) throws -> Tensor {
    try classifier(Variable(representations), .evaluation).value
  }

  public func finishEpoch(at moment: Moment) throws {}
  public var state: [String: Tensor] { classifier.state }
  public func load(state: [String: Tensor]) throws { try classifier.load(state: state) }
}
