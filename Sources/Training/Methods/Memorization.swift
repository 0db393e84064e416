import Kernels
import Objectives

/// The memory of Boosted Contrastive Learning (Zhou et al., ICML 2022; METHOD.md 2.4): running means of the samples'
/// losses, and weights that say at the end of each epoch which samples are harder than the average. The data of the
/// next epoch disturb those more.
public final class Memorization {
  /// Share of a sample's old loss that is kept at each visit.
  public let momentum: Double
  /// Of the epoch under way, N values in 0…1: made at the end of the one before it, 0 in the first.
  public private(set) var weights: Tensor
  private var losses: MomentumLosses

  /// - Parameter samples: size of the training set, which the batches' indices point into.
  /// Throws ``TrainingError`` for settings without sense.
  public init(samples: Int, momentum: Double = 0.97) throws {
    guard samples > 0 else { throw TrainingError.settings(field: "data", detail: "no samples to remember") }
    guard momentum >= 0, momentum < 1 else {
      throw TrainingError.settings(field: "memorization.momentum", detail: "\(momentum), expected 0 ..< 1")
    }
    self.momentum = momentum
    losses = MomentumLosses(samples: samples)
    weights = Tensor(zeros: [samples])
  }

  func observe(_ batch: Tensor, samples: [Int]) throws {
    try losses.update(batch, samples: samples, momentum: momentum)
  }

  func finishEpoch() throws { weights = try losses.weights() }

  /// The weights, too: losses move on within an epoch, and the epoch's views follow the weights it began with.
  var state: [String: Tensor] { ["loss": losses.losses, "visited": losses.visited, "weight": weights] }

  /// Throws ``ObjectiveError`` for tensors that do not fit; nothing is changed then.
  func load(state: [String: Tensor]) throws {
    let expected = weights.shape
    func part(_ name: String, _ isRight: (Float) -> Bool) throws -> Tensor {
      guard let tensor = state[name], tensor.shape == expected else {
        let found = state[name].map { "\($0.shape)" } ?? "missing"
        throw ObjectiveError("memorization state", "`\(name)` is \(found), expected \(expected)")
      }
      if let bad = tensor.values.first(where: { !isRight($0) }) {
        throw ObjectiveError("memorization state", "`\(name)` has the value \(bad)")
      }
      return tensor
    }
    let read = (
      loss: try part("loss", \.isFinite), visited: try part("visited") { $0 == 0 || $0 == 1 },
      weight: try part("weight") { $0 >= 0 && $0 <= 1 }
    )
    losses = try MomentumLosses(losses: read.loss, visited: read.visited)
    weights = read.weight
  }
}
