import Foundation
import Kernels
import Testing

@Suite struct NeighbourForcesTests {
  static func noise(_ i: Int) -> Double { sin(Double(i) * 12.9898) * cos(Double(i) * 0.371 + 1) }

  static func problem(_ n: Int) -> (x: [Double], y: [Double], p: [Double]) {
    var p = [Double](repeating: 0, count: n * n)
    for i in 0..<n { for j in 0..<i { p[i * n + j] = noise(i * 31 + j) + 1.1 } }
    for i in 0..<n { for j in 0..<i { p[j * n + i] = p[i * n + j] } }
    let sum = max(p.reduce(0, +), 1e-9)
    return ((0..<n).map { 2 * noise($0) }, (0..<n).map { 3 * noise($0 + 500) }, p.map { $0 / sum })
  }

  static func forces(_ problem: (x: [Double], y: [Double], p: [Double])) throws -> NeighbourForces {
    let n = problem.x.count
    return try NeighbourForces(
      x: Tensor(problem.x.map { Float($0) }, shape: [n]), y: Tensor(problem.y.map { Float($0) }, shape: [n]),
      affinities: Tensor(problem.p.map { Float($0) }, shape: [n, n]))
  }

  /// KL(p ‖ w / Z) in double.
  static func divergence(_ problem: (x: [Double], y: [Double], p: [Double])) -> Double {
    let n = problem.x.count
    func weight(_ i: Int, _ j: Int) -> Double {
      let (dx, dy) = (problem.x[i] - problem.x[j], problem.y[i] - problem.y[j])
      return 1 / (1 + dx * dx + dy * dy)
    }
    var total = 0.0
    for i in 0..<n { for j in 0..<n where i != j { total += weight(i, j) } }
    var result = 0.0
    for i in 0..<n {
      for j in 0..<n where i != j && problem.p[i * n + j] > 0 {
        result += problem.p[i * n + j] * log(problem.p[i * n + j] * total / weight(i, j))
      }
    }
    return result
  }

  @Test func gradientIsThatOfTheDivergence() throws {
    var problem = Self.problem(13)
    let gradient = try Self.forces(problem).gradient()
    let step = 1e-4
    for i in 0..<13 {
      for axis in 0..<2 {
        var values: [Double] = []
        for side in [step, -2 * step] {
          if axis == 0 { problem.x[i] += side } else { problem.y[i] += side }
          values.append(Self.divergence(problem))
        }
        if axis == 0 { problem.x[i] += step } else { problem.y[i] += step }
        let expected = (values[0] - values[1]) / (2 * step)
        #expect(abs(Double(gradient[2 * i + axis]) - expected) < 2e-5 * (1 + abs(expected)))
      }
    }
  }

  @Test(arguments: [0, 1, 2, 7, 8, 9, 64, 65, 200]) func everyVersionEveryThreadCountTheSameBits(_ n: Int) throws {
    let (instructions, threads) = (InstructionSet.current, Threads.count)
    defer { (InstructionSet.current, Threads.count) = (instructions, threads) }
    let problem = Self.problem(n)
    var results: [NeighbourForces] = []
    for set in InstructionSet.allCases where set <= instructions {
      for count in [1, 2] {
        (InstructionSet.current, Threads.count) = (set, count)
        results.append(try Self.forces(problem))
      }
    }
    for result in results {
      #expect(result.attraction == results[0].attraction && result.repulsion == results[0].repulsion)
      #expect(result.totalWeight == results[0].totalWeight)
    }
    if n == 1 { #expect(results[0].gradient() == [0, 0] && results[0].totalWeight == 0) }
  }

  @Test func shapesMustFit() {
    #expect(throws: KernelError.self) {
      try NeighbourForces(x: Tensor(zeros: [3]), y: Tensor(zeros: [3]), affinities: Tensor(zeros: [3, 2]))
    }
  }
}
