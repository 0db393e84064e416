import Evaluation
import Kernels
import Testing

@Suite struct CircleSharesTests {
  @Test func binsGoToTheirMajorities() throws {
    // Four quarters: two of class 0 against one of class 1; class 1; nothing; a tie, which the lower label has.
    let values: [Float] = [1, 0.1, 2, 1, 0.1, 3, -1, 0.5, 5, -1, 1, -5, 0, 0]
    let shares = try CircleShares(
      Features(Tensor(values, shape: [7, 2]), labels: [0, 0, 1, 1, 2, 1, 2]), classes: 4, bins: 4)
    #expect(shares.owners == [0, 1, nil, 1])
    #expect(shares.shares == [1.0 / 3, 2.0 / 3, 0, 0])
  }

  @Test func binsBeginAtTheirAngles() {
    #expect(CircleShares.bin(x: 1, y: 0, of: 72) == 0)
    #expect(CircleShares.bin(x: 0, y: 1, of: 4) == 1)
    #expect(CircleShares.bin(x: -1, y: 0, of: 4) == 2)
    #expect(CircleShares.bin(x: 1, y: -1e-300, of: 72) == 71)
    #expect(CircleShares.bin(x: 0, y: 0, of: 72) == nil)
  }

  @Test func whatIsOnNoCircleIsRefused() throws {
    func refused(_ values: Tensor, _ labels: [Int], bins: Int = 8) {
      #expect(throws: EvaluationError.self) {
        try CircleShares(try Features(values, labels: labels), classes: 2, bins: bins)
      }
    }
    refused(Tensor(zeros: [2, 3]), [0, 1])
    refused(Tensor(zeros: [2, 2]), [0, 1])
    refused(Tensor([1, 1], shape: [1, 2]), [2])
    refused(Tensor([1, .nan], shape: [1, 2]), [1])
    refused(Tensor([1, 1], shape: [1, 2]), [1], bins: 1)
  }
}
