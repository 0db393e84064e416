import Kernels
import NeuralNet
import Objectives

/// Two views through one network, and a loss that is a sum of terms: SimCLR with one contrastive
/// term; with Geometric Harmonization added as a second; with pruning for the second view, SDCLR; with a memory of
/// losses, BCL; with a gradient taken up the slope of a re-weighted loss, rwSAM.
///
/// Each view is a forward pass of its own, so batch norms take their statistics from one view at a
/// time; the gradients of both passes add up in the parameters.
public final class PairMethod: TrainingMethod {
  public let terms: [any LossTerm]
  /// The second view goes through a pruned branch. (The authors go through it twice, first for the dense branch's
  /// loss, without a gradient, then for its own: the gradients are those of one joint loss, which is what is
  /// done here, but running statistics of its norms move twice.)
  public let pruning: Pruning?
  /// Remembers how hard each sample is, by the first term that is known sample by sample, and tells the data.
  public let memorization: Memorization?
  /// Weighs the samples in the ascent of a step that has one; other terms than those known sample by sample take part in
  /// it as they are. (Whether GH did so in the published comparison is not known.)
  public let reweighting: DensityWeight?
  public let gradientRule: any GradientRule
  private let remembered: String?

  /// Programmer error: no term, or two of one name, trap; and a memory with no term to remember.
  public init(
    _ terms: [any LossTerm], pruning: Pruning? = nil, memorization: Memorization? = nil,
    reweighting: DensityWeight? = nil, gradientRule: any GradientRule = PlainGradient()
  ) {
    self.reweighting = reweighting
    self.gradientRule = gradientRule
    precondition(!terms.isEmpty && Set(terms.map(\.name)).count == terms.count, "terms need names of their own")
    self.terms = terms
    self.pruning = pruning
    self.memorization = memorization
    remembered = memorization == nil ? nil : terms.first(where: \.isKnownPerSample)?.name
    precondition(memorization == nil || remembered != nil, "no term of the loss is known sample by sample")
  }

  public func accumulateGradients(
    _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment, pass: GradientPass
  ) throws -> LossReport {
    precondition(batch.views.count == 2, "\(batch.views.count) views, a pair method needs 2")
    let tapes = (Tape(), Tape())
    let first = try model(Variable(batch.views[0]), .training(tapes.0, moves: pass.movesState ? 1 : 0))
    // Masks come of the weights as they are, not of displaced ones.
    if pass.movesState { try pruning?.apply(to: model, at: moment) }
    let moves = !pass.movesState ? 0 : pruning == nil ? 1 : 2
    let branch: Branch = pruning == nil ? .dense : .pruned
    let way = Pass.training(tapes.1, branch: branch, moves: moves)
    let second = try model(Variable(batch.views[1]), way)
    // Before any term moves its running state.
    for (view, output) in [first, second].enumerated() where !output.value.isFinite {
      throw NotFinite(what: "the embedding of view \(view + 1)")
    }
    let weights = pass == .ascent ? try reweighting?(first.value, second.value) : nil
    let pair = EmbeddingPair(
      first: first.value, second: second.value, indices: batch.indices, weights: weights, movesState: pass.movesState)
    var parts: [LossReport.Part] = []
    var dFirst = Tensor(zeros: first.shape)
    var dSecond = Tensor(zeros: second.shape)
    for term in terms {
      guard let value = try term.evaluate(pair, at: moment) else { continue }
      guard value.value.isFinite else { throw NotFinite(what: "the loss \(term.name)") }
      if term.name == remembered, pass.movesState, let losses = value.perSample {
        try memorization?.observe(losses, samples: batch.indices)
      }
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
    try memorization?.finishEpoch()
  }

  public var parameters: [Parameter] { terms.flatMap(\.parameters) }

  public var sampleWeights: [Float]? { memorization?.weights.values }

  /// Every term's state under `TERM.NAME`, the pruning's under `pruning.NAME`, the memory's under `memorization.NAME`.
  public var state: [String: Tensor] {
    var result: [String: Tensor] = [:]
    for term in terms {
      for (name, tensor) in term.state { result["\(term.name).\(name)"] = tensor }
    }
    for (name, tensor) in pruning?.state ?? [:] { result["pruning.\(name)"] = tensor }
    for (name, tensor) in memorization?.state ?? [:] { result["memorization.\(name)"] = tensor }
    return result
  }

  public func load(state: [String: Tensor]) throws {
    func part(_ owner: String) -> [String: Tensor] {
      var own: [String: Tensor] = [:]
      for (name, tensor) in state { if let rest = name.suffix(after: owner + ".") { own[rest] = tensor } }
      return own
    }
    for term in terms { try term.load(state: part(term.name)) }
    try pruning?.load(state: part("pruning"))
    try memorization?.load(state: part("memorization"))
  }
}
