import Kernels
import TestSupport
import Testing

@Suite struct ProcrustesTests {
  /// An orthogonal matrix, d×d: what takes d random points nearest to d others.
  private func orthogonal(_ d: Int, seed: UInt64, proper: Bool = false) throws -> Tensor {
    try Procrustes(from: Tensor.sample([d, d], seed: seed), to: Tensor.sample([d, d], seed: seed + 100), properRotation: proper).rotation
  }

  private func distanceFromOrthogonal(_ r: Tensor) throws -> Float {
    let (d, gram) = (r.shape[0], try matmul(r, r, transposeB: true).values)
    return gram.enumerated().map { abs($0.element - ($0.offset / d == $0.offset % d ? 1 : 0)) }.max() ?? 0
  }

  private func distance(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.values, b.values).reduce(0) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) }.squareRoot()
  }

  /// By elimination in double.
  private func determinant(_ r: Tensor) -> Double {
    let d = r.shape[0]
    var rows = (0..<d).map { row in (0..<d).map { Double(r[flat: row * d + $0]) } }
    var result = 1.0
    for column in 0..<d {
      let pivot = (column..<d).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
      if pivot != column {
        rows.swapAt(pivot, column)
        result = -result
      }
      result *= rows[column][column]
      for row in column + 1..<max(d, column + 1) {
        let factor = rows[row][column] / rows[column][column]
        for k in column..<d { rows[row][k] -= factor * rows[column][k] }
      }
    }
    return result
  }

  @Test(arguments: [(4, 2), (3, 3), (40, 6), (5, 12), (1, 4), (100, 128)])
  func theMapIsOrthogonalAndNoOtherIsBetter(_ m: Int, _ d: Int) throws {
    let (a, b) = (Tensor.sample([m, d], seed: 3), Tensor.sample([m, d], seed: 4))
    let best = try Procrustes(from: a, to: b)
    #expect(try distanceFromOrthogonal(best.rotation) < 1e-6)
    let moved = try matmul(a, best.rotation)
    let agreement = zip(moved.values, b.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    #expect(abs(agreement - best.agreement) < 1e-4 * max(1, best.agreement))
    let least = distance(moved, b)
    for seed in 0..<20 as Range<UInt64> {
      #expect(distance(try matmul(a, orthogonal(d, seed: 10 * seed)), b) >= least - 1e-5)
    }
    // Nor one next to it.
    for seed in 0..<5 as Range<UInt64> {
      var near = best.rotation
      try near.accumulate(Tensor.sample([d, d], seed: seed), factor: 0.01)
      let turned = try Procrustes(from: identity(d), to: near).rotation
      #expect(distance(try matmul(a, turned), b) >= least - 1e-5)
    }
  }

  private func identity(_ d: Int) -> Tensor {
    Tensor((0..<d * d).map { $0 / d == $0 % d ? 1 : 0 }, shape: [d, d])
  }

  @Test(arguments: [1, 2, 3, 9, 64]) func aKnownMapIsFoundAgain(_ d: Int) throws {
    let points = Tensor.sample([d + 5, d], seed: 7)
    for proper in [false, true] {
      let known = try orthogonal(d, seed: 20, proper: proper)
      let found = try Procrustes(from: points, to: matmul(points, known), properRotation: proper)
      for (x, y) in zip(found.rotation.values, known.values) { #expect(abs(x - y) < 1e-5) }
    }
  }

  @Test func reflectionsAreAllowedUnlessARotationIsAskedFor() throws {
    let points = Tensor.sample([6, 3], seed: 2)
    var mirrored = points
    for row in 0..<6 { mirrored[flat: row * 3] = -mirrored[flat: row * 3] }
    let free = try Procrustes(from: points, to: mirrored)
    #expect(abs(determinant(free.rotation) + 1) < 1e-5)
    #expect(distance(try matmul(points, free.rotation), mirrored) < 1e-5)
    let proper = try Procrustes(from: points, to: mirrored, properRotation: true)
    #expect(abs(determinant(proper.rotation) - 1) < 1e-5)
    #expect(try distanceFromOrthogonal(proper.rotation) < 1e-6)
    #expect(proper.agreement < free.agreement)
    let least = distance(try matmul(points, proper.rotation), mirrored)
    for seed in 0..<30 as Range<UInt64> {
      let other = try orthogonal(3, seed: seed, proper: true)
      #expect(abs(determinant(other) - 1) < 1e-5)
      #expect(distance(try matmul(points, other), mirrored) >= least - 1e-5)
    }
  }

  /// Points in a plane of six dimensions, in a line, and all zero.
  @Test func withoutFullRankTheMapIsOrthogonalAllTheSame() throws {
    let plane = try matmul(Tensor.sample([9, 2], seed: 1), Tensor.sample([2, 6], seed: 2))
    let turned = try matmul(plane, orthogonal(6, seed: 5))
    let map = try Procrustes(from: plane, to: turned)
    #expect(try distanceFromOrthogonal(map.rotation) < 1e-6)
    #expect(distance(try matmul(plane, map.rotation), turned) < 1e-4)
    let zero = try Procrustes(from: Tensor(zeros: [3, 4]), to: Tensor.sample([3, 4], seed: 1))
    #expect(try distanceFromOrthogonal(zero.rotation) < 1e-6)
    #expect(zero.agreement == 0)
  }

  @Test func whatCannotBeMappedIsRefused() throws {
    let points = Tensor.sample([4, 3], seed: 1)
    #expect(throws: KernelError.self) { try Procrustes(from: points, to: Tensor.sample([3, 4], seed: 1)) }
    #expect(throws: KernelError.self) { try Procrustes(from: Tensor(zeros: [4]), to: Tensor(zeros: [4])) }
    var bad = points
    bad[flat: 5] = .nan
    let error = #expect(throws: KernelError.self) { try Procrustes(from: points, to: bad) }
    #expect(error?.description == "procrustes: a target of 4×3 is not finite")
    #expect(#expect(throws: KernelError.self) { try Procrustes(from: bad, to: points) }?.reason == .notFinite)
  }

  // MARK: Pairing

  private func orders(_ n: Int) -> [[Int]] {
    n == 0 ? [[]] : orders(n - 1).flatMap { rest in (0...rest.count).map { Array(rest[..<$0]) + [n - 1] + rest[$0...] } }
  }

  @Test func thePairingIsTheBestOfAll() throws {
    for k in 1...6 {
      for seed in 0..<8 as Range<UInt64> {
        let costs = Tensor.sample([k, k], seed: seed)
        let found = try leastCostPairing(costs)
        #expect(found.sorted() == Array(0..<k))
        func total(_ order: [Int]) -> Double { order.enumerated().reduce(0) { $0 + Double(costs[flat: $1.offset * k + $1.element]) } }
        #expect(abs(total(found) - orders(k).map(total).min()!) < 1e-6)
      }
    }
  }

  @Test func aHiddenOrderIsFound() throws {
    let k = 150
    var random = CounterRandom(seed: 3, .synthetic)
    let order = random.permutation(k)
    var costs = Tensor.sample([k, k], seed: 2)
    for row in 0..<k { costs[flat: row * k + order[row]] -= 20 }
    #expect(try leastCostPairing(costs) == order)
    #expect(try leastCostPairing(Tensor(repeating: 2, shape: [5, 5])).sorted() == [0, 1, 2, 3, 4])
    #expect(throws: KernelError.self) { try leastCostPairing(Tensor.sample([3, 4], seed: 1)) }
    #expect(throws: KernelError.self) { try leastCostPairing(Tensor([1, .nan, 2, 3], shape: [2, 2])) }
  }
}
