import Foundation
import Kernels

/// How classes share the circle: the circle is cut into bins of equal angle, each bin with a sample in it belongs to the
/// class that has most samples there (the one of the lower label among equals), and a class's share is that of its bins
/// among all that belong to one.
///
/// Embeddings N×2 need not be normalised, for only their directions count; one at the origin has none and is left out.
public struct CircleShares: Hashable, Sendable {
  /// The class each bin belongs to; nil for an empty one. Bin 0 begins at the angle 0, and angles grow.
  public let owners: [Int?]
  /// By class; they add up to 1.
  public let shares: [Double]

  /// - Throws: ``EvaluationError`` for other than two columns, labels that are missing or not below `classes`, fewer than
  ///   two bins, or where no sample has a direction.
  public init(_ embeddings: Features, classes: Int, bins: Int = 72) throws {
    let name = "circle shares"
    guard embeddings.dimension == 2 else {
      throw EvaluationError(name, "embeddings have \(embeddings.dimension) numbers, a circle needs 2")
    }
    guard bins >= 2 else { throw EvaluationError(name, "\(bins) bins, expected at least 2") }
    try embeddings.requireLabels(below: classes, in: name, "given")
    try embeddings.requireFinite(in: name, "given")
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: bins)
    let values = embeddings.values.values
    for (row, label) in embeddings.labels.enumerated() {
      if let bin = Self.bin(x: Double(values[2 * row]), y: Double(values[2 * row + 1]), of: bins) {
        counts[bin][label] += 1
      }
    }
    let owners = counts.map { own in own.max().flatMap { $0 == 0 ? nil : own.firstIndex(of: $0) } }
    let occupied = owners.compactMap { $0 }
    guard !occupied.isEmpty else { throw EvaluationError(name, "all embeddings lie at the origin") }
    self.owners = owners
    shares = (0..<classes).map { label in
      Double(occupied.filter { $0 == label }.count) / Double(occupied.count)
    }
  }

  /// The bin of a direction; nil for none.
  public static func bin(x: Double, y: Double, of bins: Int) -> Int? {
    guard x != 0 || y != 0 else { return nil }
    let turn = atan2(y, x) / (2 * .pi)
    return min(bins - 1, Int((turn < 0 ? turn + 1 : turn) * Double(bins)))
  }
}
