import Kernels

/// How evenly class means lie on the sphere. With μ_c the normalised mean of a class's normalised features
/// and L classes:
///
/// - inter-class: mean of ‖μ_a − μ_b‖ over all pairs a ≠ b;
/// - neighbourhood: mean over classes of the mean distance to the k nearest other means.
///
/// Larger is more even; both are at most √(2L / (L − 1)), reached by the simplex alone.
/// Source: Li et al., "Targeted Supervised Contrastive Learning", CVPR 2022; METHOD 4.4.
public struct Uniformity: Hashable, Sendable {
  public let interClass: Double
  public let neighbourhood: Double
  /// k as used: at most the other classes.
  public let neighbours: Int
  /// Classes that had a sample.
  public let classes: Int

  /// √(2L / (L − 1)) for the classes met.
  public var bound: Double { (2 * Double(classes) / Double(classes - 1)).squareRoot() }

  /// Classes without a sample are left out.
  /// - Throws: ``EvaluationError`` for missing labels, fewer than two classes, or a mean of length zero.
  public init(_ features: Features, neighbours: Int = 1) throws {
    guard neighbours >= 1 else {
      throw EvaluationError("uniformity", "neighbours is \(neighbours), expected at least 1")
    }
    let means = try Self.classMeans(features).map(\.mean)
    guard means.count >= 2 else {
      throw EvaluationError("uniformity", "\(means.count) class with samples, expected at least 2")
    }
    classes = means.count
    self.neighbours = min(neighbours, means.count - 1)
    var distances = [[Double]](repeating: [], count: means.count)
    for a in means.indices {
      for b in 0..<a {
        let distance = zip(means[a], means[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        distances[a].append(distance)
        distances[b].append(distance)
      }
    }
    let nearest = self.neighbours
    interClass = distances.joined().reduce(0, +) / Double(means.count * (means.count - 1))
    neighbourhood =
      distances.reduce(0) { $0 + $1.sorted().prefix(nearest).reduce(0, +) } / Double(means.count * nearest)
  }

  /// The normalised mean of each class that has a sample, in class order.
  static func classMeans(_ features: Features) throws -> [(label: Int, mean: [Double])] {
    let name = "uniformity"
    try features.requireLabels(below: .max, in: name, "given")
    try features.requireFinite(in: name, "given")
    let width = features.dimension
    var sums = [Int: [Double]]()
    let rows = normalizeRows(features.values).rows
    rows.withUnsafeBufferPointer { values in
      for (row, label) in features.labels.enumerated() {
        var sum = sums.removeValue(forKey: label) ?? [Double](repeating: 0, count: width)
        for column in 0..<width { sum[column] += Double(values[row * width + column]) }
        sums[label] = sum
      }
    }
    return try sums.sorted { $0.key < $1.key }.map { label, sum in
      let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 0 else { throw EvaluationError(name, "the mean of class \(label) is zero") }
      return (label, sum.map { $0 / length })
    }
  }
}
