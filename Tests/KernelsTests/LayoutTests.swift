import CKernels
import Kernels
import TestSupport
import Testing

@Suite struct LayoutTests {
  static let shapes: [Shape] = [
    [1, 1, 1, 1], [2, 3, 4, 5], [3, 17, 5, 7], [1, 16, 4, 4], [2, 33, 9, 1], [0, 3, 2, 2], [40, 3, 32, 32],
  ]

  @Test(arguments: shapes) func channelsGoLastAndBack(_ shape: Shape) {
    let x = Tensor.sample(shape, seed: 1)
    let y = x.toNHWC()
    let (c, h, w) = (shape[1], shape[2], shape[3])
    #expect(y.shape == [shape[0], h, w, c])
    for i in stride(from: 0, to: x.count, by: 11) {
      let (n, channel, row, column) = (i / (c * h * w), i / (h * w) % c, i / w % h, i % w)
      #expect(y[flat: ((n * h + row) * w + column) * c + channel] == x[flat: i])
    }
    #expect(y.toNCHW() == x)
    #expect(x.toKRSC() == y && y.toKCRS() == x)
  }

  @Test(arguments: [(1, 1), (1, 50), (17, 3), (100, 130)]) func transposeOfAMatrix(_ rows: Int, _ columns: Int) {
    let x = Tensor.sample([rows, columns], seed: 1)
    let y = x.transposed()
    #expect(y.shape == [columns, rows] && y.transposed() == x)
    #expect(y[flat: (columns - 1) * rows] == x[flat: columns - 1])
  }

  @Test func sameBitsForAnyNumberOfThreads() {
    let x = Tensor.sample([5, 33, 40, 41], seed: 1)
    let runs = Machine.everyVariant { x.toNHWC().bits }
    for run in runs { #expect(run.result == runs[0].result, "\(run.name)") }
  }

  @Test(arguments: [(1, 1, 1), (2, 17, 15), (3, 16, 33)])
  func writesAllOfItsOutputAndNothingElse(_ n: Int, _ rows: Int, _ columns: Int) {
    let x = Guarded(Tensor.sample([n * rows * columns], seed: 1))
    let y = Guarded<UInt32>(count: n * rows * columns)
    ck_transpose(y.floats, x.floats, n, rows, columns)
    #expect(y.unwritten == 0 && y.marginsAreIntact)
  }
}
