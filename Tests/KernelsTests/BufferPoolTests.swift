import Foundation
import Kernels
import Testing

/// Pools of their own: other tests use the shared one meanwhile.
@Suite struct BufferPoolTests {
  /// The memory of a training step on `images` images: activations are kept for the way back, every layer has a
  /// workspace; without a way back two activations are alive at once.
  private struct Network {
    let pool = BufferPool()
    /// Bytes an image, of activations and of workspaces.
    let layers = [(4096, 9000), (4096, 3000), (2048, 7000), (2048, 2000), (1024, 12_000), (512, 900)]

    func holding<R>(_ bytes: Int, _ body: () -> R) -> R {
      let buffer = pool.take(bytes)
      defer { pool.giveBack(buffer, bytes: bytes) }
      return body()
    }

    func train(_ images: Int) {
      var kept: [BufferPool.Buffer] = []
      for (activation, workspace) in layers {
        holding(workspace * images) { kept.append(pool.take(activation * images)) }
      }
      for (activation, workspace) in layers.reversed() {
        holding(activation * images) {
          holding(workspace * images) {}
          holding(workspace * images / 3) {}
        }
        pool.giveBack(kept.removeLast(), bytes: activation * images)
      }
    }

    func evaluate(_ images: Int) {
      var last: (buffer: BufferPool.Buffer, bytes: Int)?
      for (activation, workspace) in layers {
        let next = (pool.take(activation * images), activation * images)
        holding(workspace * images) {}
        if let last { pool.giveBack(last.buffer, bytes: last.bytes) }
        last = next
      }
      if let last { pool.giveBack(last.buffer, bytes: last.bytes) }
    }
  }

  /// The address sanitizer finds what is lost; without it, 4 GB of touched memory.
  @Test func aPoolThatGoesAwayGivesItsBuffersBack() {
    func residentBytes() -> Int {
      let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
      return 4096 * (pages.flatMap { Int($0) } ?? 0)
    }
    let before = residentBytes()
    for _ in 0..<64 {
      let pool = BufferPool()
      let buffer = pool.take(64 << 20)
      for page in stride(from: 0, to: 64 << 20, by: 4096) { buffer.base.storeBytes(of: 1, toByteOffset: page, as: UInt8.self) }
      pool.giveBack(buffer, bytes: 64 << 20)
    }
    #expect(residentBytes() - before < 2 << 30)
  }

  @Test func aLoopAllocatesNothingOnceItRepeats() {
    let network = Network()
    for _ in 0..<2 { network.train(100) }
    let before = network.pool.usage
    for _ in 0..<20 { network.train(100) }
    #expect(network.pool.usage == before && before.inUse == 0)
  }

  @Test(arguments: [1, 13, 50, 77, 99], [0, 30, 400]) func aSmallerLastBatchAndMeasuringHoldLittle(
    last: Int, test: Int
  ) {
    let network = Network()
    for _ in 0..<3 { network.train(100) }
    let whole = network.pool.usage.held
    var usages: [BufferPool.Usage] = []
    for _ in 0..<6 {
      for _ in 0..<5 { network.train(100) }
      network.train(last)
      for _ in 0..<4 where test > 0 { network.evaluate(test) }
      usages.append(network.pool.usage)
    }
    let measuring = Network()
    measuring.evaluate(test)
    #expect(usages[5] == usages[2], "an epoch repeats itself")
    #expect(usages[5].held <= whole * 5 / 4 + measuring.pool.usage.held, "\(usages[5].held) of \(whole)")
  }

  @Test func whatNobodyTakesForLongGoesBack() {
    let network = Network()
    for _ in 0..<3 { network.train(100) }
    let whole = network.pool.usage.held
    for _ in 0..<3 { network.evaluate(4000) }
    let both = network.pool.usage
    #expect(both.held > 3 * whole)
    for _ in 0..<1000 { network.train(100) }
    #expect(network.pool.usage.held == whole)
    #expect(network.pool.usage.allocations == both.allocations && network.pool.usage.peak == both.peak)
  }

  @Test func aRequestTakesTheSmallestThatFits() {
    let pool = BufferPool()
    let sizes = [64, 640, 960, 1024, 1280]
    let buffers = sizes.map { pool.take($0) }
    for (buffer, size) in zip(buffers, sizes) { pool.giveBack(buffer, bytes: size) }
    #expect(pool.usage.held == sizes.reduce(0, +))
    let fitting = pool.take(704)
    #expect(fitting.base == buffers[2].base && fitting.capacity == 960)
    #expect(pool.usage.inUse == 704 && pool.usage.allocations == 5)
    // 640 is too small, 1280 more than half as large again.
    let next = [pool.take(704), pool.take(704)]
    #expect(next[0].base == buffers[3].base)
    #expect(next[1].capacity == 704 && pool.usage.allocations == 6)
    for buffer in [fitting] + next { pool.giveBack(buffer, bytes: 704) }
    #expect(pool.usage.inUse == 0)
  }

  /// Workspaces: any that is large enough serves, and a larger one takes the place of those that are not.
  @Test func aGrowingPoolHoldsTheLargest() {
    let pool = BufferPool(.grows)
    for bytes in [640, 64, 6400, 128] {
      let buffer = pool.take(bytes)
      #expect(buffer.capacity == (bytes < 6400 && pool.usage.allocations == 1 ? 640 : 6400))
      pool.giveBack(buffer, bytes: bytes)
    }
    #expect(pool.usage.allocations == 2 && pool.usage.held == 6400)
    let both = [pool.take(64), pool.take(64)]
    #expect(both.map(\.capacity) == [6400, 64])
    for buffer in both { pool.giveBack(buffer, bytes: 64) }
  }

  @Test func ofEqualOnesTheLastIsTakenFirst() {
    let pool = BufferPool()
    let buffers = (0..<3).map { _ in pool.take(128) }
    for buffer in buffers { pool.giveBack(buffer, bytes: 128) }
    let again = (0..<3).map { _ in pool.take(128) }
    #expect(again.map(\.base) == buffers.reversed().map(\.base))
    for buffer in again { pool.giveBack(buffer, bytes: 128) }
  }

  @Test func trimmingLeavesWhatIsInUse() {
    let pool = BufferPool()
    let (kept, other) = (pool.take(6400), pool.take(640))
    pool.giveBack(other, bytes: 640)
    #expect(pool.usage.held == 640 && pool.usage.inUse == 6400)
    pool.trim()
    #expect(pool.usage.held == 0 && pool.usage.inUse == 6400 && pool.usage.peak == 7040)
    pool.giveBack(kept, bytes: 6400)
  }
}
