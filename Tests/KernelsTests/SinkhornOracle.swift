import Foundation
import Kernels

/// Sinkhorn as the golden README defines it, in double, without any care for speed.
struct SinkhornOracle {
  let n: Int, k: Int
  let assignment: [Double]
  /// Σ |column mass / N − prior|
  let marginalError: Double

  init(_ scores: Tensor, prior: [Double], lambda: Double, iterations: Int) {
    let (n, k) = scores.shape.rowsAndColumns
    let logits = scores.values.map { Double($0) / lambda }
    let total = prior.reduce(0, +)
    let logPrior = prior.map { log($0 / total) }
    var v = [Double](repeating: -log(Double(n)), count: n)
    var u = [Double](repeating: 0, count: k)
    for _ in 0..<iterations {
      for c in 0..<k { u[c] = logPrior[c] - Self.logSumExp((0..<n).map { logits[$0 * k + c] + v[$0] }) }
      for i in 0..<n { v[i] = -log(Double(n)) - Self.logSumExp((0..<k).map { logits[i * k + $0] + u[$0] }) }
    }
    let assignment = (0..<n * k).map { Double(n) * exp(logits[$0] + u[$0 % k] + v[$0 / k]) }
    self.assignment = assignment
    (self.n, self.k) = (n, k)
    marginalError = (0..<k).reduce(0) { error, c in
      error + abs((0..<n).reduce(0) { $0 + assignment[$1 * k + c] } / Double(n) - prior[c] / total)
    }
  }

  static func logSumExp(_ x: [Double]) -> Double {
    let top = x.max()!
    return top == -.infinity ? top : top + log(x.reduce(0) { $0 + exp($1 - top) })
  }
}
