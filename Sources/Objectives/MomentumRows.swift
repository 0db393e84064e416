import Kernels

/// A running mean of a row of numbers for every sample, such as its scores on the vertices: S_i = m·S_i + (1 − m)·t_i,
/// S_i = t_i at the first visit. (The authors' code adds to uninitialised memory in its first epoch; see METHOD.md 8.2.)
public struct MomentumRows: Sendable {
  /// N×width; a row not visited yet is 0.
  public private(set) var rows: Tensor
  /// N values: 1 for a sample visited, else 0.
  public private(set) var visited: Tensor
  public private(set) var visitedCount: Int

  public var samples: Int { rows.shape[0] }
  public var width: Int { rows.shape[1] }

  /// Programmer error: no sample or no column traps.
  public init(samples: Int, width: Int) {
    precondition(samples > 0 && width > 0, "momentum rows of \(samples) samples and \(width) columns")
    rows = Tensor(zeros: [samples, width])
    visited = Tensor(zeros: [samples])
    visitedCount = 0
  }

  /// To go on from a checkpoint.
  /// - Throws: ``ObjectiveError`` when the two do not fit or `visited` holds anything but 0 and 1.
  public init(rows: Tensor, visited: Tensor) throws {
    guard rows.shape.rank == 2, rows.count > 0, visited.shape == [rows.shape[0]] else {
      throw ObjectiveError("momentum rows", "rows \(rows.shape) and visited \(visited.shape) do not fit")
    }
    if let i = visited.values.firstIndex(where: { $0 != 0 && $0 != 1 }) {
      throw ObjectiveError("momentum rows", "visited[\(i)] is \(visited[flat: i]), expected 0 or 1")
    }
    self.rows = rows
    self.visited = visited
    visitedCount = visited.values.count { $0 == 1 }
  }

  /// Moves the rows of `samples` towards those of a batch.
  ///
  /// - Parameters:
  ///   - batch: B×width, of one view.
  ///   - samples: which sample each row is, 0..<N. One that occurs twice is moved twice.
  ///   - momentum: share of the old mean that is kept, 0...1.
  /// - Throws: ``ObjectiveError`` for a sample outside the range, a momentum outside 0...1 or shapes that do not
  ///   fit. Nothing is changed then.
  public mutating func update(_ batch: Tensor, samples: [Int], momentum: Double) throws {
    guard batch.shape == [samples.count, width] else {
      throw ObjectiveError(
        "momentum rows", "rows \(batch.shape) for \(samples.count) samples and \(width) columns")
    }
    guard momentum >= 0, momentum <= 1 else {
      throw ObjectiveError("momentum rows", "momentum \(momentum), expected 0...1")
    }
    let count = self.samples
    if let i = samples.firstIndex(where: { $0 < 0 || $0 >= count }) {
      throw ObjectiveError("momentum rows", "sample \(samples[i]) is outside 0..<\(count)")
    }
    visitedCount += try updateRunningRows(
      &rows, visited: &visited, with: batch, at: samples, momentum: Float(momentum))
  }

  /// The rows of the samples visited, in their order.
  var visitedRows: Tensor {
    if visitedCount == samples { return rows }
    let (flags, values, width) = (visited.values, rows.values, width)
    let kept = flags.indices.filter { flags[$0] != 0 }.flatMap { values[$0 * width..<($0 + 1) * width] }
    return Tensor(kept, shape: [visitedCount, width])
  }
}
