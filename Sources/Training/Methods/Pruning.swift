import Kernels
import NeuralNet
import Objectives

/// The pruned branch of SDCLR (Jiang et al., ICML 2021; METHOD.md 2.3): at the beginning of each epoch the smallest
/// weights of all the backbone's convolutions together are masked.
public final class Pruning {
  public struct Settings: Hashable, Sendable {
    /// Share of the weights that is masked for being small, 0 ..< 1, read at the beginning of each epoch.
    public var fraction: Schedule
    /// Share of the others that is masked at random, anew each epoch.
    public var random: Double
    public var seed: UInt64

    public init(fraction: Schedule = .constant(0.9), random: Double = 0, seed: UInt64 = 0) {
      self.fraction = fraction
      self.random = random
      self.seed = seed
    }
  }
  public let settings: Settings
  /// One for each prunable convolution, in their order; none before the first step.
  public private(set) var masks: [Tensor] = []

  /// Throws ``TrainingError`` for a share of the weights that is none.
  public init(_ settings: Settings) throws {
    guard settings.random >= 0, settings.random < 1 else {
      throw TrainingError.settings(field: "pruning.random", detail: "\(settings.random), expected 0 ..< 1")
    }
    self.settings = settings
  }

  /// Gives the model the masks of this epoch: new ones at its first batch.
  ///
  /// Programmer error: a model without a pruned branch traps.
  func apply(to model: ContrastiveModel, at moment: Moment) throws {
    precondition(model.configuration.hasPrunedBranch, "pruning needs a model with a pruned branch")
    let layers = model.prunable
    if moment.batch == 0 || masks.count != layers.count {
      masks = try magnitudeMasks(
        layers.map(\.weight.value), fraction: settings.fraction.value(at: moment.epochStart))
      if settings.random > 0 { dropAtRandom(layers, epoch: moment.epoch) }
    }
    for (layer, mask) in zip(layers, masks) { layer.mask = mask }
  }

  private func dropAtRandom(_ layers: [ConvolutionLayer], epoch: Int) {
    for index in masks.indices {
      var random = CounterRandom(seed: settings.seed, .pruning, epoch: epoch, sample: index)
      let kept = masks[index].values.map { random.unit() < settings.random ? 0 : $0 }
      masks[index] = Tensor(kept, shape: masks[index].shape)
    }
  }

  /// The masks of the epoch under way, `mask.0` and so on: the weights they were made from have moved since.
  var state: [String: Tensor] {
    Dictionary(uniqueKeysWithValues: masks.enumerated().map { ("mask.\($0)", $1) })
  }

  func load(state: [String: Tensor]) throws {
    let found = (0..<state.count).compactMap { state["mask.\($0)"] }
    guard found.count == state.count else {
      throw ObjectiveError("pruning state", "masks \(state.keys.sorted().joined(separator: ", ")) are not all there")
    }
    masks = found
  }
}
