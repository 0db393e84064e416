import Kernels
import NeuralNet
import Testing

@Suite struct TapeTests {
  /// y = 2a + 3a through two steps: gradients of both uses add up.
  @Test func gradientsOfAVariableUsedTwiceAddUp() throws {
    let tape = Tape()
    var received: Tensor?
    let a = tape.leaf(Tensor([1, 2], shape: [2])) { received = $0 }
    let double = tape.record(a.value.scaled(by: 2), inputs: [a]) { [$0.scaled(by: 2)] }
    let sum = tape.record(Tensor([5, 10], shape: [2]), inputs: [double, a]) { [$0, $0.scaled(by: 3)] }
    try tape.backward(from: sum, Tensor([1, 10], shape: [2]))
    #expect(received?.values == [5, 50])
  }

  @Test func whatIsSavedIsReleasedAsBackwardProceeds() throws {
    final class Saved {}
    weak var late: Saved?
    let tape = Tape()
    var lateWasReleased = false
    let start = tape.leaf(Tensor(scalar: 1)) { _ in }
    let early = tape.record(Tensor(scalar: 1), inputs: [start]) {
      lateWasReleased = late == nil
      return [$0]
    }
    func recordLate() -> Variable {
      let saved = Saved()
      late = saved
      return tape.record(Tensor(scalar: 1), inputs: [early]) {
        _ = saved
        return [$0]
      }
    }
    let end = recordLate()
    #expect(late != nil)
    try tape.backward(from: end, Tensor(scalar: 1))
    #expect(lateWasReleased)
    #expect(tape.count == 0)
  }

  @Test func stepsTheOutputDoesNotDependOnAreNotRun() throws {
    let tape = Tape()
    let a = tape.leaf(Tensor(scalar: 1)) { _ in }
    let output = tape.record(Tensor(scalar: 1), inputs: [a]) { [$0] }
    _ = tape.record(Tensor(scalar: 1), inputs: [a]) { _ in
      Issue.record("ran a step beside the way")
      return [nil]
    }
    try tape.backward(from: output, Tensor(scalar: 1))
  }

  @Test func aConstantNeedsNoGradient() throws {
    let tape = Tape()
    let output = tape.record(Tensor(scalar: 1), inputs: [Variable(Tensor(scalar: 3))]) { _ in [nil] }
    try tape.backward(from: output, Tensor(scalar: 1))
    try Tape().backward(from: Variable(Tensor(scalar: 1)), Tensor(scalar: 1))
  }

  @Test func theTapeIsEmptyAfterAnError() throws {
    struct Failure: Error {}
    let tape = Tape()
    let a = tape.leaf(Tensor(scalar: 1)) { _ in }
    let output = tape.record(Tensor(scalar: 1), inputs: [a]) { _ in throw Failure() }
    #expect(throws: Failure.self) { try tape.backward(from: output, Tensor(scalar: 1)) }
    #expect(tape.count == 0)
  }
}
