import CKernels
import Kernels
import TestSupport
import Testing

@Suite struct BatchNormTests {
  /// One run of the kernels with the oracle's answer beside it.
  struct Case: CustomTestStringConvertible, Sendable {
    var shape: Shape
    var relu = false
    var residual = false
    var training = true
    var testDescription: String {
      "\(shape)\(relu ? " relu" : "")\(residual ? " residual" : "")\(training ? "" : " evaluation")"
    }
    var channels: Int { shape.extents.last! }
    var rows: Int { shape.count / channels }
    var norm: BatchNorm { BatchNorm(epsilon: 1e-3, momentum: 0.3, relu: relu) }
    var x: Tensor { .sample(shape, seed: 1, in: -2...3) }
    var weight: Tensor { .sample([channels], seed: 2, in: -1.5...1.5) }
    var bias: Tensor { .sample([channels], seed: 3) }
    var added: Tensor? { residual ? .sample(shape, seed: 4) : nil }
    var dy: Tensor { .sample(shape, seed: 5) }
    var runningMean: Tensor { .sample([channels], seed: 6) }
    var runningVariance: Tensor { .sample([channels], seed: 7, in: 0.5...2) }

    struct Run {
      var output, mean, variance: Tensor
      var gradients: BatchNorm.Gradients
      var bits: [[UInt32]] {
        [output, mean, variance, gradients.input, gradients.weight, gradients.bias].map(\.bits)
          + [gradients.residual?.bits ?? []]
      }
    }

    func run() throws -> Run {
      var (mean, variance) = (runningMean, runningVariance)
      let (output, statistics) =
        training
        ? try norm.forwardTraining(
          x, weight: weight, bias: bias, residual: added, runningMean: &mean, runningVariance: &variance)
        : try norm.forwardEvaluation(
          x, weight: weight, bias: bias, residual: added, runningMean: mean, runningVariance: variance)
      let gradients = try norm.backward(
        dy, input: x, output: output, weight: weight, bias: bias, statistics: statistics, residual: residual)
      return Run(output: output, mean: mean, variance: variance, gradients: gradients)
    }

    var oracle: BatchNormOracle {
      BatchNormOracle(
        rows: rows, channels: channels, epsilon: Double(norm.epsilon), relu: relu,
        fixed: training ? nil : (runningMean.doubles, runningVariance.doubles))
    }
    var oracleInputs: BatchNormOracle.Inputs {
      .init(x: x.doubles, weight: weight.doubles, bias: bias.doubles, residual: added?.doubles)
    }
  }

  static let shapes: [Shape] = [[2, 1], [3, 2], [65, 3], [2, 3, 4, 8], [7, 17], [130, 24], [1, 9, 7, 33], [2100, 16]]
  static let cases: [Case] = shapes.flatMap { shape in
    (0..<8).map { Case(shape: shape, relu: $0 & 1 != 0, residual: $0 & 2 != 0, training: $0 & 4 == 0) }
  }

  @Test(arguments: cases) func agreesWithTheDefinition(_ c: Case) throws {
    let run = try c.run()
    let expected = c.oracle.backward(c.dy.doubles, c.oracleInputs)
    #expect(relativeError(run.output.doubles, c.oracle.forward(c.oracleInputs)) < 5e-7)
    // relative to the terms of its sum, which all but cancel for two rows
    let terms = c.oracle.backward(c.dy.doubles, c.oracleInputs, throughStatistics: false).x
    let difference = zip(run.gradients.input.doubles, expected.x).map { $0 - $1 }
    #expect(relativeError(zip(difference, terms).map { $0 + $1 }, terms) < 1e-6)
    #expect(relativeError(run.gradients.weight.doubles, expected.weight) < 1e-6)
    #expect(relativeError(run.gradients.bias.doubles, expected.bias) < 1e-6)
    if c.residual {
      #expect(run.gradients.residual!.doubles == expected.residual)
    } else {
      #expect(run.gradients.residual == nil)
    }
  }

  @Test(arguments: cases.filter { $0.training })
  func runningStatisticsMoveByMomentum(_ c: Case) throws {
    let run = try c.run()
    let (mean, variance) = c.oracle.statistics(c.x.doubles)
    let unbiased = Double(c.rows) / Double(c.rows - 1)
    for d in 0..<c.channels {
      let m = Double(c.norm.momentum)
      let expectedMean = (1 - m) * Double(c.runningMean[flat: d]) + m * mean[d]
      let expectedVariance = (1 - m) * Double(c.runningVariance[flat: d]) + m * variance[d] * unbiased
      #expect(abs(Double(run.mean[flat: d]) - expectedMean) < 3e-7)
      #expect(abs(Double(run.variance[flat: d]) - expectedVariance) < 1e-6)
    }
  }

  @Test func evaluationLeavesRunningStatistics() throws {
    let c = Case(shape: [65, 3], training: false)
    let run = try c.run()
    #expect(run.mean == c.runningMean && run.variance == c.runningVariance)
  }

  /// Central differences of the oracle's forward against the kernels' gradients.
  @Test(arguments: cases.filter { $0.shape == [2, 3, 4, 8] || $0.shape == [7, 17] })
  func gradientsAreTheSlopeOfTheForward(_ c: Case) throws {
    let gradients = try c.run().gradients
    let dy = c.dy.doubles
    let h = 1e-6
    func slope(_ change: (inout BatchNormOracle.Inputs, Double) -> Void) -> Double? {
      var (up, down) = (c.oracleInputs, c.oracleInputs)
      change(&up, h)
      change(&down, -h)
      // across the ReLU's edge there is no slope
      if c.relu, zip(c.oracle.sums(up), c.oracle.sums(down)).contains(where: { ($0 > 0) != ($1 > 0) }) { return nil }
      return zip(dy, zip(c.oracle.forward(up), c.oracle.forward(down))).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
        / (2 * h)
    }
    func check(_ got: Float, _ expected: Double?, _ what: String) {
      if let expected { #expect(abs(Double(got) - expected) < 2e-5 * max(1, abs(expected)), "\(what)") }
    }
    for i in stride(from: 0, to: c.shape.count, by: 7) {
      check(gradients.input[flat: i], slope { $0.x[i] += $1 }, "input \(i)")
      if c.residual { check(gradients.residual![flat: i], slope { $0.residual![i] += $1 }, "residual \(i)") }
    }
    for d in 0..<c.channels {
      check(gradients.weight[flat: d], slope { $0.weight[d] += $1 }, "weight \(d)")
      check(gradients.bias[flat: d], slope { $0.bias[d] += $1 }, "bias \(d)")
    }
  }

  /// Portable code and vector code, one thread and three: the same bits.
  @Test(arguments: cases.filter { $0.rows > 60 } + [Case(shape: [8, 32, 32, 20], relu: true, residual: true)])
  func sameBitsOnEveryInstructionSetAndThreadCount(_ c: Case) throws {
    let runs = try Machine.everyVariant { try c.run().bits }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  /// Without ReLU or residual: mean 0, variance 1 (less epsilon) before weight and bias.
  @Test func outputIsStandardised() throws {
    let norm = BatchNorm()
    var (mean, variance) = (Tensor(zeros: [19]), Tensor(zeros: [19]))
    let x = Tensor.sample([4, 16, 16, 19], seed: 9, in: -3...5)
    let y = try norm.forwardTraining(
      x, weight: Tensor(repeating: 1, shape: [19]), bias: Tensor(zeros: [19]), runningMean: &mean,
      runningVariance: &variance
    ).output
    for sum in columnSums(y).values { #expect(abs(sum) / 1024 < 1e-6) }
    let squares = Tensor(y.values.map { $0 * $0 }, shape: y.shape)
    for sum in columnSums(squares).values { #expect(abs(sum / 1024 - 1) < 1e-5) }
  }

  /// E[x²] − mean² would lose all digits here.
  @Test func meanFarFromZeroKeepsTheVariance() throws {
    let rows = 5000
    let x = Tensor.sample([rows, 3], seed: 1, in: 4000...4001)
    var (mean, variance) = (Tensor(zeros: [3]), Tensor(zeros: [3]))
    _ = try BatchNorm(momentum: 1).forwardTraining(
      x, weight: Tensor(repeating: 1, shape: [3]), bias: Tensor(zeros: [3]), runningMean: &mean,
      runningVariance: &variance)
    let oracle = BatchNormOracle(rows: rows, channels: 3, epsilon: 0)
    let expected = oracle.statistics(x.doubles)
    for d in 0..<3 {
      #expect(abs(Double(mean[flat: d]) / expected.mean[d] - 1) < 1e-7)
      let unbiased = expected.variance[d] * Double(rows) / Double(rows - 1)
      #expect(abs(Double(variance[flat: d]) / unbiased - 1) < 1e-5)
    }
  }

  @Test func constantChannelGivesTheBias() throws {
    var (mean, variance) = (Tensor(zeros: [2]), Tensor(zeros: [2]))
    let run = try BatchNorm().forwardTraining(
      Tensor(repeating: 0.1, shape: [1000, 2]), weight: Tensor([3, -2], shape: [2]),
      bias: Tensor([0.5, 7], shape: [2]), runningMean: &mean, runningVariance: &variance)
    for i in 0..<1000 {
      #expect(abs(run.output[flat: 2 * i] - 0.5) < 1e-4 && abs(run.output[flat: 2 * i + 1] - 7) < 1e-4)
    }
  }

  @Test(arguments: [false, true]) func notANumberShowsInItsChannelOnly(_ relu: Bool) throws {
    var c = Case(shape: [70, 5], relu: relu)
    c.residual = true
    var x = c.x
    x[flat: 5 * 40 + 3] = .nan
    var (mean, variance) = (c.runningMean, c.runningVariance)
    let y = try c.norm.forwardTraining(
      x, weight: c.weight, bias: c.bias, residual: c.added, runningMean: &mean, runningVariance: &variance
    ).output
    for i in 0..<y.count { #expect(y[flat: i].isNaN == (i % 5 == 3)) }
    #expect(mean[flat: 3].isNaN && variance[flat: 3].isNaN && !mean[flat: 2].isNaN)
  }

  @Test(arguments: [(2, 1), (65, 3), (64, 17), (129, 40)])
  func writesAllOfItsOutputAndNothingElse(_ rows: Int, _ channels: Int) {
    func input(_ count: Int, _ seed: UInt64) -> Guarded<UInt32> { Guarded(Tensor.sample([count], seed: seed)) }
    func output(_ count: Int) -> Guarded<UInt32> { Guarded(count: count) }
    let (x, dy, residual) = (input(rows * channels, 1), input(rows * channels, 2), input(rows * channels, 3))
    let (gamma, beta) = (input(channels, 4), input(channels, 5))
    let (mean, rstd, dgamma, dbeta) = (output(channels), output(channels), output(channels), output(channels))
    let (runningMean, runningVariance) = (input(channels, 6), input(channels, 7))
    let (y, dx, dr) = (output(rows * channels), output(rows * channels), output(rows * channels))
    // doubles are kept in it: aligned to 8 as malloc gives it, exactly as large as asked for
    let bytes = ck_batch_norm_workspace(rows, channels)
    let workspace = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 8)
    defer { workspace.deallocate() }
    ck_batch_norm_statistics(
      mean.floats, rstd.floats, runningMean.floats, runningVariance.floats, x.floats, rows, channels, 1e-5, 0.1,
      workspace)
    for relu in [0, 1] as [Int32] {
      ck_batch_norm_apply(
        y.floats, x.floats, residual.floats, gamma.floats, beta.floats, mean.floats, rstd.floats, rows, channels,
        relu, workspace)
      ck_batch_norm_backward(
        dx.floats, dgamma.floats, dbeta.floats, dr.floats, dy.floats, y.floats, x.floats, gamma.floats,
        beta.floats, mean.floats, rstd.floats, rows, channels, relu, 1, workspace)
    }
    for buffer in [mean, rstd, runningMean, runningVariance, y, dx, dr, dgamma, dbeta] {
      #expect(buffer.unwritten == 0 && buffer.marginsAreIntact)
    }
  }

  // MARK: bad input

  @Test func refusesWhatDoesNotFit() throws {
    var (one, two) = (Tensor(repeating: 1, shape: [3]), Tensor(repeating: 1, shape: [3]))
    let wrong = Tensor(zeros: [4])
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: KernelError.self) { try body() }?.description
    }
    func forward(_ x: Tensor, weight: Tensor? = nil, residual: Tensor? = nil, epsilon: Float = 1e-5) throws {
      _ = try BatchNorm(epsilon: epsilon).forwardTraining(
        x, weight: weight ?? one, bias: one, residual: residual, runningMean: &one, runningVariance: &two)
    }
    #expect(
      message { try forward(Tensor(zeros: [1, 3])) }
        == "batch_norm: the input 1×3 has 1 value per channel; training needs at least 2 to take a variance")
    #expect(
      message { try forward(Tensor(zeros: [3])) }
        == "batch_norm: the input is 3, expected N×H×W×C or N×C, not empty")
    #expect(message { try forward(Tensor(zeros: [5, 3]), weight: wrong) } == "batch_norm: weight is 4, expected 3")
    #expect(
      message { try forward(Tensor(zeros: [5, 3]), residual: wrong) } == "batch_norm: residual is 4, expected 5×3")
    #expect(
      message { try forward(Tensor(zeros: [5, 3]), epsilon: 0) }
        == "batch_norm: epsilon 0.0, expected a number above 0")
    let c = Case(shape: [4, 3], relu: true, residual: true)
    var (mean, variance) = (c.runningMean, c.runningVariance)
    let statistics = try c.norm.forwardTraining(
      c.x, weight: c.weight, bias: c.bias, runningMean: &mean, runningVariance: &variance
    ).statistics
    #expect(
      message {
        _ = try c.norm.backward(
          c.dy, input: c.x, weight: c.weight, bias: c.bias, statistics: statistics, residual: true)
      } == "batch_norm backward: with ReLU and a residual the forward's output is needed")
  }
}
