import Kernels

extension GeometricHarmonization {
  /// What a run carries from step to step.
  public struct State: Sendable {
    /// Scores N×K. Nil where the prior is uniform: nothing needs estimating then.
    public internal(set) var momentumScores: MomentumRows?
    /// Unit embeddings N×d, for the alignment; nil without one, and once it is done.
    public internal(set) var momentumEmbeddings: MomentumRows?
    /// π in force, K masses that sum to 1.
    public internal(set) var prior: Tensor
    /// Estimates made so far.
    public internal(set) var refreshes: Int
  }

  /// The state before the first step.
  /// - Parameter samples: training images; the momentum scores take samples · K · 4 bytes, and until an alignment the
  ///   momentum embeddings samples · d · 4.
  /// Programmer error: no sample traps.
  public func initialState(samples: Int) -> State {
    let k = structure.classes
    return State(
      momentumScores: settings.prior == .uniform ? nil : MomentumRows(samples: samples, width: k),
      momentumEmbeddings: settings.alignment == .none ? nil : MomentumRows(samples: samples, width: structure.dimension),
      prior: Tensor(repeating: 1 / Float(k), shape: [k]), refreshes: 0)
  }

  /// The tensors a checkpoint holds, the vertices among them: `structure`, `prior`, `refreshes`; where the prior is
  /// estimated `momentum_scores` and `visited`; with an alignment `aligned` (0 or 1), and before it
  /// `momentum_embeddings` and `visited`.
  public func tensors(of state: State) -> [String: Tensor] {
    var tensors = [
      "structure": structure.vertices, "prior": state.prior, "refreshes": Tensor(scalar: Float(state.refreshes)),
    ]
    if let scores = state.momentumScores {
      tensors["momentum_scores"] = scores.rows
      tensors["visited"] = scores.visited
    }
    if settings.alignment != .none {
      tensors["aligned"] = Tensor(scalar: state.momentumEmbeddings == nil ? 1 : 0)
    }
    if let embeddings = state.momentumEmbeddings {
      // Both are moved by the same samples.
      tensors["momentum_embeddings"] = embeddings.rows
      tensors["visited"] = embeddings.visited
    }
    return tensors
  }

  /// The state a checkpoint holds, bit for bit.
  /// - Throws: ``ObjectiveError`` naming the tensor that is missing, of another shape or out of range, among them
  ///   a structure that is not this one.
  public func state(from tensors: [String: Tensor], samples: Int) throws -> State {
    let k = structure.classes
    func tensor(_ name: String, _ shape: Shape) throws -> Tensor {
      guard let tensor = tensors[name] else {
        throw ObjectiveError("harmonization state", "`\(name)` is missing")
      }
      guard tensor.shape == shape else {
        throw ObjectiveError("harmonization state", "`\(name)` is \(tensor.shape), expected \(shape)")
      }
      return tensor
    }
    guard try tensor("structure", structure.vertices.shape) == structure.vertices else {
      throw ObjectiveError(
        "harmonization state", "`structure` is not the structure in use: build it with "
          + "GeometricStructure(vertices:) from the checkpoint")
    }
    let prior = try tensor("prior", [k])
    let masses = prior.values
    guard masses.allSatisfy({ $0 >= 0 && $0.isFinite }), masses.contains(where: { $0 > 0 }) else {
      throw ObjectiveError("harmonization state", "`prior` holds masses that are negative, not finite or all 0")
    }
    let refreshes = try tensor("refreshes", [])[flat: 0]
    guard refreshes >= 0, refreshes < 1e9 else {
      throw ObjectiveError("harmonization state", "`refreshes` is \(refreshes), expected a count")
    }
    func rows(_ name: String, width: Int) throws -> MomentumRows {
      try MomentumRows(rows: try tensor(name, [samples, width]), visited: try tensor("visited", [samples]))
    }
    var isAligned = true
    if settings.alignment != .none {
      let flag = try tensor("aligned", [])[flat: 0]
      guard flag == 0 || flag == 1 else {
        throw ObjectiveError("harmonization state", "`aligned` is \(flag), expected 0 or 1")
      }
      isAligned = flag == 1
    }
    return State(
      momentumScores: settings.prior == .uniform ? nil : try rows("momentum_scores", width: k),
      momentumEmbeddings: isAligned ? nil : try rows("momentum_embeddings", width: structure.dimension), prior: prior,
      refreshes: Int(refreshes))
  }
}
