import CKernels
import Foundation
import Kernels
import TestSupport
import Testing

/// Rows against their definitions in double.
@Suite struct RowsTests {
  /// Tails of the vector loops, one and many columns, one part and several.
  static let sizes = [(1, 1), (1, 15), (2, 16), (3, 17), (5, 33), (7, 100), (1, 4099), (700, 67), (9, 0x1000)]

  private func rows(_ x: Tensor) -> [[Double]] {
    let (m, d) = x.shape.rowsAndColumns
    let values = x.doubles
    return (0..<m).map { Array(values[$0 * d..<($0 + 1) * d]) }
  }

  @Test(arguments: sizes) func unitRows(_ m: Int, _ d: Int) throws {
    let x = Tensor.sample([m, d], seed: 1, in: -3...3)
    let unit = normalizeRows(x)
    let expected = rows(x).flatMap { row in
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return row.map { $0 / length }
    }
    #expect(relativeError(unit.rows.doubles, expected) < 3e-7)
    // backward: ⟨dx, x⟩ = 0 (a longer row has the same direction), and the formula
    let dy = Tensor.sample([m, d], seed: 2)
    let dx = try unit.backward(dy)
    let (y, g) = (rows(unit.rows), rows(dy))
    let formula = (0..<m).flatMap { i in
      let inner = zip(y[i], g[i]).reduce(0) { $0 + $1.0 * $1.1 }
      return zip(y[i], g[i]).map { ($1 - $0 * inner) * Double(unit.inverseLengths[flat: i]) }
    }
    let scale = formula.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-3
    #expect(zip(dx.doubles, formula).allSatisfy { abs($0 - $1) < 1e-6 * scale })
  }

  @Test func rowsOfAnyLengthBecomeUnitAndZeroRowsStayZero() throws {
    let x = Tensor([3e25, 4e25, 3e-11, 4e-11, 0, 0, 1e-30, 0, .nan, 1], shape: [5, 2])
    let unit = normalizeRows(x)
    let values = unit.rows.values
    #expect(relativeError(values[0..<4].map(Double.init), [0.6, 0.8, 0.6, 0.8]) < 1e-6)
    #expect(values[4..<8].allSatisfy { $0 == 0 })
    #expect(values[8].isNaN)
    let dx = try unit.backward(Tensor(repeating: 1, shape: [5, 2])).values
    #expect(dx[4..<8].allSatisfy { $0 == 0 })
  }

  @Test(arguments: sizes) func logSumExpAndSoftmax(_ m: Int, _ d: Int) throws {
    for temperature in [0.1, 1, 30] as [Float] {
      let x = Tensor.sample([m, d], seed: 3, in: -20...20)
      let expected = rows(x).map { row in
        let scaled = row.map { $0 / Double(temperature) }
        let top = scaled.max()!
        let sum = scaled.reduce(0) { $0 + exp($1 - top) }
        return (lse: top + log(sum), logits: scaled.map { $0 - top - log(sum) })
      }
      if temperature == 1 {
        #expect(relativeError(try logSumExpRows(x).doubles, expected.map(\.lse)) < 1e-6)
      }
      let logits = expected.flatMap(\.logits)
      #expect(relativeError(try softmaxRows(x, temperature: temperature).doubles, logits.map { exp($0) }) < 1e-4)
      let got = try logSoftmaxRows(x, temperature: temperature).doubles
      #expect(zip(got, logits).allSatisfy { abs($0 - $1) < 1e-4 * max(1, abs($1)) })
    }
  }

  @Test func extremeRows() throws {
    let inf = Float.infinity
    let x = Tensor([-inf, -inf, 0, -inf, inf, 1, .nan, 1, 3e38, -3e38], shape: [5, 2])
    let lse = try logSumExpRows(x).values
    #expect(lse[0] == -inf && lse[1] == 0 && lse[2] == inf && lse[3].isNaN && lse[4] == 3e38)
    let softmax = try softmaxRows(x).values
    #expect(softmax[0].isNaN && softmax[2...3] == [1, 0] && softmax[6].isNaN && softmax[8...9] == [1, 0])
  }

  @Test(arguments: sizes) func largestValues(_ m: Int, _ d: Int) throws {
    // few distinct values, so that there are ties
    let x = Tensor(Tensor.sample([m, d], seed: 4, in: -5...5).values.map { $0.rounded() }, shape: [m, d])
    let count = min(d, 6)
    let top = try topRows(x, count: count)
    for (i, row) in rows(x).enumerated() {
      let order = row.indices.sorted { (row[$0], $1) > (row[$1], $0) }.prefix(count)
      #expect(Array(top.positions[i * count..<(i + 1) * count]) == Array(order))
      #expect(top.values.values[i * count..<(i + 1) * count].map(Double.init) == order.map { row[$0] })
    }
    #expect(try argmaxRows(x) == (try topRows(x, count: 1).positions))
  }

  @Test(arguments: sizes) func crossEntropyAndItsSlope(_ m: Int, _ d: Int) throws {
    let x = Tensor.sample([m, d], seed: 5, in: -4...4)
    let labels = (0..<m).map { ($0 * 7) % d }
    func loss(_ rows: [[Double]]) -> Double {
      zip(rows, labels).reduce(0) { $0 + log($1.0.reduce(0) { $0 + exp($1) }) - $1.0[$1.1] } / Double(m)
    }
    let result = try crossEntropy(x, labels: labels)
    #expect(abs(result.mean - loss(rows(x))) < 1e-6 * max(1, result.mean))
    for i in stride(from: 0, to: x.count, by: max(1, x.count / 7)) {
      var (up, down) = (rows(x), rows(x))
      up[i / d][i % d] += 1e-4
      down[i / d][i % d] -= 1e-4
      let slope = (loss(up) - loss(down)) / 2e-4
      #expect(abs(slope - Double(result.gradient[flat: i])) < 1e-6)
    }
  }

  @Test func exponentialIsAccurateEverywhere() {
    var worst = 0.0
    for first in -87..<88 {
      let x = (0..<1009).map { (i: Int) -> Float in Float(first) + Float(i) / 1009 }
      let y = Guarded<UInt32>(count: x.count)
      ck_exp(y.floats, x, x.count)
      #expect(y.marginsAreIntact && y.unwritten == 0)
      for (bits, x) in zip(y.values, x) {
        worst = max(worst, abs(Double(Float(bitPattern: bits)) / exp(Double(x)) - 1))
      }
    }
    #expect(worst < 2e-7)
    let edges: [Float] = [0, -87.1, -1e30, -.infinity, .nan, 88.5, .infinity]
    var y = [Float](repeating: 9, count: 7)
    ck_exp(&y, edges, 7)
    #expect(y[0...3] == [1, 0, 0, 0] && y[4].isNaN && y[5] == y[6] && y[5] > 1e38 && y[5].isFinite)
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    let (x, dy) = (Tensor.sample([801, 67], seed: 6, in: -9...9), Tensor.sample([801, 67], seed: 7))
    let labels = (0..<801).map { $0 % 67 }
    let runs = try Machine.everyVariant {
      let unit = normalizeRows(x)
      let loss = try crossEntropy(x, labels: labels)
      return [
        unit.rows.bits, try unit.backward(dy).bits, try logSumExpRows(x).bits, try softmaxRows(x).bits,
        try logSoftmaxRows(x).bits, loss.gradient.bits, [Float(loss.mean).bitPattern],
      ]
    }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test(arguments: sizes) func writeAllOfTheirOutputAndNothingElse(_ m: Int, _ d: Int) {
    let (x, q) = (Guarded(Tensor.sample([m, d], seed: 1)), Guarded(Tensor.sample([m, d], seed: 2)))
    let (y, rowValues) = (Guarded<UInt32>(count: m * d), Guarded<UInt32>(count: m))
    let (index, losses) = (Guarded<Int32>(count: m), Guarded<UInt64>(count: m))
    let doubles = UnsafeMutableRawPointer(losses.base).assumingMemoryBound(to: Double.self)
    ck_normalize_rows(y.floats, rowValues.floats, x.floats, m, d)
    ck_normalize_rows_backward(y.floats, q.floats, x.floats, rowValues.floats, m, d)
    ck_log_sum_exp_rows(rowValues.floats, x.floats, m, d)
    ck_softmax_rows(y.floats, x.floats, 2, m, d)
    ck_log_softmax_rows(y.floats, x.floats, 2, m, d)
    _ = ck_argmax_rows(index.base, x.floats, m, d)
    ck_cross_entropy(doubles, y.floats, x.floats, index.base, 1, m, d)
    ck_soft_cross_entropy(doubles, y.floats, x.floats, q.floats, 10, 1, m, d)
    for block in [x, q, y, rowValues] { #expect(block.marginsAreIntact && block.unwritten == 0) }
    #expect(index.marginsAreIntact && index.unwritten == 0 && losses.marginsAreIntact && losses.unwritten == 0)
  }

  @Test func refuseBadInput() {
    let x = Tensor.sample([2, 3], seed: 1)
    let spoilt = Tensor([1, 2, .nan, 4, 5, 6], shape: [2, 3])
    #expect(throws: KernelError("argmax", .notFinite, "a row of 2×3 holds a NaN")) { try argmaxRows(spoilt) }
    #expect(throws: KernelError.self) { try topRows(spoilt, count: 2) }
    #expect(throws: KernelError("top rows", .badValue, "count 4 is outside 1...3")) { try topRows(x, count: 4) }
    #expect(throws: KernelError("softmax", .badShape, "the input 0×3 is empty")) {
      try softmaxRows(Tensor(zeros: [0, 3]))
    }
    for temperature in [0, -1, .nan, .infinity] as [Float] {
      #expect(throws: KernelError.self) { try softmaxRows(x, temperature: temperature) }
    }
    #expect(throws: KernelError("cross-entropy", .badValue, "label 3 of row 1 is outside 0..<3")) {
      try crossEntropy(x, labels: [0, 3])
    }
    #expect(throws: KernelError("cross-entropy", .badShape, "1 labels for 2 rows")) {
      try crossEntropy(x, labels: [0])
    }
    #expect(throws: KernelError.self) { try normalizeRows(x).backward(spoilt.reshaped([3, 2])) }
  }
}
