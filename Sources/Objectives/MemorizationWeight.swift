import Kernels

/// The weights of Boosted Contrastive Learning (METHOD.md 2.4): how much harder than the average a sample is
/// remembered to be, w_i = ½ (1 + (m_i − mean m) / max_j |m_j − mean m|), in [0, 1].
///
/// - Parameter momentumLosses: N running means of per-sample losses.
/// - Returns: N weights; ½ for all where all losses are equal.
/// - Throws: ``ObjectiveError`` for an empty tensor or a loss that is not finite.
public func memorizationWeights(_ momentumLosses: Tensor) throws -> Tensor {
  let losses = momentumLosses.values.map(Double.init)
  guard !losses.isEmpty else { throw ObjectiveError("memorization weights", "there are no losses") }
  if let i = losses.firstIndex(where: { !$0.isFinite }) {
    throw ObjectiveError("memorization weights", "the loss of sample \(i) is \(losses[i])")
  }
  let mean = losses.reduce(0, +) / Double(losses.count)
  let largest = losses.reduce(0) { max($0, abs($1 - mean)) }
  let weights = losses.map { largest > 0 ? Float(($0 - mean) / largest / 2 + 0.5) : 0.5 }
  return Tensor(weights, shape: momentumLosses.shape)
}

/// The running mean of every sample's contrastive loss: m·old + (1 − m)·new, the loss itself at the first visit.
public struct MomentumLosses: Sendable {
  /// N values, 0 where not visited.
  public private(set) var losses: Tensor
  /// N values, 1 where visited, else 0.
  public private(set) var visited: Tensor

  /// Programmer error: no sample traps.
  public init(samples: Int) {
    precondition(samples > 0, "momentum losses of no samples")
    losses = Tensor(zeros: [samples])
    visited = Tensor(zeros: [samples])
  }

  /// To go on from a checkpoint.
  /// - Throws: ``ObjectiveError`` when the shapes differ.
  public init(losses: Tensor, visited: Tensor) throws {
    guard losses.shape.rank == 1, losses.count > 0, visited.shape == losses.shape else {
      throw ObjectiveError("momentum losses", "losses \(losses.shape) and visited \(visited.shape) do not fit")
    }
    self.losses = losses
    self.visited = visited
  }

  /// - Parameters:
  ///   - batch: per-sample losses of a batch.
  ///   - samples: which sample each is.
  ///   - momentum: 0.97 in the authors' code.
  /// - Throws: ``ObjectiveError`` for shapes, samples or a momentum out of range. Nothing is changed then.
  public mutating func update(_ batch: Tensor, samples: [Int], momentum: Double = 0.97) throws {
    guard batch.count == samples.count, momentum >= 0, momentum <= 1 else {
      throw ObjectiveError(
        "momentum losses", "\(batch.count) losses for \(samples.count) samples with momentum \(momentum)")
    }
    let count = losses.count
    if let i = samples.firstIndex(where: { $0 < 0 || $0 >= count }) {
      throw ObjectiveError("momentum losses", "sample \(samples[i]) is outside 0..<\(count)")
    }
    var rows = losses.reshaped([count, 1])
    losses = Tensor(zeros: [0])  // so that `rows` is the only owner and nothing is copied
    defer { losses = rows.reshaped([count]) }
    _ = try updateRunningRows(
      &rows, visited: &visited, with: batch.reshaped([batch.count, 1]), at: samples, momentum: Float(momentum))
  }

  /// See ``memorizationWeights(_:)``, among the samples visited; 0 for the others.
  public func weights() throws -> Tensor {
    let places = visited.values.indices.filter { visited[flat: $0] == 1 }
    guard !places.isEmpty else { return Tensor(zeros: losses.shape) }
    let known = Tensor(places.map { losses[flat: $0] }, shape: [places.count])
    var weights = [Float](repeating: 0, count: losses.count)
    for (place, weight) in zip(places, try memorizationWeights(known).values) { weights[place] = weight }
    return Tensor(weights, shape: losses.shape)
  }
}
