import Kernels

extension GeometricHarmonization {
  /// What a run carries from step to step.
  public struct State: Sendable {
    /// Nil where the prior is uniform: nothing needs estimating then.
    public internal(set) var momentumScores: MomentumScores?
    /// π in force, K masses that sum to 1.
    public internal(set) var prior: Tensor
    /// Estimates made so far.
    public internal(set) var refreshes: Int
  }

  /// The state before the first step.
  /// - Parameter samples: training images; the momentum scores take samples · K · 4 bytes.
  /// Programmer error: no sample traps.
  public func initialState(samples: Int) -> State {
    let k = structure.classes
    let estimated = settings.prior != .uniform
    return State(
      momentumScores: estimated ? MomentumScores(samples: samples, classes: k) : nil,
      prior: Tensor(repeating: 1 / Float(k), shape: [k]), refreshes: 0)
  }

  /// The tensors a checkpoint holds, the vertices among them: `structure`, `prior`, `refreshes`, and where the
  /// prior is estimated `momentum_scores` and `visited`.
  public func tensors(of state: State) -> [String: Tensor] {
    var tensors = [
      "structure": structure.vertices, "prior": state.prior, "refreshes": Tensor(scalar: Float(state.refreshes)),
    ]
    if let scores = state.momentumScores {
      tensors["momentum_scores"] = scores.scores
      tensors["visited"] = scores.visited
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
    guard settings.prior != .uniform else {
      return State(momentumScores: nil, prior: prior, refreshes: Int(refreshes))
    }
    let scores = try MomentumScores(
      scores: try tensor("momentum_scores", [samples, k]), visited: try tensor("visited", [samples]))
    return State(momentumScores: scores, prior: prior, refreshes: Int(refreshes))
  }
}
