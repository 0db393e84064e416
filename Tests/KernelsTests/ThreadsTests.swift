import Kernels
import Testing

@Suite struct ThreadsTests {
  @Test func everyPartRunsOnce() {
    for parts in [1, 2, 3, 17, 1000] {
      let hits = Locked([Int](repeating: 0, count: parts))
      Threads.run(parts: parts) { part in hits.withLock { $0[part] += 1 } }
      #expect(hits.withLock { $0 } == [Int](repeating: 1, count: parts))
    }
  }

  @Test func tensorsHaveValueSemantics() {
    let a = Tensor([1, 2, 3], shape: [3])
    var b = a
    b[flat: 0] = 9
    #expect(a.values == [1, 2, 3] && b.values == [9, 2, 3])
  }
}
