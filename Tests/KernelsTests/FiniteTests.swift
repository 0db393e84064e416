import Kernels
import Testing

@Suite struct FiniteTests {
  @Test(arguments: [1, 7, 63, 64, 65, 16_383, 16_384, 16_385, 1 << 16, (1 << 16) + 3, 600_001])
  func oneBadValueIsFoundAnywhere(_ count: Int) {
    var x = Tensor(repeating: .greatestFiniteMagnitude, shape: [count])
    #expect(x.isFinite)
    for position in Set([0, count / 2, count - 1]) {
      for bad in [Float.nan, .infinity, -.infinity, .signalingNaN] {
        x[flat: position] = bad
        #expect(!x.isFinite, "\(bad) at \(position) of \(count)")
      }
      x[flat: position] = -.leastNonzeroMagnitude
    }
    #expect(x.isFinite)
  }

  @Test func anEmptyTensorIsFinite() { #expect(Tensor(zeros: [0, 3]).isFinite) }
}
