import CKernels

/// Free buffers, kept for reuse. Large buffers from the system cost a page fault per 4 KiB each time; a
/// training step asks for the same sizes again and again.
///
/// A request takes the smallest free buffer that fits and is at most half as large again: more would take the buffers
/// that the next stage of a network needs, and a step would go on asking the system for some until it had found an
/// order that works. What nobody has taken for long goes back to the system: the buffers of
/// training during a long measurement, those of measuring during a long epoch. A loop that repeats itself within
/// 64 requests a buffer keeps all of its buffers.
public final class BufferPool: Sendable {
  /// For tensors.
  public static let shared = BufferPool()
  /// For workspaces of kernels: as large as the largest asked for so far, one for each thread that calls kernels
  /// at the same time.
  public static let workspaces = BufferPool(.grows)

  package enum Policy { case fits, grows }
  private let policy: Policy

  /// Memory of a tensor.
  package struct Buffer {
    package let base: UnsafeMutableRawPointer
    /// What the system gave; at least what was asked for.
    package let capacity: Int
  }

  private struct FreeBuffer {
    let buffer: Buffer
    /// The number of buffers given back before.
    let time: Int
  }

  private struct State: ~Copyable {
    /// By capacity; of equal ones the last is the one given back last.
    var free: [FreeBuffer] = []
    /// Buffers got from the system and not given back to it, free and in use.
    var buffers = 0
    /// Counts the buffers given back to the pool.
    var time = 0
    var usage = Usage()
  }
  private let state = Locked(State())

  /// Bytes, and how often the system was asked for some.
  public struct Usage: Hashable, Sendable {
    /// In tensors now.
    public internal(set) var inUse = 0
    /// Got from the system beyond that: free buffers, and what tensors leave unused of theirs.
    public internal(set) var held = 0
    /// The largest sum of both so far.
    public internal(set) var peak = 0
    /// Buffers got from the system so far.
    public internal(set) var allocations = 0
  }
  public var usage: Usage { state.withLock { $0.usage } }

  package init(_ policy: Policy = .fits) { self.policy = policy }

  deinit { trim() }

  /// Gives all free buffers back to the system.
  public func trim() { state.withLock { Self.release(&$0) { _ in true } } }

  /// Buffers given back between two looks for those that nobody takes.
  private static let interval = 1024

  static func roundedSize(_ bytes: Int) -> Int { max(64, (bytes + 63) & ~63) }

  package func take(_ bytes: Int) -> Buffer {
    if let buffer = attempt(bytes) { return buffer }
    // What nobody uses makes room.
    for pool in [self, .shared, .workspaces] { pool.trim() }
    guard let buffer = attempt(bytes) else { Self.exhausted.withLock { $0 }(bytes) }
    return buffer
  }

  /// What is done where the system has no memory for a tensor, told how many bytes it was to have. Unless this is said, the
  /// process ends as by a programmer's error.
  public static func whenExhausted(_ body: @escaping @Sendable (_ bytes: Int) -> Never) { exhausted.withLock { $0 = body } }

  private static let exhausted = Locked<@Sendable (Int) -> Never>({ fatalError("out of memory: \($0) bytes for a tensor") })

  /// Nil where the system has none.
  private func attempt(_ bytes: Int) -> Buffer? {
    state.withLock { state in
      if let buffer = fitting(&state.free, bytes) {
        state.usage.inUse += bytes
        state.usage.held -= bytes
        return buffer
      }
      // All free ones are too small; this one will serve in their place.
      if policy == .grows { Self.release(&state) { _ in true } }
      guard let base = ck_memory_take(bytes) else { return nil }
      state.usage.inUse += bytes
      state.usage.peak = max(state.usage.peak, state.usage.inUse + state.usage.held)
      state.usage.allocations += 1
      state.buffers += 1
      return Buffer(base: base, capacity: bytes)
    }
  }

  package func giveBack(_ buffer: Buffer, bytes: Int) {
    state.withLock { state in
      state.usage.inUse -= bytes
      state.usage.held += bytes
      let place = Self.firstPlace(state.free, atLeast: buffer.capacity + 1)
      state.free.insert(FreeBuffer(buffer: buffer, time: state.time), at: place)
      state.time += 1
      if state.time % Self.interval == 0 {
        let oldest = state.time - max(4 * Self.interval, 64 * state.buffers)
        Self.release(&state) { $0.time < oldest }
      }
    }
  }

  /// Removes the smallest buffer that serves, of equal ones the one used last, which the cache may know.
  private func fitting(_ free: inout [FreeBuffer], _ bytes: Int) -> Buffer? {
    let smallest = Self.firstPlace(free, atLeast: bytes)
    guard smallest < free.count else { return nil }
    guard policy == .grows || free[smallest].buffer.capacity <= bytes + bytes / 2 else { return nil }
    let place = Self.firstPlace(free, atLeast: free[smallest].buffer.capacity + 1) - 1
    return free.remove(at: place).buffer
  }

  private static func firstPlace(_ free: [FreeBuffer], atLeast capacity: Int) -> Int {
    var (low, high) = (0, free.count)
    while low < high {
      let middle = (low + high) / 2
      if free[middle].buffer.capacity < capacity { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func release(_ state: inout State, where isDue: (FreeBuffer) -> Bool) {
    for free in state.free where isDue(free) {
      ck_memory_give(free.buffer.base)
      state.usage.held -= free.buffer.capacity
      state.buffers -= 1
    }
    state.free.removeAll(where: isDue)
  }
}
