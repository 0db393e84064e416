import Foundation
import Kernels

/// How the share of each vertex, π, is estimated (METHOD.md 1.5, with the safe readings of 8.5).
///
/// A running mean of each sample's scores is kept. The prior is the histogram of the vertices that score
/// highest: π_k = (count_k + floor) / (visited + floor·K). Only samples visited so far count.
public struct ClassPrior: Hashable, Sendable {
  /// Samples added to every vertex's count, so that none is lost for good. 0 in the authors' CIFAR code, 100
  /// in their ImageNet code.
  public let floor: Double

  /// No floor.
  public init() { floor = 0 }

  /// - Throws: ``ObjectiveError`` for a negative floor.
  public init(floor: Double) throws {
    guard floor >= 0, floor.isFinite else {
      throw ObjectiveError("class prior", "floor \(floor), expected 0 or more")
    }
    self.floor = floor
  }

  /// The histogram of the row argmax of momentum scores N×K, floored and normalised: K values.
  /// - Throws: `KernelError` for NaN scores or an empty matrix.
  public func estimate(_ momentumScores: Tensor) throws -> Tensor {
    let winners = try argmaxRows(momentumScores)
    return marginal(winners.map(Optional.some), classes: momentumScores.shape[1])
  }

  /// The same over the visited samples; nil when none has been.
  public func estimate(_ scores: MomentumScores) throws -> Tensor? {
    guard scores.visitedCount > 0 else { return nil }
    let visited = scores.visited.values
    let winners = try argmaxRows(scores.scores).enumerated().map { visited[$0.offset] != 0 ? $0.element : nil }
    return marginal(winners, classes: scores.classes)
  }

  private func marginal(_ winners: [Int?], classes: Int) -> Tensor {
    var counts = [Double](repeating: floor, count: classes)
    for case let winner? in winners { counts[winner] += 1 }
    let total = counts.reduce(0, +)
    return Tensor(counts.map { Float($0 / total) }, shape: [classes])
  }

  /// −Σ π log π in nats: log K for equal shares, 0 when one vertex has everything.
  public static func entropy(_ prior: Tensor) -> Double {
    let masses = prior.values.map(Double.init)
    let total = masses.reduce(0, +)
    return -masses.reduce(0) { $1 > 0 ? $0 + $1 / total * log($1 / total) : $0 }
  }

  /// How many vertices have no mass and so can take no sample.
  public static func emptyVertices(_ prior: Tensor) -> Int { prior.values.count { $0 == 0 } }
}
