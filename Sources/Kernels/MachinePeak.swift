import CKernels

/// What the machine gives at best with the threads and the instruction set in force: yardsticks for kernels.
public struct MachinePeak: Hashable, Sendable {
  public let threads: Int
  /// Multiplications and additions a second in multiply-adds that stay in registers.
  public let operationsPerSecond: Double
  /// Bytes a second read from memory.
  public let bytesReadPerSecond: Double
  /// Bytes a second of y = a + factor·b, two read for one written; what a cache reads before it writes is not
  /// counted.
  public let triadBytesPerSecond: Double

  /// Measures, in about a second. Memory is read in three arrays of 128 MiB each, more than caches hold.
  public static func measure() -> MachinePeak {
    let (read, triad) = bandwidth(values: 1 << 25)
    return MachinePeak(
      threads: Threads.count, operationsPerSecond: measureOperations(), bytesReadPerSecond: read,
      triadBytesPerSecond: triad)
  }

  /// ``operationsPerSecond`` alone: the best of some thirty bursts of some milliseconds.
  public static func measureOperations() -> Double {
    let (threads, rounds) = (Threads.count, 1 << 21)
    var sums = [Float](repeating: 0, count: threads)
    let seconds = best(of: 30) { ck_peak_multiply_add(&sums, Int32(threads), rounds, 0.5, 1) }
    return 2 * Double(ck_peak_width() * rounds * threads) / seconds
  }

  private static func bandwidth(values: Int) -> (read: Double, triad: Double) {
    // Not of the pool, which would keep it. Written, so that every page is there.
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 3 * values)
    defer { memory.deallocate() }
    memory.initialize(repeating: 1, count: 3 * values)
    let (y, a, b) = (memory, memory + values, memory + 2 * values)
    let block = Int(CK_PEAK_BLOCK)
    var sums = [Float](repeating: 0, count: (values + block - 1) / block)
    let bytes = Double(values * MemoryLayout<Float>.stride)
    let read = best(of: 5) { ck_peak_read(&sums, a, values) }
    let triad = best(of: 5) { ck_peak_triad(y, a, b, 3, values) }
    return (bytes / read, 3 * bytes / triad)
  }

  /// Seconds of the fastest of so many runs.
  private static func best(of runs: Int, _ body: () -> Void) -> Double {
    (0..<runs).map { _ in ContinuousClock().measure(body) / .seconds(1) }.min() ?? .infinity
  }
}
