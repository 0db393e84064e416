import CKernels
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct SinkhornTests {
  static let sizes = [(1, 1), (1, 7), (9, 1), (2, 2), (5, 17), (33, 16), (67, 31), (130, 100), (21, 530)]

  /// Scores as the method makes them: unit rows, some of them alike.
  private func scores(_ n: Int, _ k: Int, seed: UInt64 = 1) -> Tensor {
    var values = Tensor.sample([n, k], seed: seed).values
    for i in stride(from: 1, to: n, by: 3) {
      for c in 0..<k { values[i * k + c] = values[c] + 0.1 * values[i * k + c] }
    }
    return normalizeRows(Tensor(values, shape: [n, k])).rows
  }

  /// A long tail, 1 … 1/50.
  private func tail(_ k: Int) -> Tensor {
    Tensor((0..<k).map { Float(pow(0.02, Double($0) / Double(max(1, k - 1)))) }, shape: [k])
  }

  @Test(arguments: sizes) func agreesWithTheDefinition(_ n: Int, _ k: Int) throws {
    for lambda in [1e-4, 1e-3, 0.01, 0.05, 1, 1e4] as [Float] {
      for iterations in [1, 2, 30] {
        let x = scores(n, k)
        let result = try Sinkhorn(.init(lambda: lambda, iterations: iterations))(x, prior: tail(k))
        let oracle = SinkhornOracle(x, prior: tail(k).doubles, lambda: Double(lambda), iterations: iterations)
        #expect(relativeError(result.assignment.doubles, oracle.assignment) < 3e-5, "λ \(lambda), \(iterations)")
        #expect(abs(result.marginalError - oracle.marginalError) < 1e-5)
        #expect(result.iterations == iterations && result.rescalings >= 1)
      }
    }
  }

  @Test(arguments: sizes) func rowsSumToOneAndColumnsToThePrior(_ n: Int, _ k: Int) throws {
    let prior = tail(k)
    let total = prior.doubles.reduce(0, +)
    let result = try Sinkhorn(.init(lambda: 0.1, iterations: 1000))(scores(n, k), prior: prior)
    let values = result.assignment.doubles
    for i in 0..<n { #expect(abs(values[i * k..<(i + 1) * k].reduce(0, +) - 1) < 1e-5) }
    for c in 0..<k {
      let mass = (0..<n).reduce(0) { $0 + values[$1 * k + c] } / Double(n)
      #expect(abs(mass - Double(prior[flat: c]) / total) < 1e-5)
    }
    #expect(result.converged && result.marginalError < 1e-5)
  }

  @Test(arguments: [.leastNonzeroMagnitude, 1e-38, 1e-30, 1e-12, 1e-6, 1e-5] as [Float])
  func tinyLambda(_ lambda: Float) throws {
    let x = scores(40, 13)
    let result = try Sinkhorn(.init(lambda: lambda, iterations: 20))(x, prior: tail(13))
    let values = result.assignment.doubles
    #expect(values.allSatisfy { $0.isFinite && $0 >= 0 && $0 <= 1.000001 })
    for i in 0..<40 { #expect(abs(values[i * 13..<(i + 1) * 13].reduce(0, +) - 1) < 1e-5) }
  }

  @Test(arguments: [1e6, 1e30, .greatestFiniteMagnitude] as [Float])
  func hugeLambdaGivesThePriorToEverySample(_ lambda: Float) throws {
    let prior = tail(13)
    let total = prior.doubles.reduce(0, +)
    let result = try Sinkhorn(.init(lambda: lambda, iterations: 3))(scores(40, 13), prior: prior)
    for (i, value) in result.assignment.doubles.enumerated() {
      #expect(abs(value - Double(prior[flat: i % 13]) / total) < 1e-5)
    }
  }

  @Test func classesWithoutMassGetExactlyNothing() throws {
    var prior = tail(40)
    for c in stride(from: 0, to: 40, by: 3) { prior[flat: c] = 0 }
    for lambda in [1e-4, 0.05, 100] as [Float] {
      let result = try Sinkhorn(.init(lambda: lambda, iterations: 100))(scores(70, 40), prior: prior)
      for (i, value) in result.assignment.values.enumerated() where prior[flat: i % 40] == 0 {
        #expect(value.bitPattern == 0)
      }
      let oracle = SinkhornOracle(scores(70, 40), prior: prior.doubles, lambda: Double(lambda), iterations: 100)
      #expect(relativeError(result.assignment.doubles, oracle.assignment) < 3e-5)
    }
    // one class with mass: it gets everything
    let only = Tensor((0..<40).map { $0 == 11 ? 1 : 0 }, shape: [40])
    let values = try Sinkhorn()(scores(9, 40), prior: only).assignment.values
    for (i, value) in values.enumerated() { #expect(value == (i % 40 == 11 ? 1 : 0)) }
  }

  @Test func massesOfAnySizeAreFine() throws {
    let x = scores(50, 6)
    let prior = Tensor([1, 1e-3, 1e-7, 1e-20, 1e-37, 0.5], shape: [6])
    for lambda in [1e-4, 0.05] as [Float] {
      let result = try Sinkhorn(.init(lambda: lambda, iterations: 60))(x, prior: prior)
      let oracle = SinkhornOracle(x, prior: prior.doubles, lambda: Double(lambda), iterations: 60)
      #expect(relativeError(result.assignment.doubles, oracle.assignment) < 3e-5)
      // only shares count
      let scaled = try Sinkhorn(.init(lambda: lambda, iterations: 60))(x, prior: prior.scaled(by: 0x1p-6))
      #expect(relativeError(scaled.assignment.doubles, result.assignment.doubles) < 1e-5)
    }
  }

  @Test func edges() throws {
    #expect(try Sinkhorn()(Tensor([0.3], shape: [1, 1])).assignment.values == [1])
    #expect(try Sinkhorn()(scores(9, 1)).assignment.values.allSatisfy { $0 == 1 })
    let row = try Sinkhorn()(scores(1, 4), prior: Tensor([1, 2, 3, 4], shape: [4])).assignment.doubles
    #expect(relativeError(row, [0.1, 0.2, 0.3, 0.4]) < 1e-6)
    // no prior means equal masses
    #expect(
      try Sinkhorn()(scores(30, 8)).assignment
        == Sinkhorn()(scores(30, 8), prior: Tensor(repeating: 1, shape: [8])).assignment)
  }

  @Test func aShiftOfARowChangesNothing() throws {
    let x = scores(40, 12)
    var shifted = x
    for i in 0..<x.count { shifted[flat: i] += Float(i / 12 % 5) * 0.5 }
    let (a, b) = (try Sinkhorn()(x, prior: tail(12)), try Sinkhorn()(shifted, prior: tail(12)))
    #expect(relativeError(a.assignment.doubles, b.assignment.doubles) < 1e-4)
  }

  @Test func stopsAtTheTolerance() throws {
    let (x, prior) = (scores(90, 20), tail(20))
    let all = try Sinkhorn(.init(iterations: 500))(x, prior: prior)
    #expect(all.iterations == 500)
    let early = try Sinkhorn(.init(iterations: 500, tolerance: 1e-3))(x, prior: prior)
    #expect(early.iterations < 500 && early.marginalError <= 1e-3 && early.converged)
    let before = try Sinkhorn(.init(iterations: early.iterations - 1))(x, prior: prior)
    #expect(before.marginalError > 1e-3 && !before.converged)
    let same = try Sinkhorn(.init(iterations: early.iterations))(x, prior: prior)
    #expect(same.assignment == early.assignment && same.marginalError == early.marginalError)
    // a tolerance out of reach is no error
    let hopeless = try Sinkhorn(.init(lambda: 1e-3, iterations: 3, tolerance: 1e-12))(x, prior: prior)
    #expect(hopeless.iterations == 3 && !hopeless.converged)
  }

  @Test func errorReportedIsTheErrorOfTheResult() throws {
    for lambda in [1e-3, 0.05] as [Float] {
      let result = try Sinkhorn(.init(lambda: lambda, iterations: 7))(scores(90, 20), prior: tail(20))
      let (values, prior) = (result.assignment.doubles, tail(20).doubles)
      let total = prior.reduce(0, +)
      var error = 0.0
      for c in 0..<20 {
        let mass: Double = (0..<90).reduce(0) { $0 + values[$1 * 20 + c] }
        error += abs(mass / 90 - prior[c] / total)
      }
      #expect(abs(error - result.marginalError) < 1e-6)
    }
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    for (n, k, lambda) in [(1203, 37, 1e-4), (1203, 37, 0.05), (77, 530, 0.05)] as [(Int, Int, Float)] {
      let (x, prior) = (scores(n, k), tail(k))
      let runs = try Machine.everyVariant {
        try Sinkhorn(.init(lambda: lambda, iterations: 25))(x, prior: prior)
      }
      for run in runs {
        #expect(run.result.assignment.bits == runs[0].result.assignment.bits, "\(run.name)")
        #expect(run.result.marginalError == runs[0].result.marginalError)
      }
    }
  }

  @Test(arguments: sizes) func writesAllOfItsOutputAndNothingElse(_ n: Int, _ k: Int) {
    let x = Guarded(scores(n, k))
    let (y, workspace) = (Guarded<UInt32>(count: n * k), Guarded<UInt64>(count: (ck_sinkhorn_workspace(n, k) + 7) / 8))
    var report = ck_sinkhorn_report()
    let status = ck_sinkhorn(y.floats, &report, x.floats, tail(k).values, n, k, 0.05, 20, 0, workspace.base)
    #expect(status == CK_OK && y.unwritten == 0)
    #expect(y.marginsAreIntact && x.marginsAreIntact && workspace.marginsAreIntact)
  }

  @Test func refusesBadInput() throws {
    let (x, sinkhorn) = (scores(4, 3), try Sinkhorn())
    for lambda in [0, -0.05, .nan, .infinity] as [Float] {
      #expect(throws: KernelError.self) { try Sinkhorn(.init(lambda: lambda)) }
    }
    #expect(throws: KernelError("sinkhorn", .badValue, "lambda 0.0, expected a positive number")) {
      try Sinkhorn(.init(lambda: 0))
    }
    #expect(throws: KernelError("sinkhorn", .badValue, "0 iterations, expected at least 1")) {
      try Sinkhorn(.init(iterations: 0))
    }
    #expect(throws: KernelError.self) { try Sinkhorn(.init(tolerance: 0)) }
    for bad in [Float.nan, .infinity, -.infinity] {
      var spoilt = x
      spoilt[flat: 7] = bad
      #expect(throws: KernelError("sinkhorn", .notFinite, "the score of sample 2, class 1 is \(bad)")) {
        try sinkhorn(spoilt)
      }
    }
    func prior(_ values: [Float]) throws { _ = try sinkhorn(x, prior: Tensor(values, shape: [values.count])) }
    #expect(throws: KernelError("sinkhorn", .badValue, "the prior gives no class any mass")) { try prior([0, 0, 0]) }
    #expect(throws: KernelError("sinkhorn", .badValue, "prior[1] is -1.0, expected a mass of 0 or more")) {
      try prior([0, -1, 0])
    }
    #expect(throws: KernelError.self) { try prior([1, .nan, 0]) }
    #expect(throws: KernelError("sinkhorn", .badShape, "prior is 2, expected 3")) { try prior([1, 1]) }
    #expect(throws: KernelError.self) { try sinkhorn(Tensor(zeros: [0, 3])) }
    #expect(throws: KernelError.self) { try sinkhorn(Tensor(zeros: [3])) }
  }
}
