import Foundation
import Kernels

struct Adam {
  let rate: Double
  let weightDecay: Double
  struct State {
    var m: [Double]
    var v: [Double]
    var step = 0
    init(shape: Shape) { (m, v) = ([Double](repeating: 0, count: shape.count), [Double](repeating: 0, count: shape.count)) }
  }
  func update(_ p: inout Tensor, gradient: Tensor, state: inout State) throws {
    state.step += 1
    for i in 0..<p.count {
      let g = Double(gradient[flat: i]) + weightDecay * Double(p[flat: i])
      state.m[i] = 0.9 * state.m[i] + 0.1 * g
      state.v[i] = 0.999 * state.v[i] + 0.001 * g * g
      let (c, d) = (1 - pow(0.9, Double(state.step)), 1 - pow(0.999, Double(state.step)))
      p[flat: i] -= Float(rate * state.m[i] / c / ((state.v[i] / d).squareRoot() + 1e-8))
    }
  }
}
func crossEntropy(_ logits: Tensor, labels: [Int]) throws -> (mean: Double, gradient: Tensor) {
  let (n, c) = (logits.shape[0], logits.shape[1])
  var g = [Float](repeating: 0, count: n * c)
  var total = 0.0
  let v = logits.values
  for i in 0..<n {
    let row = v[i * c..<(i + 1) * c].map(Double.init)
    let top = row.max()!
    let sum = row.reduce(0) { $0 + exp($1 - top) }
    total += log(sum) + top - row[labels[i]]
    for j in 0..<c { g[i * c + j] = Float((exp(row[j] - top) / sum - (j == labels[i] ? 1 : 0)) / Double(n)) }
  }
  return (total / Double(n), Tensor(g, shape: logits.shape))
}
func normalizeRows(_ x: Tensor) -> (rows: Tensor, inverseLengths: Tensor) {
  var v = x.values
  let c = x.shape[1]
  for i in 0..<x.shape[0] {
    let length = v[i * c..<(i + 1) * c].reduce(0) { $0 + $1 * $1 }.squareRoot()
    if length > 0 { for j in 0..<c { v[i * c + j] /= length } }
  }
  return (Tensor(v, shape: x.shape), x)
}
func topRows(_ x: Tensor, count: Int) throws -> (values: Tensor, positions: [Int]) {
  let (v, c) = (x.values, x.shape[1])
  var result: (values: [Float], positions: [Int]) = ([], [])
  for i in 0..<x.shape[0] {
    let order = (0..<c).sorted { (v[i * c + $0], $1) > (v[i * c + $1], $0) }.prefix(count)
    result.values += order.map { v[i * c + $0] }
    result.positions += order
  }
  return (Tensor(result.values, shape: [x.shape[0], count]), result.positions)
}
func argmaxRows(_ x: Tensor) throws -> [Int] { try topRows(x, count: 1).positions }
