/// Some runs' curves as one: their mean, and how far they spread.
package struct Band {
  package struct Point: Hashable {
    package let epoch: Double
    package let mean: Double
    /// Sample standard deviation; nil where there is one run.
    package let deviation: Double?
  }
  package let points: [Point]

  /// The mean over the curves at each epoch that at least half of them have a value at. A value that is not finite is none; where
  /// no curve has a value, the mean is not finite, and the line has a gap.
  ///
  /// - Parameter limit: at most so many points; neighbours are averaged first.
  package init(_ curves: [[Report.Point]], limit: Int) {
    let thin = curves.filter { !$0.isEmpty }.map { LineChart.averaged($0, bins: limit) }
    guard thin.count > 1 else {
      points = (thin.first ?? []).map { Point(epoch: $0.epoch, mean: $0.value, deviation: nil) }
      return
    }
    var values: [Double: [Double]] = [:]
    for point in thin.joined() { values[point.epoch, default: []].append(point.value) }
    points = values.keys.sorted().compactMap { epoch in
      let there = values[epoch]!
      guard 2 * there.count >= thin.count else { return nil }
      let spread = Spread(there)
      return Point(epoch: epoch, mean: spread?.mean ?? .nan, deviation: spread?.deviation)
    }
  }

  /// All that is drawn of it.
  var extent: [Double] { points.flatMap { [$0.mean - ($0.deviation ?? 0), $0.mean + ($0.deviation ?? 0)] } }
}
