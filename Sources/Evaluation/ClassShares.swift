import Kernels

/// How much of the space of representations each class has: the share of all samples that lie nearest to its mean.
///
/// Rows are brought to length one, and so are the means of the classes; a row belongs to the mean with the largest
/// cosine, the first class of equals. On samples with as many of each class, classes that have equal room come out at
/// 1/L each; a class squeezed beside a large one gets less. This is the measure of METHOD 5.2 (shares of the circle by
/// majority class) for more than two dimensions, where space cannot be cut into bins.
public struct ClassShares: Hashable, Sendable {
  /// Share of the samples nearest to each class's mean, by label; a class without a sample has 0. They sum to 1.
  public let shares: [Double]

  /// - Parameters:
  ///   - features: labelled samples, as many of each class as can be.
  ///   - classes: L; labels lie below.
  /// - Throws: ``EvaluationError`` for missing or wrong labels, features that are not finite, or a mean of length zero.
  public init(_ features: Features, classes: Int) throws {
    try features.requireLabels(below: classes, in: "class shares", "given")
    let means = try Uniformity.classMeans(features)
    let width = features.dimension
    let centres = Tensor(means.flatMap { $0.mean.map(Float.init) }, shape: [means.count, width])
    let rows = normalizeRows(features.values).rows
    var counts = [Int](repeating: 0, count: classes)
    for nearest in try argmaxRows(try matmul(rows, centres, transposeB: true)) { counts[means[nearest].label] += 1 }
    shares = counts.map { Double($0) / Double(features.count) }
  }
}
