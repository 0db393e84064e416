import Kernels
import NeuralNet
import Objectives

/// The last stage of DnC (Tian et al., ICCV 2021; METHOD.md 2.6): one network h learns to predict, by a regression r for each
/// teacher, the representation g of a base model, and that of the expert on the image's own cluster:
///
///     L(x) = ‖r_b(h(x)) − g_b(x)‖² + ‖r_c(h(x)) − g_c(x)‖²,   all brought to length one, so that each is 2 − 2 cos,
///
/// the mean over the images of a batch and over their views, which teachers and student both see. Teachers are
/// evaluated as they are; the student's projector takes no part.
public final class Distillation: TrainingMethod {
  private let base: ContrastiveModel
  /// By cluster; nil where a cluster has no expert, and its images learn from the base model alone.
  private let experts: [ContrastiveModel?]
  /// The cluster of each training image.
  private let clusters: [Int]
  /// For the base model, then for each expert there is.
  private let baseHead: Predictor
  private let heads: [Predictor?]

  /// - Parameters:
  ///   - clusters: of each image of the training set, below the number of experts.
  ///   - features: width of the student's representation.
  ///   - hidden: of the regressions.
  /// Throws `ModelError` for a width below 1. Programmer error: a cluster without a place among the experts traps.
  public init(
    base: ContrastiveModel, experts: [ContrastiveModel?], clusters: [Int], features: Int, hidden: Int, seed: UInt64
  ) throws {
    precondition(clusters.allSatisfy { experts.indices.contains($0) }, "a cluster beyond \(experts.count) experts")
    self.base = base
    self.experts = experts
    self.clusters = clusters
    func head(_ name: String, _ teacher: ContrastiveModel) throws -> Predictor {
      try Predictor(
        name: "distill.\(name)", inputs: features, hidden: hidden, outputs: teacher.backbone.features, seed: seed)
    }
    baseHead = try head("base", base)
    heads = try experts.enumerated().map { number, expert in try expert.map { try head("expert\(number + 1)", $0) } }
  }

  private var allHeads: [Predictor] { [baseHead] + heads.compactMap { $0 } }
  public var parameters: [Parameter] { allHeads.flatMap(\.parameters) }

  public func accumulateGradients(
    _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment, pass: GradientPass
  ) throws -> LossReport {
    let own = batch.indices.map { clusters[$0] }
    var sums = (base: 0.0, experts: 0.0)
    let share = 1 / Float(batch.views.count)
    for view in batch.views {
      let tape = Tape()
      let output = try model.backbone(Variable(view), .training(tape, moves: pass.movesState ? 1 : 0))
      guard output.value.isFinite else { throw NotFinite(what: "the representation") }
      var dOutput = Tensor(zeros: output.shape)
      func regress(_ head: Predictor, to target: Tensor, weights: Tensor?) throws -> Double {
        let inner = Tape()
        var dInput = Tensor(zeros: output.shape)
        let leaf = inner.leaf(output.value) { dInput = $0 }
        let predicted = try head(leaf, .training(inner, moves: pass.movesState ? 1 : 0))
        let loss = try NegativeCosine(predicted.value, target, weights: weights)
        try inner.backward(from: predicted, loss.gradient.scaled(by: 2 * share))
        try dOutput.accumulate(dInput)
        let counted = weights?.values ?? [Float](repeating: 1, count: loss.perSample.count)
        return zip(counted, loss.perSample).reduce(0) { $0 + Double($1.0) * (2 + 2 * Double($1.1)) }
          / Double(loss.perSample.count)
      }
      sums.base += try regress(baseHead, to: try base.representations(of: view), weights: nil) * Double(share)
      for (cluster, expert) in experts.enumerated() {
        let rows = own.indices.filter { own[$0] == cluster }
        guard let expert, let head = heads[cluster], !rows.isEmpty else { continue }
        let known = try expert.representations(of: view.rows(rows))
        var (target, weights) = (Tensor(zeros: [own.count, known.shape[1]]), Tensor(zeros: [own.count]))
        for (place, row) in rows.enumerated() {
          for column in 0..<known.shape[1] {
            target[flat: row * known.shape[1] + column] = known[flat: place * known.shape[1] + column]
          }
          weights[flat: row] = 1
        }
        sums.experts += try regress(head, to: target, weights: weights) * Double(share)
      }
      try tape.backward(from: output, dOutput)
    }
    return LossReport(parts: [
      LossReport.Part(name: "base", value: sums.base, weight: 1),
      LossReport.Part(name: "experts", value: sums.experts, weight: 1),
    ])
  }

  public func finishEpoch(at moment: Moment) throws {}

  public var state: [String: Tensor] { allHeads.reduce(into: [:]) { $0.merge($1.state) { old, _ in old } } }
  public func load(state: [String: Tensor]) throws { for head in allHeads { try head.load(state: state) } }
}
