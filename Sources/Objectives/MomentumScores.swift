import Kernels

/// A running mean of every sample's scores on the vertices: S_i = m·S_i + (1 − m)·t_i, S_i = t_i at the first
/// visit. (The authors' code adds to uninitialised memory in its first epoch; see METHOD.md 8.2.)
public struct MomentumScores: Sendable {
  /// N×K; a row not visited yet is 0.
  public private(set) var scores: Tensor
  /// N values: 1 for a sample visited, else 0.
  public private(set) var visited: Tensor
  public private(set) var visitedCount: Int

  public var samples: Int { scores.shape[0] }
  public var classes: Int { scores.shape[1] }

  /// Programmer error: no sample or no class traps.
  public init(samples: Int, classes: Int) {
    precondition(samples > 0 && classes > 0, "momentum scores of \(samples) samples on \(classes) classes")
    scores = Tensor(zeros: [samples, classes])
    visited = Tensor(zeros: [samples])
    visitedCount = 0
  }

  /// To go on from a checkpoint.
  /// - Throws: ``ObjectiveError`` when the two do not fit or `visited` holds anything but 0 and 1.
  public init(scores: Tensor, visited: Tensor) throws {
    guard scores.shape.rank == 2, scores.count > 0, visited.shape == [scores.shape[0]] else {
      throw ObjectiveError("momentum scores", "scores \(scores.shape) and visited \(visited.shape) do not fit")
    }
    if let i = visited.values.firstIndex(where: { $0 != 0 && $0 != 1 }) {
      throw ObjectiveError("momentum scores", "visited[\(i)] is \(visited[flat: i]), expected 0 or 1")
    }
    self.scores = scores
    self.visited = visited
    visitedCount = visited.values.count { $0 == 1 }
  }

  /// Moves the rows of `samples` towards the scores of a batch.
  ///
  /// - Parameters:
  ///   - batch: B×K scores of one view.
  ///   - samples: which sample each row is, 0..<N. One that occurs twice is moved twice.
  ///   - momentum: share of the old mean that is kept, 0...1.
  /// - Throws: ``ObjectiveError`` for a sample outside the range, a momentum outside 0...1 or shapes that do not
  ///   fit. Nothing is changed then.
  public mutating func update(_ batch: Tensor, samples: [Int], momentum: Double) throws {
    guard batch.shape == [samples.count, classes] else {
      throw ObjectiveError(
        "momentum scores", "scores \(batch.shape) for \(samples.count) samples on \(classes) vertices")
    }
    guard momentum >= 0, momentum <= 1 else {
      throw ObjectiveError("momentum scores", "momentum \(momentum), expected 0...1")
    }
    let count = self.samples
    if let i = samples.firstIndex(where: { $0 < 0 || $0 >= count }) {
      throw ObjectiveError("momentum scores", "sample \(samples[i]) is outside 0..<\(count)")
    }
    visitedCount += try updateRunningRows(
      &scores, visited: &visited, with: batch, at: samples, momentum: Float(momentum))
  }
}
