import CKernels
import Kernels
import TestSupport
import Testing

@Suite struct LinearTests {
  /// c[i,j] = Σ a[i,k] b[k,j] in double.
  static func product(_ a: Tensor, _ b: Tensor, bias: Tensor? = nil) -> [Double] {
    let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
    let (x, y) = (a.doubles, b.doubles)
    var c = [Double](repeating: 0, count: m * n)
    for i in 0..<m {
      for j in 0..<n {
        var sum = bias.map { Double($0[flat: j]) } ?? 0
        for l in 0..<k { sum += x[i * k + l] * y[l * n + j] }
        c[i * n + j] = sum
      }
    }
    return c
  }

  /// The last are cut in several tiles.
  static let sizes = [
    (1, 1, 1), (1, 7, 3), (5, 1, 4), (17, 13, 1), (33, 9, 65), (130, 5, 70), (257, 3, 40), (3, 600, 2), (700, 64, 31),
  ]

  @Test(arguments: sizes) func agreesWithTheDefinition(_ m: Int, _ n: Int, _ k: Int) throws {
    let a = Tensor.sample([m, k], seed: 1)
    let b = Tensor.sample([k, n], seed: 2)
    let expected = Self.product(a, b)
    #expect(relativeError(try matmul(a, b).doubles, expected) < 5e-7)
    #expect(relativeError(try matmul(a.transposed(), b, transposeA: true).doubles, expected) < 5e-7)
    #expect(relativeError(try matmul(a, b.transposed(), transposeB: true).doubles, expected) < 5e-7)
    #expect(
      relativeError(
        try matmul(a.transposed(), b.transposed(), transposeA: true, transposeB: true).doubles, expected) < 5e-7)
    let bias = Tensor.sample([n], seed: 3)
    #expect(
      relativeError(
        try Linear.forward(a, weight: b.transposed(), bias: bias).doubles, Self.product(a, b, bias: bias)) < 5e-7)
  }

  /// ⟨x wᵀ, dy⟩ = ⟨x, ∂x⟩ = ⟨w, ∂w⟩, and the bias takes the column sums.
  @Test(arguments: sizes) func gradientsAreAdjoint(_ rows: Int, _ outputs: Int, _ inputs: Int) throws {
    let x = Tensor.sample([rows, inputs], seed: 1)
    let w = Tensor.sample([outputs, inputs], seed: 2)
    let b = Tensor.sample([outputs], seed: 3)
    let dy = Tensor.sample([rows, outputs], seed: 4)
    let gradients = try Linear.backward(dy, input: x, weight: w)
    let forward = innerProduct(try Linear.forward(x, weight: w), dy)
    let scale = Double(rows * outputs * inputs).squareRoot()
    #expect(abs(forward - innerProduct(x, gradients.input)) < 1e-6 * scale)
    #expect(abs(forward - innerProduct(w, gradients.weight)) < 1e-6 * scale)
    let withBias = innerProduct(try Linear.forward(x, weight: w, bias: b), dy)
    #expect(abs(withBias - forward - innerProduct(b, gradients.bias)) < 1e-5 * scale)
  }

  @Test func sameBitsForAnyNumberOfThreads() throws {
    let a = Tensor.sample([300, 150], seed: 1)
    let b = Tensor.sample([150, 520], seed: 2)
    let runs = try Machine.everyVariant { [try matmul(a, b).bits, columnSums(a).bits] }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test(arguments: [(0, 3, 2), (3, 0, 2), (3, 4, 0)])
  func emptyExtents(_ m: Int, _ n: Int, _ k: Int) throws {
    let c = try matmul(Tensor(zeros: [m, k]), Tensor(zeros: [k, n]))
    #expect(c == Tensor(zeros: [m, n]))
    let bias = Tensor.sample([n], seed: 1)
    let y = try Linear.forward(Tensor(zeros: [m, k]), weight: Tensor(zeros: [n, k]), bias: bias)
    #expect(y.values == (0..<m).flatMap { _ in bias.values })
  }

  @Test(arguments: sizes) func writesAllOfItsOutputAndNothingElse(_ m: Int, _ n: Int, _ k: Int) {
    let (a, b) = (Guarded(Tensor.sample([m * k], seed: 1)), Guarded(Tensor.sample([k * n], seed: 2)))
    let (c, bias) = (Guarded<UInt32>(count: m * n), Guarded(Tensor.sample([n], seed: 3)))
    #expect(ck_gemm(c.floats, a.floats, b.floats, nil, m, n, k, 0, 0) == CK_OK)
    #expect(ck_gemm(c.floats, a.floats, b.floats, bias.floats, m, n, k, 1, 1) == CK_OK)
    #expect(c.unwritten == 0 && c.marginsAreIntact)
  }

  @Test(arguments: [1, 3, 8, 16, 29, 100]) func columnSumsAgreeWithTheDefinition(_ columns: Int) {
    for rows in [0, 1, 63, 64, 65, 700] {
      let x = Tensor.sample([rows, columns], seed: UInt64(rows))
      var expected = [Double](repeating: 0, count: columns)
      for (i, value) in x.doubles.enumerated() { expected[i % columns] += value }
      #expect(relativeError(columnSums(x).doubles, expected) < 1e-6)
    }
  }

  /// Float32 alone would be off by about 10⁻³ here.
  @Test func longSumsKeepTheirDigits() {
    let sum = columnSums(Tensor(repeating: 0.1, shape: [1_000_000, 1]))[flat: 0]
    #expect(abs(sum / 100_000 - 1) < 1e-6)
  }

  // MARK: bad input

  @Test func refusesWhatDoesNotFit() {
    func message(_ body: () throws -> Tensor) -> String? {
      #expect(throws: KernelError.self) { try body() }?.description
    }
    let (a, b) = (Tensor(zeros: [2, 3]), Tensor(zeros: [4, 5]))
    #expect(message { try matmul(a, b) } == "matmul: 2×3 · 4×5: inner extents 3 and 4 differ")
    #expect(
      message { try matmul(a, b, transposeA: true, transposeB: true) }
        == "matmul: (2×3)ᵀ · (4×5)ᵀ: inner extents 2 and 5 differ")
    #expect(
      message { try matmul(a, Tensor(zeros: [3])) } == "matmul: expected two matrices, got 2×3 and 3")
    #expect(
      message { try Linear.forward(a, weight: Tensor(zeros: [7, 3]), bias: Tensor(zeros: [3])) }
        == "linear: bias is 3, expected 7")
    #expect(
      message { try Linear.backwardWeight(a, input: b) }
        == "linear backward: (2×3)ᵀ · 4×5: inner extents 2 and 4 differ")
  }
}
