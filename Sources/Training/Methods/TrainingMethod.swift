import Kernels
import NeuralNet

/// How a batch becomes gradients: views, branches and losses. The loop knows nothing else of a method,
/// so a new one (pruned branches, a predictor with a slow copy) is a new type here and no change there.
public protocol TrainingMethod: AnyObject {
  /// Adds the gradients of one batch to the model's parameters, and moves what the method learns beside
  /// them (running scores) where the pass says so.
  ///
  /// Throws ``NotFinite`` for NaN or infinity, and whatever kernels throw.
  func accumulateGradients(
    _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment, pass: GradientPass
  ) throws -> LossReport

  /// What the method learns by gradients beside the model: a predictor, say. Their names are unlike the model's. The
  /// optimiser moves them as it moves the model's; their values belong in ``state``.
  var parameters: [Parameter] { get }

  /// What the optimiser gets of these gradients.
  var gradientRule: any GradientRule { get }

  /// Called once after an epoch's last batch, with the moment of that batch's epoch.
  func finishEpoch(at moment: Moment) throws

  /// What the method has to say of each sample to the data, in 0…1, before an epoch begins; nil for nothing. It changes
  /// in ``finishEpoch(at:)`` and ``load(state:)`` alone.
  var sampleWeights: [Float]? { get }

  /// What has to be in a checkpoint, by names of the method's own.
  var state: [String: Tensor] { get }

  /// Throws when tensors are missing or do not fit; nothing is changed then.
  func load(state: [String: Tensor]) throws
}

extension TrainingMethod {
  public var parameters: [Parameter] { [] }
  public var sampleWeights: [Float]? { nil }
  public var gradientRule: any GradientRule { PlainGradient() }

  /// The only pass of a step.
  public func accumulateGradients(
    _ model: ContrastiveModel, _ batch: TrainingBatch, at moment: Moment
  ) throws -> LossReport {
    try accumulateGradients(model, batch, at: moment, pass: .only)
  }
}

extension TrainingMethod {
  /// All that a step moves: the model's parameters, then the method's own.
  func learnt(with model: ContrastiveModel) -> [Parameter] { model.parameters + parameters }
}

/// A loss and what it is made of.
public struct LossReport: Hashable, Sendable {
  public struct Part: Hashable, Sendable {
    public let name: String
    /// Before the weight.
    public let value: Double
    public let weight: Double
    /// Further numbers for the log.
    public let details: [String: Double]

    public init(name: String, value: Double, weight: Double, details: [String: Double] = [:]) {
      self.name = name
      self.value = value
      self.weight = weight
      self.details = details
    }
  }
  public let parts: [Part]
  /// Σ weight · value.
  public let total: Double

  public init(parts: [Part]) {
    self.parts = parts
    total = parts.reduce(0) { $0 + $1.weight * $1.value }
  }
}

/// A number of a step that is NaN or infinite.
public struct NotFinite: Error, Hashable, Sendable {
  /// As in `the loss contrastive`.
  public let what: String

  public init(what: String) { self.what = what }
}
