import Kernels
import NeuralNet

/// The embeddings of a batch's two views, N × d each, not normalised.
public struct EmbeddingPair: Sendable {
  public let first: Tensor
  public let second: Tensor
  /// The samples' places in the training set.
  public let indices: [Int]
  /// N factors for terms that are known sample by sample; nil for 1 each. Other terms do without.
  public let weights: Tensor?
  /// Whether running state moves: once a step, however many passes it has.
  public let movesState: Bool

  public init(first: Tensor, second: Tensor, indices: [Int], weights: Tensor? = nil, movesState: Bool = true) {
    self.weights = weights
    self.movesState = movesState
    self.first = first
    self.second = second
    self.indices = indices
  }
}

/// One summand of a loss on embedding pairs, with its own weight and state.
public protocol LossTerm: AnyObject {
  /// As it stands in reports: `contrastive`, `gh`.
  var name: String { get }

  /// Value and gradients; those of ``parameters`` are added to what the parameters have. Nil where the term does not take
  /// part (its weight is 0, or it has not begun). Moves the term's running state where the pair says so.
  func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue?

  /// Called once after an epoch's last batch.
  func finishEpoch(at moment: Moment) throws

  /// What the term learns by gradients, under names that begin with its own; their values belong in ``state``.
  var parameters: [Parameter] { get }

  /// Whether ``LossTermValue/perSample`` is given.
  var isKnownPerSample: Bool { get }

  /// What has to be in a checkpoint.
  var state: [String: Tensor] { get }
  func load(state: [String: Tensor]) throws
}

/// What a term gives for one batch.
public struct LossTermValue: Sendable {
  /// Before the weight.
  public let value: Double
  public let weight: Double
  /// d value / d first embedding, before the weight.
  public let dFirst: Tensor
  /// d value / d second embedding, before the weight.
  public let dSecond: Tensor
  /// The N samples' own values before their weights; nil for a term that is not known sample by sample.
  public let perSample: Tensor?
  /// Further numbers for the log.
  public let details: [String: Double]

  public init(
    value: Double, weight: Double, dFirst: Tensor, dSecond: Tensor, perSample: Tensor? = nil,
    details: [String: Double] = [:]
  ) {
    self.perSample = perSample
    self.value = value
    self.weight = weight
    self.dFirst = dFirst
    self.dSecond = dSecond
    self.details = details
  }
}

extension LossTerm {
  public var parameters: [Parameter] { [] }
  public var isKnownPerSample: Bool { false }
  public func finishEpoch(at moment: Moment) throws {}
  public var state: [String: Tensor] { [:] }
  public func load(state: [String: Tensor]) throws {}
}
