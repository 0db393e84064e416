import CKernels
import Kernels
import TestSupport
import Testing

@Suite struct ElementwiseTests {
  /// All tails of the vector loops, and more than one part.
  static let counts = Array(0...40) + [16383, 16384, 16385, 40001]

  @Test(arguments: counts) func agreeWithTheDefinition(_ count: Int) throws {
    let a = Tensor.sample([count], seed: 1)
    let b = Tensor.sample([count], seed: 2)
    let (x, y) = (a.values, b.values)
    #expect(relu(a).values == x.map { max($0, 0) })
    #expect(try reluBackward(b, output: a).values == zip(x, y).map { $0 > 0 ? $1 : 0 })
    #expect(try add(a, b).values == zip(x, y).map { $0 + $1 })
    #expect(a.scaled(by: -1.7).values == x.map { -1.7 * $0 })
    var sum = a
    try sum.accumulate(b, factor: 0.3)
    #expect(sum.values == zip(x, y).map { $0 + 0.3 * $1 })
    #expect(a.values == x)
  }

  @Test func sameBitsOnEveryInstructionSetAndThreadCount() throws {
    let a = Tensor.sample([40013], seed: 1)
    let b = Tensor.sample([40013], seed: 2)
    let runs = try Machine.everyVariant {
      var sum = a
      try sum.accumulate(b, factor: 0.3)
      return [relu(a), try reluBackward(b, output: a), try add(a, b), a.scaled(by: 0.7), sum].map(\.bits)
    }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  /// A ReLU that turns NaN into 0 would hide a diverged network.
  @Test func notANumberPassesTheReLU() {
    for count in [1, 9, 17] {
      let y = relu(Tensor(repeating: .nan, shape: [count])).values
      #expect(y.allSatisfy { $0.isNaN })
    }
    #expect(relu(Tensor([.infinity, -.infinity, -0.0, 0], shape: [4])).values == [.infinity, 0, 0, 0])
  }

  @Test(arguments: 0...40) func writeAllOfTheirOutputAndNothingElse(_ count: Int) {
    let (a, b) = (Guarded(Tensor.sample([count], seed: 1)), Guarded(Tensor.sample([count], seed: 2)))
    for operation in 0..<4 {
      let y = Guarded<UInt32>(count: count)
      switch operation {
      case 0: ck_relu(y.floats, a.floats, count)
      case 1: ck_relu_backward(y.floats, a.floats, b.floats, count)
      case 2: ck_add(y.floats, a.floats, b.floats, count)
      default: ck_scale(y.floats, a.floats, 3, count)
      }
      #expect(y.unwritten == 0 && y.marginsAreIntact)
    }
    ck_accumulate(a.floats, b.floats, 2, count)
    #expect(a.marginsAreIntact)
  }

  @Test func outputMayBeAnInput() {
    let a = Tensor.sample([1000], seed: 1)
    var inPlace = a
    inPlace.withUnsafeMutableBufferPointer { ck_relu($0.baseAddress!, $0.baseAddress!, $0.count) }
    #expect(inPlace == relu(a))
  }

  @Test func refuseWhatDoesNotFit() {
    var a = Tensor(zeros: [2, 3])
    let b = Tensor(zeros: [3, 2])
    func message(_ body: () throws -> Void) -> String? {
      #expect(throws: KernelError.self) { try body() }?.description
    }
    #expect(message { _ = try add(a, b) } == "add: second operand is 3×2, expected 2×3")
    #expect(message { _ = try reluBackward(a, output: b) } == "relu backward: output gradient is 2×3, expected 3×2")
    #expect(message { try a.accumulate(b) } == "accumulate: summand is 3×2, expected 2×3")
  }
}
