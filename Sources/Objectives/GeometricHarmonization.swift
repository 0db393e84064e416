import Kernels

/// Geometric Harmonization (Zhou et al., "Combating Representation Learning Disparity with Geometric
/// Harmonization", NeurIPS 2023) as settings, state and pure steps. METHOD.md 1 is the reference; its safe
/// readings (8.5) are taken.
///
/// A training step calls ``observe(_:samples:momentum:state:)`` with the first view from the very first epoch
/// on, and ``loss(_:_:state:)`` from the epoch where the term starts; between epochs, when an estimate is due,
/// it calls ``refreshPrior(state:)``. Weight, its ramp, the momentum and the refresh interval are schedules of
/// the training. A checkpoint is the settings and ``State/tensors``.
public struct GeometricHarmonization: Sendable {
  public enum PriorRule: Hashable, Sendable {
    /// The same share for every vertex, always.
    case uniform
    /// Estimated from momentum scores; equal shares until the first estimate.
    case estimated(ClassPrior)
  }

  /// Where the vertices stand.
  public enum Alignment: Hashable, Sendable {
    /// Where they were made, at random: the published form.
    case none
    /// Turned once, when the term begins, to the directions of the embeddings' k-means centres
    /// (``StructureAlignment``).
    case centres(seed: UInt64)
  }

  public struct Settings: Hashable, Sendable {
    public var sinkhorn: Sinkhorn.Options
    /// γ, the temperature of the prediction.
    public var temperature: Float
    public var prior: PriorRule
    public var alignment: Alignment

    public init(
      sinkhorn: Sinkhorn.Options = .init(), temperature: Float = 0.1,
      prior: PriorRule = .estimated(ClassPrior()), alignment: Alignment = .none
    ) {
      self.sinkhorn = sinkhorn
      self.temperature = temperature
      self.prior = prior
      self.alignment = alignment
    }
  }

  public let settings: Settings
  public let structure: GeometricStructure
  private let kernel: GHLoss

  /// - Throws: `KernelError` for a λ, iteration count, tolerance or temperature out of range.
  public init(structure: GeometricStructure, settings: Settings = Settings()) throws {
    self.settings = settings
    self.structure = structure
    kernel = try GHLoss(
      structure: structure.vertices, sinkhorn: Sinkhorn(settings.sinkhorn), temperature: settings.temperature)
  }

  public struct Loss: Sendable {
    /// The sum of both directions (METHOD.md 1.3), without any weight.
    public let loss: Double
    /// Gradients with respect to the embeddings, N×d.
    public let dZ1: Tensor
    public let dZ2: Tensor
    /// Unit scores of the first view, N×K: what ``observe(scores:samples:momentum:state:)`` takes.
    public let scores1: Tensor
    public let diagnostics: Diagnostics
  }

  /// What a log should hold about a step.
  public struct Diagnostics: Hashable, Sendable {
    /// The larger number of the two views.
    public let sinkhornIterations: Int
    /// The larger error of the two views (see `Sinkhorn.Result`).
    public let marginalError: Double
    public let converged: Bool
    /// −Σ π log π of the prior in force, nats.
    public let priorEntropy: Double
    /// Vertices without mass in the prior in force.
    public let emptyVertices: Int
  }

  /// The loss and its gradients under the prior in force.
  /// - Throws: `KernelError`: embeddings that do not fit the structure, NaN in them.
  public func loss(_ z1: Tensor, _ z2: Tensor, state: State) throws -> Loss {
    let result = try kernel(z1, z2, prior: state.prior)
    let (a, b) = (result.labels1, result.labels2)
    return Loss(
      loss: result.loss, dZ1: result.dZ1, dZ2: result.dZ2, scores1: result.scores1,
      diagnostics: Diagnostics(
        sinkhornIterations: max(a.iterations, b.iterations), marginalError: max(a.marginalError, b.marginalError),
        converged: a.converged && b.converged, priorEntropy: ClassPrior.entropy(state.prior),
        emptyVertices: ClassPrior.emptyVertices(state.prior)))
  }

  /// Moves the momentum scores, and before an alignment the momentum embeddings, by the first view's embeddings, N×d.
  /// - Throws: `KernelError` or ``ObjectiveError`` for shapes, samples or momentum out of range.
  public func observe(_ z1: Tensor, samples: [Int], momentum: Double, state: inout State) throws {
    if state.momentumScores != nil {
      try observe(scores: try kernel.scores(z1), samples: samples, momentum: momentum, state: &state)
    }
    if state.momentumEmbeddings != nil {
      try state.momentumEmbeddings?.update(normalizeRows(z1).rows, samples: samples, momentum: momentum)
    }
  }

  /// The same from scores already known, as ``Loss/scores1``; momentum embeddings stay as they are.
  public func observe(scores: Tensor, samples: [Int], momentum: Double, state: inout State) throws {
    try state.momentumScores?.update(scores, samples: samples, momentum: momentum)
  }

  /// Estimates the prior anew from the momentum scores. Without a visited sample, or with a uniform prior,
  /// nothing changes.
  /// - Throws: `KernelError` (`notFinite`) for NaN in the momentum scores.
  public func refreshPrior(state: inout State) throws {
    guard case .estimated(let rule) = settings.prior, let scores = state.momentumScores,
      let prior = try rule.estimate(scores)
    else { return }
    state.prior = prior
    state.refreshes += 1
  }

  /// The same with vertices turned to the embeddings seen so far, if that is asked for and not yet done; else nil.
  /// Momentum scores become those of the momentum embeddings on the new vertices, and the embeddings are given up.
  ///
  /// Embeddings are the running means that each sample's unit embedding has left: no pass over the training set is
  /// needed, and the noise of views is averaged out. Until then they take samples · d · 4 bytes of memory and checkpoint.
  /// - Throws: ``ObjectiveError`` when fewer samples than vertices have been seen; `KernelError` for NaN.
  public func aligned(state: inout State) throws -> GeometricHarmonization? {
    guard case .centres(let seed) = settings.alignment, let embeddings = state.momentumEmbeddings else { return nil }
    let alignment = try StructureAlignment(structure, to: embeddings.visitedRows, seed: seed)
    let turned = try GeometricHarmonization(structure: alignment.structure, settings: settings)
    if state.momentumScores != nil {
      state.momentumScores = try MomentumRows(
        rows: turned.kernel.scores(embeddings.rows), visited: embeddings.visited)
    }
    state.momentumEmbeddings = nil
    return turned
  }
}
