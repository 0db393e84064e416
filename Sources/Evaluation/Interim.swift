import Foundation
import Kernels

enum Linear {
  static func forward(_ x: Tensor, weight: Tensor, bias: Tensor) throws -> Tensor {
    var y = try matmul(x, weight, transposeB: true)
    for i in 0..<y.count { y[flat: i] += bias[flat: i % bias.count] }
    return y
  }
  static func backwardWeight(_ d: Tensor, input: Tensor) throws -> Tensor {
    var y = Tensor(zeros: [d.shape[1], input.shape[1]])
    let (a, b) = (d.values, input.values)
    for n in 0..<d.shape[0] {
      for i in 0..<y.shape[0] {
        for j in 0..<y.shape[1] { y[flat: i * y.shape[1] + j] += a[n * y.shape[0] + i] * b[n * y.shape[1] + j] }
      }
    }
    return y
  }
}
func columnSums(_ x: Tensor) -> Tensor {
  var y = Tensor(zeros: [x.shape[1]])
  let v = x.values
  for i in v.indices { y[flat: i % y.count] += v[i] }
  return y
}
func matmul(_ a: Tensor, _ b: Tensor, transposeB: Bool) throws -> Tensor {
  let (n, m, k) = (a.shape[0], b.shape[0], a.shape[1])
  let (x, w) = (a.values, b.values)
  var y = [Float](repeating: 0, count: n * m)
  for i in 0..<n { for j in 0..<m { for l in 0..<k { y[i * m + j] += x[i * k + l] * w[j * k + l] } } }
  return Tensor(y, shape: [n, m])
}
struct Adam {
  let rate: Double
  let weightDecay: Double
  struct State {
    var m: [Double]
    var v: [Double]
    var step = 0
    init(shape: Shape) { (m, v) = ([Double](repeating: 0, count: shape.count), [Double](repeating: 0, count: shape.count)) }
  }
  func update(_ p: inout Tensor, gradient: Tensor, state: inout State) {
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
func crossEntropy(_ logits: Tensor, labels: [Int]) -> (mean: Double, gradient: Tensor) {
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
func topRows(_ x: Tensor, count: Int) throws -> (values: [Float], indices: [Int]) {
  let (v, c) = (x.values, x.shape[1])
  var result: (values: [Float], indices: [Int]) = ([], [])
  for i in 0..<x.shape[0] {
    let order = (0..<c).sorted { (v[i * c + $0], $1) > (v[i * c + $1], $0) }.prefix(count)
    result.values += order.map { v[i * c + $0] }
    result.indices += order
  }
  return result
}
enum UnitRows {
  static func of(_ x: Tensor) -> Tensor {
    var v = x.values
    let c = x.shape[1]
    for i in 0..<x.shape[0] {
      let length = v[i * c..<(i + 1) * c].reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 0 { for j in 0..<c { v[i * c + j] /= length } }
    }
    return Tensor(v, shape: x.shape)
  }
}
struct ProbeRandom {
  private var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func uniform(_ a: Float, _ b: Float, shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { _ in a + (b - a) * Float(next() >> 40) / 16_777_216 }, shape: shape)
  }
  mutating func permutation(_ n: Int) -> [Int] {
    var order = Array(0..<n)
    for i in stride(from: n - 1, to: 0, by: -1) { order.swapAt(i, Int(next() % UInt64(i + 1))) }
    return order
  }
}
