import CKernels
import Foundation
import Kernels
import TestSupport
import Testing

@Suite struct OptimizersTests {
  static let counts = [0, 1, 7, 8, 16, 17, 31, 16384, 40001]

  @Test(arguments: counts) func sgdIsItsFormula(_ count: Int) throws {
    let sgd = SGD(rate: 0.3, momentum: 0.9, weightDecay: 0.01)
    var p = Tensor.sample([count], seed: 1)
    var velocity = Tensor(zeros: [count])
    var (expected, v) = (p.doubles, [Double](repeating: 0, count: count))
    for step in 0..<4 {
      let g = Tensor.sample([count], seed: UInt64(step + 2))
      try sgd.update(&p, gradient: g, velocity: &velocity)
      for (i, g) in g.doubles.enumerated() {
        v[i] = 0.9 * v[i] + g + 0.01 * expected[i]
        expected[i] -= 0.3 * v[i]
      }
    }
    #expect(relativeError(p.doubles, expected) < 1e-6 && relativeError(velocity.doubles, v) < 1e-6)
  }

  @Test(arguments: counts) func nesterovIsItsFormula(_ count: Int) throws {
    let sgd = SGD(rate: 0.3, momentum: 0.8, weightDecay: 0.01, nesterov: true)
    var p = Tensor.sample([count], seed: 1)
    var velocity = Tensor(zeros: [count])
    var (expected, v) = (p.doubles, [Double](repeating: 0, count: count))
    for step in 0..<4 {
      let g = Tensor.sample([count], seed: UInt64(step + 2))
      try sgd.update(&p, gradient: g, velocity: &velocity)
      for (i, g) in g.doubles.enumerated() {
        let decayed = g + 0.01 * expected[i]
        v[i] = 0.8 * v[i] + decayed
        expected[i] -= 0.3 * (decayed + 0.8 * v[i])
      }
    }
    // A single velocity may come near 0 by cancellation.
    #expect(relativeError(p.doubles, expected) < 1e-6)
    for (got, wanted) in zip(velocity.doubles, v) { #expect(abs(got - wanted) < 1e-6) }
  }

  @Test(arguments: counts) func adamIsItsFormula(_ count: Int) throws {
    let adam = Adam(rate: 0.01, weightDecay: 0.1)
    var p = Tensor.sample([count], seed: 1)
    var state = Adam.State(shape: [count])
    var expected = p.doubles
    var (m, v) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
    for step in 1...4 {
      let g = Tensor.sample([count], seed: UInt64(step + 2))
      try adam.update(&p, gradient: g, state: &state)
      for (i, g) in g.doubles.enumerated() {
        let gradient = g + 0.1 * expected[i]
        m[i] = 0.9 * m[i] + 0.1 * gradient
        v[i] = 0.999 * v[i] + 0.001 * gradient * gradient
        let mean = m[i] / (1 - pow(0.9, Double(step)))
        let square = v[i] / (1 - pow(0.999, Double(step)))
        expected[i] -= 0.01 * mean / (square.squareRoot() + 1e-8)
      }
    }
    #expect(relativeError(p.doubles, expected) < 1e-6 && state.step == 4)
  }

  /// The first step of Adam has the length of the rate whatever the gradient; no gradient, no step.
  @Test func firstStepOfAdam() throws {
    var p = Tensor(zeros: [3])
    var state = Adam.State(shape: [3])
    try Adam(rate: 0.01).update(&p, gradient: Tensor([1e-3, -1e3, 0], shape: [3]), state: &state)
    #expect(relativeError(p.doubles, [-0.01, 0.01, 0]) < 1e-4)
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    let g = Tensor.sample([40013], seed: 2)
    let runs = try Machine.everyVariant {
      var (p, q) = (Tensor.sample([40013], seed: 1), Tensor.sample([40013], seed: 1))
      var (ahead, aheadVelocity) = (p, Tensor(zeros: [40013]))
      var velocity = Tensor(zeros: [40013])
      var state = Adam.State(shape: [40013])
      for _ in 0..<3 {
        try SGD(rate: 0.1, weightDecay: 0.01).update(&p, gradient: g, velocity: &velocity)
        try SGD(rate: 0.1, weightDecay: 0.01, nesterov: true).update(&ahead, gradient: g, velocity: &aheadVelocity)
        try Adam(rate: 0.1, weightDecay: 0.01).update(&q, gradient: g, state: &state)
      }
      return [ahead.bits, p.bits, velocity.bits, q.bits, state.mean.bits, state.square.bits]
    }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test(arguments: counts) func writeNothingElse(_ count: Int) {
    let blocks = (0..<4).map { Guarded(Tensor.sample([count], seed: UInt64($0), in: 0...1)) }
    ck_sgd(blocks[0].floats, blocks[1].floats, blocks[2].floats, count, 0.1, 0.9, 0.01, 1)
    ck_adam(
      blocks[0].floats, blocks[1].floats, blocks[2].floats, blocks[3].floats, count, 1, 0.1, 0.9, 0.999, 1e-8, 0)
    for block in blocks { #expect(block.marginsAreIntact) }
  }

  @Test func refuseShapesThatDoNotFit() {
    var (p, v) = (Tensor(zeros: [3]), Tensor(zeros: [3]))
    #expect(throws: KernelError("sgd", .badShape, "gradient is 2, expected 3")) {
      try SGD(rate: 0.1).update(&p, gradient: Tensor(zeros: [2]), velocity: &v)
    }
    var state = Adam.State(shape: [4])
    #expect(throws: KernelError("adam", .badShape, "state is 4, expected 3")) {
      try Adam(rate: 0.1).update(&p, gradient: Tensor(zeros: [3]), state: &state)
    }
    #expect(state.step == 0)
  }
}

@Suite struct SelectionTests {
  @Test(arguments: [1, 2, 9, 1000]) func magnitudeOfEveryRank(_ count: Int) throws {
    // two tensors, both signs, equal magnitudes, zeros and denormals among them
    var values = Tensor.sample([count], seed: 1, in: -1...1).values.map { ($0 * 50).rounded() / 50 }
    values[0] = .leastNonzeroMagnitude
    let tensors = [
      Tensor(Array(values[..<(count / 2)]), shape: [count / 2]),
      Tensor(Array(values[(count / 2)...]), shape: [count - count / 2]),
    ]
    let sorted = values.map { abs($0) }.sorted()
    for rank in stride(from: 0, to: count, by: max(1, count / 50)) {
      #expect(try magnitude(ofRank: rank, in: tensors) == sorted[rank])
    }
    #expect(try magnitude(ofRank: count - 1, in: tensors) == sorted[count - 1])
    #expect(throws: KernelError.self) { try magnitude(ofRank: count, in: tensors) }
    #expect(throws: KernelError.self) { try magnitude(ofRank: 0, in: [Tensor([.nan], shape: [1])]) }
  }

  @Test func infinityIsTheLargest() throws {
    let x = Tensor([1, -.infinity, 2], shape: [3])
    #expect(try magnitude(ofRank: 2, in: [x]) == .infinity)
    #expect(x.magnitudeMask(threshold: 2).values == [0, 1, 1])
  }

  @Test func runningRows() throws {
    var rows = Tensor(zeros: [4, 3])
    var visited = Tensor(zeros: [4])
    let batch = Tensor([1, 2, 3, 4, 5, 6, 10, 20, 30], shape: [3, 3])
    // sample 2 comes twice: its first value is taken, then moved
    #expect(try updateRunningRows(&rows, visited: &visited, with: batch, at: [2, 0, 2], momentum: 0.5) == 2)
    #expect(rows.values == [4, 5, 6, 0, 0, 0, 5.5, 11, 16.5, 0, 0, 0] && visited.values == [1, 0, 1, 0])
    let (before, flags) = (rows, visited)
    #expect(throws: KernelError("running rows", .badValue, "sample 4 is outside 0..<4")) {
      try updateRunningRows(&rows, visited: &visited, with: batch, at: [1, 4, 0], momentum: 0.5)
    }
    #expect(throws: KernelError.self) {
      try updateRunningRows(&rows, visited: &visited, with: batch, at: [1, 0], momentum: 0.5)
    }
    #expect(rows == before && visited == flags)
  }
}
