import Kernels

extension Features {
  /// As many rows of each class, drawn at random: what a few-shot probe learns from.
  ///
  /// The rows keep their order. The draw of a class depends on the seed, the class and the number of its rows alone, and
  /// draws of one seed are nested: that of 50 lies within that of 100.
  /// - Parameters:
  ///   - shots: rows of each class, at least 1.
  ///   - classes: labels lie below.
  /// - Throws: ``EvaluationError`` for missing or wrong labels, or a class with fewer rows.
  public func balanced(shots: Int, classes: Int, seed: UInt64) throws -> Features {
    let name = "few-shot probe"
    guard shots >= 1 else { throw EvaluationError(name, "shots is \(shots), expected at least 1") }
    try requireLabels(below: classes, in: name, "training")
    var rowsOfClass = [[Int]](repeating: [], count: classes)
    for (row, label) in labels.enumerated() { rowsOfClass[label].append(row) }
    var chosen: [Int] = []
    for (label, rows) in rowsOfClass.enumerated() {
      guard rows.count >= shots else {
        throw EvaluationError(name, "class \(label) has \(rows.count) samples, \(shots) of each are asked for")
      }
      var random = CounterRandom(seed: seed, .probe, name: "shots of class \(label)")
      chosen += random.permutation(rows.count).prefix(shots).map { rows[$0] }
    }
    return self.rows(chosen.sorted())
  }
}
