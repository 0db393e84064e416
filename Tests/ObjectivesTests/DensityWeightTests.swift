import Foundation
import Kernels
import Objectives
import TestSupport
import Testing

@Suite struct DensityWeightTests {
  /// Two samples at (1, 0), one at (0, 1), lengths apart: squared distances are 0 and 2. With bandwidth 1 the densities are
  /// (2 + e⁻¹)/3 twice and (1 + 2 e⁻¹)/3.
  @Test func byHand() throws {
    let z = Tensor([2, 0, 5, 0, 0, 3], shape: [3, 2])
    let densities = [2 + exp(-1.0), 2 + exp(-1.0), 1 + 2 * exp(-1.0)]
    for exponent in [0, 0.5, 1, 3] {
      let raw = densities.map { pow($0, -exponent) }
      let expected = raw.map { 3 * $0 / raw.reduce(0, +) }
      let weights = try DensityWeight(exponent: exponent, bandwidth: 1)(z, z).doubles
      #expect(zip(weights, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "exponent \(exponent)")
    }
    // Squared distances between different samples: 0, 2, 2, so that the median is 2 and so the bandwidth √2.
    let median = try DensityWeight()(z, z).doubles
    let (dense, sparse) = (1 / (2 + exp(-0.5)), 1 / (1 + 2 * exp(-0.5)))
    let mean = (2 * dense + sparse) / 3
    #expect(zip(median, [dense / mean, dense / mean, sparse / mean]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  /// The formula in double, on both views.
  @Test(arguments: [(2, 1), (5, 3), (31, 7), (64, 16)]) func isItsFormula(_ n: Int, _ d: Int) throws {
    let views = [Tensor.sample([n, d], seed: 1), Tensor.sample([n, d], seed: 2)]
    let (exponent, h) = (1.5, 0.7)
    func logDensities(_ z: Tensor) -> [Double] {
      let rows = (0..<n).map { i -> [Double] in
        let row = (0..<d).map { Double(z[flat: i * d + $0]) }
        let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return row.map { $0 / length }
      }
      return rows.map { a in
        log(rows.reduce(0) { $0 + exp(-zip(a, $1).reduce(0) { $0 + pow($1.0 - $1.1, 2) } / (2 * h * h)) } / Double(n))
      }
    }
    let raw = zip(logDensities(views[0]), logDensities(views[1])).map { exp(-exponent * ($0 + $1) / 2) }
    let mean = raw.reduce(0, +) / Double(n)
    let weights = try DensityWeight(exponent: exponent, bandwidth: h)(views[0], views[1])
    #expect(relativeError(weights.doubles, raw.map { $0 / mean }) < 1e-5)
    #expect(abs(weights.doubles.reduce(0, +) / Double(n) - 1) < 1e-6, "the mean is 1")
  }

  /// Equal embeddings, one sample, and exponent 0 weigh all alike.
  @Test func nothingToTellApart() throws {
    let equal = Tensor(repeating: 0.3, shape: [5, 4])
    #expect(try DensityWeight()(equal, equal).values == [1, 1, 1, 1, 1])
    let one = Tensor.sample([1, 4], seed: 1)
    #expect(try DensityWeight()(one, one).values == [1])
    let z = Tensor.sample([6, 4], seed: 1)
    #expect(try DensityWeight(exponent: 0)(z, z).values.allSatisfy { $0 == 1 })
  }

  @Test func sameBitsOnEveryThreadCount() throws {
    let (a, b) = (Tensor.sample([133, 19], seed: 1), Tensor.sample([133, 19], seed: 2))
    let runs = try Machine.everyVariant { try DensityWeight()(a, b).bits }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test func refusesWhatMakesNoSense() throws {
    for bandwidth in [0, -1, .nan, .infinity] as [Double] {
      #expect(throws: ObjectiveError.self) { try DensityWeight(bandwidth: bandwidth) }
    }
    #expect(throws: ObjectiveError.self) { try DensityWeight(exponent: -1) }
    var z = Tensor.sample([4, 3], seed: 1)
    z[flat: 2] = .nan
    #expect(throws: KernelError.self) { try DensityWeight()(z, z) }
  }
}
