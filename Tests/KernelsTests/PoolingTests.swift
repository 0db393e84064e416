import CKernels
import Kernels
import TestSupport
import Testing

@Suite struct PoolingTests {
  struct Geometry: CustomTestStringConvertible, Sendable {
    let input: Shape
    let kernel: (Int, Int)
    let stride: Int
    let padding: Int
    func plan() throws -> MaxPool2d {
      try MaxPool2d(input: input, kernel: kernel, stride: stride, padding: padding)
    }
    var testDescription: String { "\(input), kernel \(kernel), stride \(stride), padding \(padding)" }
  }

  static let geometries: [Geometry] = [
    Geometry(input: [1, 1, 1, 1], kernel: (1, 1), stride: 1, padding: 0),
    Geometry(input: [2, 7, 6, 5], kernel: (3, 3), stride: 2, padding: 1),
    Geometry(input: [2, 8, 8, 17], kernel: (2, 2), stride: 2, padding: 0),
    Geometry(input: [1, 5, 9, 24], kernel: (3, 2), stride: 1, padding: 1),
    Geometry(input: [1, 4, 4, 3], kernel: (2, 2), stride: 3, padding: 1),
    Geometry(input: [1, 6, 6, 1], kernel: (6, 6), stride: 1, padding: 3),
    Geometry(input: [3, 33, 20, 8], kernel: (3, 3), stride: 2, padding: 1),
  ]

  /// Maximum and the position in x it came from, for every output.
  static func oracle(_ plan: MaxPool2d, _ g: Geometry, _ x: [Float]) -> [(value: Float, at: Int)] {
    let (i, o) = (plan.inputShape, plan.outputShape)
    var result: [(Float, Int)] = []
    for n in 0..<o[0] {
      for p in 0..<o[1] {
        for q in 0..<o[2] {
          for c in 0..<o[3] {
            var best: (Float, Int)?
            for h in max(0, p * g.stride - g.padding)..<min(i[1], p * g.stride - g.padding + g.kernel.0) {
              for w in max(0, q * g.stride - g.padding)..<min(i[2], q * g.stride - g.padding + g.kernel.1) {
                let at = ((n * i[1] + h) * i[2] + w) * i[3] + c
                if best == nil || x[at] > best!.0 || (x[at].isNaN && !best!.0.isNaN) { best = (x[at], at) }
              }
            }
            result.append(best!)
          }
        }
      }
    }
    return result
  }

  @Test(arguments: geometries) func agreesWithTheDefinition(_ g: Geometry) throws {
    let plan = try g.plan()
    // few distinct values, so that there are ties
    let x = Tensor(Tensor.sample(g.input, seed: 1).values.map { ($0 * 3).rounded() }, shape: g.input)
    let dy = Tensor.sample(plan.outputShape, seed: 2)
    let expected = Self.oracle(plan, g, x.values)
    let (y, positions) = try plan.forward(x)
    #expect(y.values == expected.map(\.value))
    var dx = [Double](repeating: 0, count: x.count)
    for (i, e) in expected.enumerated() { dx[e.at] += Double(dy[flat: i]) }
    #expect(relativeError(try plan.backward(dy, positions: positions).doubles, dx) < 1e-6)
  }

  /// Where all maxima are alone the pool is linear near x: ⟨pool(dx), dy⟩ = ⟨dx, ∂x⟩.
  @Test(arguments: geometries) func gradientIsAdjoint(_ g: Geometry) throws {
    let plan = try g.plan()
    let x = Tensor.sample(g.input, seed: 3)
    let dy = Tensor.sample(plan.outputShape, seed: 4)
    let (y, positions) = try plan.forward(x)
    let dx = try plan.backward(dy, positions: positions)
    #expect(abs(innerProduct(y, dy) - innerProduct(x, dx)) < 1e-5 * Double(y.count).squareRoot())
  }

  @Test(arguments: geometries) func sameBitsOnEveryInstructionSetAndThreadCount(_ g: Geometry) throws {
    let plan = try g.plan()
    let x = Tensor.sample(g.input, seed: 5)
    let dy = Tensor.sample(plan.outputShape, seed: 6)
    let runs = try Machine.everyVariant {
      let (y, positions) = try plan.forward(x)
      let mean = try globalAveragePool(x)
      return [
        y.bits, try plan.backward(dy, positions: positions).bits, mean.bits,
        try globalAveragePoolBackward(mean, inputShape: x.shape).bits,
      ]
    }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test func specialValues() throws {
    let plan = try MaxPool2d(input: [1, 2, 2, 1], kernel: (2, 2), stride: 1)
    func pool(_ values: [Float]) throws -> (Float, [Float]) {
      let (y, positions) = try plan.forward(Tensor(values, shape: [1, 2, 2, 1]))
      return (y[flat: 0], try plan.backward(Tensor([1], shape: [1, 1, 1, 1]), positions: positions).values)
    }
    #expect(try pool([-.infinity, -.infinity, -.infinity, -.infinity]) == (-.infinity, [1, 0, 0, 0]))
    #expect(try pool([2, 2, 2, 2]) == (2, [1, 0, 0, 0]))
    let (value, gradient) = try pool([3, .nan, .infinity, .nan])
    #expect(value.isNaN && gradient == [0, 1, 0, 0])
  }

  @Test(arguments: geometries) func writesAllOfItsOutputAndNothingElse(_ g: Geometry) throws {
    let shapes = try g.plan()
    var plan = ck_max_pool()
    #expect(
      ck_max_pool_plan(
        &plan, g.input[0], g.input[1], g.input[2], g.input[3], g.kernel.0, g.kernel.1, g.stride, g.stride,
        g.padding, g.padding) == CK_OK)
    let count = shapes.outputShape.count
    let x = Guarded(Tensor.sample(g.input, seed: 1))
    let (y, dx) = (Guarded<UInt32>(count: count), Guarded<UInt32>(count: g.input.count))
    let taps = Guarded<UInt8>(count: count)
    ck_max_pool_forward(y.floats, taps.base, x.floats, &plan)
    ck_max_pool_backward(dx.floats, y.floats, taps.base, &plan)
    #expect(y.unwritten == 0 && dx.unwritten == 0 && taps.unwritten == 0)
    #expect(y.marginsAreIntact && dx.marginsAreIntact && taps.marginsAreIntact)
  }

  // MARK: global average

  @Test(arguments: [[1, 1, 1, 1], [3, 4, 5, 7], [2, 13, 11, 16], [2, 1, 1, 40]] as [Shape])
  func meanOverPixels(_ shape: Shape) throws {
    let x = Tensor.sample(shape, seed: 1)
    let (n, pixels, c) = (shape[0], shape[1] * shape[2], shape[3])
    var expected = [Double](repeating: 0, count: n * c)
    for (i, value) in x.doubles.enumerated() { expected[i / c / pixels * c + i % c] += value / Double(pixels) }
    let y = try globalAveragePool(x)
    #expect(relativeError(y.doubles, expected) < 1e-6)
    let dy = Tensor.sample([n, c], seed: 2)
    let dx = try globalAveragePoolBackward(dy, inputShape: shape)
    #expect(abs(innerProduct(y, dy) - innerProduct(x, dx)) < 1e-6 * Double(n * c))
  }

  // MARK: bad input

  @Test func refusesBadGeometry() throws {
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: KernelError.self) { try body() }?.description
    }
    func plan(_ shape: Shape, _ kernel: Int, _ padding: Int) throws {
      _ = try MaxPool2d(input: shape, kernel: (kernel, kernel), stride: 2, padding: padding)
    }
    #expect(
      message { try plan([1, 4, 4, 1], 5, 0) } == "max_pool2d: kernel 5×5 exceeds the padded input 4×4")
    #expect(
      message { try plan([1, 4, 4, 1], 3, 2) } == "max_pool2d: padding 2 is more than half of the kernel 3×3")
    #expect(
      message { try plan([1, 20, 20, 1], 16, 0) } == "max_pool2d: kernel 16×16 has more than 255 values")
    #expect(message { _ = try globalAveragePool(Tensor(zeros: [2, 3])) }
      == "global_avg_pool: the input is 2×3, expected N×H×W×C")
    #expect(
      message { _ = try globalAveragePoolBackward(Tensor(zeros: [2, 3]), inputShape: [2, 4, 4, 5]) }
        == "global_avg_pool backward: output gradient is 2×3, expected 2×5")
  }
}
