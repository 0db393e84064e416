import Kernels
import NeuralNet

/// Two views through one network, and a loss that is a sum of terms: SimCLR with one contrastive
/// term; with Geometric Harmonization added as a second.
///
/// Each view is a forward pass of its own, so batch norms take their statistics from one view at a
/// time; the gradients of both passes add up in the parameters.
public final class PairMethod: TrainingMethod {
  public let terms: [any LossTerm]

  /// Programmer error: no term, or two of one name, trap.
  public init(_ terms: [any LossTerm]) {
    precondition(!terms.isEmpty && Set(terms.map(\.name)).count == terms.count, "terms need names of their own")
    self.terms = terms
  }

  public func accumulateGradients(
    _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment
  ) throws -> LossReport {
    precondition(batch.views.count == 2, "\(batch.views.count) views, a pair method needs 2")
    let tapes = (Tape(), Tape())
    let first = try model(Variable(batch.views[0]), .training(tapes.0))
    let second = try model(Variable(batch.views[1]), .training(tapes.1))
    // Before any term moves its running state.
    for (view, output) in [first, second].enumerated() where !output.value.isFinite {
      throw NotFinite(what: "the embedding of view \(view + 1)")
    }
    let pair = EmbeddingPair(first: first.value, second: second.value, indices: batch.indices)
    var parts: [LossReport.Part] = []
    var dFirst = Tensor(zeros: first.shape)
    var dSecond = Tensor(zeros: second.shape)
    for term in terms {
      guard let value = try term.evaluate(pair, at: moment) else { continue }
      guard value.value.isFinite else { throw NotFinite(what: "the loss \(term.name)") }
      try dFirst.accumulate(value.dFirst, factor: Float(value.weight))
      try dSecond.accumulate(value.dSecond, factor: Float(value.weight))
      parts.append(
        LossReport.Part(name: term.name, value: value.value, weight: value.weight, details: value.details))
    }
    try tapes.0.backward(from: first, dFirst)
    try tapes.1.backward(from: second, dSecond)
    return LossReport(parts: parts)
  }

  public func finishEpoch(at moment: Moment) throws {
    for term in terms { try term.finishEpoch(at: moment) }
  }

  /// Every term's state under `TERM.NAME`.
  public var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for term in terms {
      for (name, tensor) in term.state { result["\(term.name).\(name)"] = tensor }
    }
    return result
  }

  public func load(state: [String: Tensor]) throws {
    for term in terms {
      var own: [String: Tensor] = [:]
      for (name, tensor) in state where name.hasPrefix(term.name + ".") {
        own[String(name.dropFirst(term.name.count + 1))] = tensor
      }
      try term.load(state: own)
    }
  }
}
