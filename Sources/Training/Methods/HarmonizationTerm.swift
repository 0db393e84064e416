import Kernels
import Objectives

/// Geometric Harmonization in the course of training: when it begins, how its weight grows, and when the
/// class prior is estimated (METHOD.md 1.5 and 1.6, with the safe readings of 8.5).
///
/// The momentum scores follow the first view from the very first step; the loss takes part once
/// `startEpoch` epochs are finished and its weight is above 0. An alignment of the vertices is made at the end of
/// the last epoch before that.
public final class HarmonizationTerm: LossTerm {
  public struct Settings: Hashable, Sendable {
    /// Epochs of plain contrastive training before the term.
    public var startEpoch: Int
    /// The weight over the whole training; `ramp(0 → 1, over: 10)` begins at `startEpoch` in the published runs.
    public var weight: Schedule
    /// When the weight changes.
    public var update: ScheduleUpdate
    /// Share of the old momentum scores that is kept, read at the beginning of each epoch.
    public var scoreMomentum: Schedule
    /// The prior is estimated at the end of every so many epochs, from `startEpoch` on, and at the end of the
    /// last epoch before it.
    public var refreshEveryEpochs: Int
    /// Whether a step whose surrogate labels do not converge is an error.
    public var requiresConvergence: Bool

    public init(
      startEpoch: Int, weight: Schedule, update: ScheduleUpdate = .everyEpoch, scoreMomentum: Schedule,
      refreshEveryEpochs: Int = 20, requiresConvergence: Bool = false
    ) {
      self.requiresConvergence = requiresConvergence
      self.startEpoch = startEpoch
      self.weight = weight
      self.update = update
      self.scoreMomentum = scoreMomentum
      self.refreshEveryEpochs = refreshEveryEpochs
    }

    /// As in the published CIFAR runs: `weight` grows in a line from 0 to 1 over `ramp` epochs after `start`;
    /// scores keep 0.9 before it and 0.999 after.
    public static func published(start: Int, ramp: Int = 10) throws -> Settings {
      let (from, end) = (Double(start), Double(start + ramp))
      let zero = start > 0 ? [Schedule.Span(.hold(0), from: 0, to: from)] : []
      let before = start > 0 ? [Schedule.Span(.hold(0.9), from: 0, to: from)] : []
      return Settings(
        startEpoch: start,
        weight: try Schedule(
          zero + [.init(.ramp(from: 0, to: 1), from: from, to: end), .init(.hold(1), from: end, to: .infinity)]),
        scoreMomentum: try Schedule(before + [.init(.hold(start > 0 ? 0.999 : 0.9), from: from, to: .infinity)]))
    }
  }

  public let name = "gh"
  public let settings: Settings
  /// Replaced by its alignment, and when a checkpoint brings its own vertices.
  public private(set) var harmonization: GeometricHarmonization
  /// Momentum scores and the prior in force.
  public private(set) var running: GeometricHarmonization.State
  private let samples: Int

  /// - Parameter samples: size of the training set, which the batches' indices point into.
  /// Throws ``TrainingError`` for settings without sense.
  public init(_ harmonization: GeometricHarmonization, samples: Int, settings: Settings) throws {
    guard settings.startEpoch >= 0 else {
      throw TrainingError.settings(field: "gh.startEpoch", detail: "\(settings.startEpoch), must be at least 0")
    }
    guard settings.refreshEveryEpochs > 0 else {
      throw TrainingError.settings(
        field: "gh.refreshEveryEpochs", detail: "\(settings.refreshEveryEpochs), must be at least 1")
    }
    guard samples > 0 else {
      throw TrainingError.settings(field: "data", detail: "no samples for the momentum scores")
    }
    guard harmonization.settings.alignment == .none || settings.startEpoch > 0 else {
      throw TrainingError.settings(
        field: "gh.startEpoch", detail: "0 with an alignment, which needs embeddings of at least one epoch before it")
    }
    self.harmonization = harmonization
    self.settings = settings
    self.samples = samples
    running = harmonization.initialState(samples: samples)
  }

  /// Throws ``NotConverged`` where the settings ask for convergence.
  public func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
    let momentum = settings.scoreMomentum.value(at: moment.epochStart)
    let weight = moment.epoch >= settings.startEpoch ? settings.weight.value(at: moment, settings.update) : 0
    guard weight != 0 else {
      guard pair.movesState else { return nil }
      try harmonization.observe(pair.first, samples: pair.indices, momentum: momentum, state: &running)
      return nil
    }
    let result = try harmonization.loss(pair.first, pair.second, state: running)
    if settings.requiresConvergence, !result.diagnostics.converged {
      throw NotConverged(
        step: moment.step + 1, epoch: moment.epoch + 1, iterations: result.diagnostics.sinkhornIterations,
        marginalError: result.diagnostics.marginalError)
    }
    if pair.movesState {
      try harmonization.observe(
        scores: result.scores1, samples: pair.indices, momentum: momentum, state: &running)
    }
    let diagnostics = result.diagnostics
    return LossTermValue(
      value: result.loss, weight: weight, dFirst: result.dZ1, dSecond: result.dZ2,
      details: [
        "sinkhorn_iterations": Double(diagnostics.sinkhornIterations),
        "marginal_error": diagnostics.marginalError, "prior_entropy": diagnostics.priorEntropy,
        "empty_vertices": Double(diagnostics.emptyVertices),
      ])
  }

  public func finishEpoch(at moment: Moment) throws {
    let finished = moment.epoch + 1
    guard finished >= settings.startEpoch,
      finished == settings.startEpoch || finished % settings.refreshEveryEpochs == 0
    else { return }
    // Before the estimate, which is of the shares of the turned vertices.
    if let turned = try harmonization.aligned(state: &running) { harmonization = turned }
    try harmonization.refreshPrior(state: &running)
  }

  public var state: [String: Tensor] { harmonization.tensors(of: running) }

  /// Takes over a saved state, its vertices included: another machine's LAPACK may round them differently.
  /// Throws ``ObjectiveError`` and ``KernelError`` for tensors that do not fit; nothing is changed then.
  public func load(state: [String: Tensor]) throws {
    let expected = harmonization.structure.vertices.shape
    guard let vertices = state["structure"], vertices.shape == expected else {
      let found = state["structure"].map { "\($0.shape)" } ?? "missing"
      throw ObjectiveError("harmonization state", "`structure` is \(found), expected \(expected)")
    }
    let restored = try GeometricHarmonization(
      structure: GeometricStructure(vertices: vertices), settings: harmonization.settings)
    running = try restored.state(from: state, samples: samples)
    harmonization = restored
  }
}
