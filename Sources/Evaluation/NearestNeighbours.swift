import Foundation
import Kernels

/// Classifies by the nearest training samples under the cosine; needs no training.
///
/// With a temperature, a neighbour's vote weighs exp(cosine / temperature), as in Wu et al., CVPR 2018.
public enum NearestNeighbours {
  public struct Options: Hashable, Sendable {
    /// Neighbours that vote; all samples if there are fewer.
    public var neighbours: Int
    /// nil: each neighbour has one vote.
    public var temperature: Double?

    public init(neighbours: Int = 20, temperature: Double? = 0.07) {
      self.neighbours = neighbours
      self.temperature = temperature
    }
  }

  /// Equal votes go to the smaller class; equal cosines to the earlier sample. A zero row has cosine 0 to all.
  /// - Throws: ``EvaluationError`` for an option out of range, features of different dimension, missing or
  ///   wrong labels, features that are not finite.
  public static func classify(
    _ test: Features, training: Features, classes: Int, options: Options = Options()
  ) throws -> Classification {
    let name = "nearest neighbours"
    guard options.neighbours >= 1 else {
      throw EvaluationError(name, "neighbours is \(options.neighbours), expected at least 1")
    }
    if let temperature = options.temperature, !(temperature > 0 && temperature.isFinite) {
      throw EvaluationError(name, "temperature is \(temperature), expected a positive number")
    }
    guard test.dimension == training.dimension else {
      throw EvaluationError(
        name, "test features of dimension \(test.dimension), training features of \(training.dimension)")
    }
    for (features, what) in [(training, "training"), (test, "test")] {
      try features.requireLabels(below: classes, in: name, what)
      try features.requireFinite(in: name, what)
    }
    let wanted = min(options.neighbours, training.count)
    let keys = normalizeRows(training.values).rows
    let block = max(1, min(1024, (1 << 24) / training.count))
    var predictions: [Int] = []
    predictions.reserveCapacity(test.count)
    for start in stride(from: 0, to: test.count, by: block) {
      let positions = Array(start..<min(start + block, test.count))
      let queries = normalizeRows(test.values.gatheringRows(positions[...])).rows
      let nearest = try topRows(try matmul(queries, keys, transposeB: true), count: wanted)
      let cosines = nearest.values.values
      for row in positions.indices {
        var votes = [Double](repeating: 0, count: classes)
        for place in row * wanted..<(row + 1) * wanted {
          let weight = options.temperature.map { exp((Double(cosines[place]) - 1) / $0) } ?? 1
          votes[training.labels[nearest.positions[place]]] += weight
        }
        predictions.append(votes.indices.max { votes[$0] < votes[$1] || votes[$0] == votes[$1] && $0 > $1 }!)
      }
    }
    return Classification(predictions: predictions, labels: test.labels, classes: classes)
  }
}
