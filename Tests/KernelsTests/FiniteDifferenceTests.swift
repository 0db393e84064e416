import Kernels
import TestSupport
import Testing

/// Central differences of ⟨f(x), dy⟩ against the backward kernels. The functions here are linear, or
/// piecewise linear with inputs kept off the edges, so a large step is exact but for rounding.
@Suite struct FiniteDifferenceTests {
  /// Compares the gradient with the slope at every `step`-th element of x.
  private func check(
    _ gradient: Tensor, of loss: (Tensor) throws -> Tensor, dy: Tensor, at x: Tensor, h: Float, step: Int = 1,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(gradient.shape == x.shape, sourceLocation: sourceLocation)
    for i in stride(from: 0, to: x.count, by: step) {
      var (up, down) = (x, x)
      up[flat: i] += h
      down[flat: i] -= h
      let difference = innerProduct(try loss(up), dy) - innerProduct(try loss(down), dy)
      let slope = difference / Double(up[flat: i] - down[flat: i])
      #expect(
        abs(slope - Double(gradient[flat: i])) < 1e-4 * max(1, abs(slope)), "element \(i)",
        sourceLocation: sourceLocation)
    }
  }

  /// Distinct values at least 0.1 apart and at least 0.05 from 0, in a scattered order.
  private func apart(_ shape: Shape) -> Tensor {
    let order = Tensor.sample(shape, seed: 77).values.enumerated().sorted { $0.element < $1.element }
    var values = [Float](repeating: 0, count: shape.count)
    for (rank, item) in order.enumerated() { values[item.offset] = (Float(rank - shape.count / 2) + 0.5) * 0.1 }
    return Tensor(values, shape: shape)
  }

  @Test(arguments: [(1, 1), (2, 0), (3, 2)]) func convolution(_ stride: Int, _ padding: Int) throws {
    for algorithm in Convolution.Algorithm.allCases {
      guard
        let plan = try? Convolution(
          input: [2, 5, 6, 3], outputChannels: 4, kernel: (3, 3), stride: stride, padding: padding,
          algorithm: algorithm)
      else {
        #expect(algorithm != .im2col)
        continue
      }
      let x = Tensor.sample(plan.inputShape, seed: 1)
      let w = Tensor.sample(plan.weightShape, seed: 2)
      let dy = Tensor.sample(plan.outputShape, seed: 3)
      try check(try plan.backwardData(dy, w), of: { try plan.forward($0, w) }, dy: dy, at: x, h: 0.5, step: 3)
      try check(try plan.backwardWeight(dy, x), of: { try plan.forward(x, $0) }, dy: dy, at: w, h: 0.5, step: 2)
    }
  }

  @Test func linear() throws {
    let (x, w, b) = (
      Tensor.sample([5, 7], seed: 1), Tensor.sample([3, 7], seed: 2), Tensor.sample([3], seed: 3)
    )
    let dy = Tensor.sample([5, 3], seed: 4)
    let gradients = try Linear.backward(dy, input: x, weight: w)
    try check(gradients.input, of: { try Linear.forward($0, weight: w, bias: b) }, dy: dy, at: x, h: 0.5)
    try check(gradients.weight, of: { try Linear.forward(x, weight: $0, bias: b) }, dy: dy, at: w, h: 0.5)
    try check(gradients.bias, of: { try Linear.forward(x, weight: w, bias: $0) }, dy: dy, at: b, h: 0.5)
  }

  @Test func rectifier() throws {
    let x = apart([37])
    let dy = Tensor.sample([37], seed: 1)
    try check(try reluBackward(dy, output: relu(x)), of: { relu($0) }, dy: dy, at: x, h: 0.03)
  }

  @Test func maxPool() throws {
    let pool = try MaxPool2d(input: [2, 5, 6, 3], kernel: (3, 3), stride: 2, padding: 1)
    let x = apart(pool.inputShape)
    let dy = Tensor.sample(pool.outputShape, seed: 1)
    let gradient = try pool.backward(dy, positions: try pool.forward(x).positions)
    try check(gradient, of: { try pool.forward($0).output }, dy: dy, at: x, h: 0.03)
  }

  @Test func globalAverage() throws {
    let x = Tensor.sample([2, 3, 4, 5], seed: 1)
    let dy = Tensor.sample([2, 5], seed: 2)
    let gradient = try globalAveragePoolBackward(dy, inputShape: x.shape)
    try check(gradient, of: { try globalAveragePool($0) }, dy: dy, at: x, h: 0.5)
  }
}
