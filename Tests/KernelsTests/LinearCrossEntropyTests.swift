import CKernels
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct LinearCrossEntropyTests {
  /// Rows, columns, classes: around the blocks of 56 rows, vectors of columns, and classes beyond whole vectors, which
  /// are inner products up to 8.
  static let sizes = [
    (1, 1, 1), (2, 3, 2), (57, 5, 3), (55, 31, 10), (113, 33, 17), (100, 47, 29), (7, 16, 100), (64, 0, 4),
    (56, 65, 24), (112, 130, 25), (1, 40, 16),
  ]

  struct Case {
    let features, weight, bias: Tensor
    let rows: [Int]
    let labels: [Int32]

    init(_ size: (rows: Int, columns: Int, classes: Int)) {
      features = Tensor.sample([size.rows + 3, size.columns], seed: 1)
      weight = Tensor.sample([size.classes, size.columns], seed: 2)
      bias = Tensor.sample([size.classes], seed: 3)
      var random = CounterRandom(seed: 4, .synthetic)
      rows = (0..<size.rows).map { _ in random.integer(below: size.rows + 3) }
      labels = (0..<size.rows + 3).map { _ in Int32(random.integer(below: size.classes)) }
    }

    func gradients() throws -> LinearCrossEntropy.Result {
      try LinearCrossEntropy.gradients(features, rows: rows[...], labels: labels, weight: weight, bias: bias)
    }
  }

  @Test(arguments: sizes) func isItsFormula(size: (Int, Int, Int)) throws {
    let some = Case(size)
    let (_, columns, classes) = size
    let (x, w, b) = (some.features.doubles, some.weight.doubles, some.bias.doubles)
    var (loss, dw, db) = (0.0, w.map { _ in 0.0 }, b.map { _ in 0.0 })
    for row in some.rows {
      let scores = (0..<classes).map { c in
        (0..<columns).reduce(b[c]) { $0 + x[row * columns + $1] * w[c * columns + $1] }
      }
      let logSum = log(scores.reduce(0) { $0 + exp($1) })
      let label = Int(some.labels[row])
      loss += (logSum - scores[label]) / Double(some.rows.count)
      for c in 0..<classes {
        let slope = (exp(scores[c] - logSum) - (c == label ? 1 : 0)) / Double(some.rows.count)
        db[c] += slope
        for d in 0..<columns { dw[c * columns + d] += slope * x[row * columns + d] }
      }
    }
    let result = try some.gradients()
    #expect(abs(result.mean - loss) < 1e-6 * max(1, loss))
    #expect(classes == 1 || relativeError(result.bias.doubles, db) < 2e-6)
    #expect(classes == 1 || columns == 0 || relativeError(result.weight.doubles, dw) < 2e-6)
  }

  @Test(arguments: sizes) func isTheSameBitsOnAnyNumberOfThreads(size: (Int, Int, Int)) throws {
    let some = Case(size)
    let runs = try Machine.everyVariant {
      let result = try some.gradients()
      return [[UInt32(truncatingIfNeeded: result.mean.bitPattern)], result.weight.bits, result.bias.bits]
    }
    // AVX2 and AVX-512 agree; portable code has no fused multiply-add.
    for family in [runs.filter { $0.name.hasPrefix("portable") }, runs.filter { !$0.name.hasPrefix("portable") }] {
      for run in family { #expect(run.result == family[0].result, "\(run.name)") }
    }
  }

  @Test(arguments: sizes) func writesNothingElse(size: (Int, Int, Int)) {
    let some = Case(size)
    let (rows, columns, classes) = size
    let inputs = [some.features, some.weight, some.bias].map { Guarded($0) }
    let outputs = [Guarded<UInt32>(count: classes * columns), Guarded<UInt32>(count: classes)]
    let losses = Guarded<UInt64>(count: rows)
    let workspace = Guarded<UInt32>(count: ck_probe_workspace(rows, columns, classes) / 4)
    losses.base.withMemoryRebound(to: Double.self, capacity: rows) { losses in
      ck_probe(
        losses, outputs[0].floats, outputs[1].floats, inputs[0].floats, some.rows, some.labels, inputs[1].floats,
        inputs[2].floats, 1, rows, columns, classes, workspace.floats)
    }
    for block in inputs + outputs + [workspace] { #expect(block.marginsAreIntact) }
    #expect(losses.marginsAreIntact && losses.unwritten == 0)
    #expect(outputs.allSatisfy { $0.unwritten == 0 })
  }

  @Test func aBrokenRowShows() throws {
    for bad in [Float.nan, .infinity] {
      let some = Case((9, 6, 20))
      var features = some.features
      features[flat: some.rows[2] * 6 + 1] = bad
      let result = try LinearCrossEntropy.gradients(
        features, rows: some.rows[...], labels: some.labels, weight: some.weight, bias: some.bias)
      #expect(result.mean.isNaN && !result.weight.isFinite && !result.bias.isFinite)
    }
  }

  @Test func refusesWhatDoesNotFit() {
    let some = Case((4, 3, 2))
    func fails(
      _ text: String, rows: [Int] = [0], labels: [Int32]? = nil, weight: Tensor? = nil, bias: Tensor? = nil
    ) {
      #expect {
        try LinearCrossEntropy.gradients(
          some.features, rows: rows[...], labels: labels ?? some.labels, weight: weight ?? some.weight,
          bias: bias ?? some.bias)
      } throws: { "\($0)".contains(text) }
    }
    fails("no rows", rows: [])
    fails("row 7 is outside 0..<7", rows: [1, 7])
    fails("row -1 is outside", rows: [-1])
    fails("label 2 of row 1 is outside 0..<2", rows: [1], labels: [0, 2, 0, 0, 0, 0, 0])
    fails("features 7×3 with 2 labels", labels: [0, 1])
    fails("weight 2×4", weight: Tensor(zeros: [2, 4]))
    fails("expected a matrix with at least one class", weight: Tensor(zeros: [0, 3]))
    fails("bias is 3, expected 2", bias: Tensor(zeros: [3]))
  }
}
