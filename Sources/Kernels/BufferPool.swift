/// Free buffers by exact (rounded) size, kept for reuse. Large buffers from the system cost a page
/// fault per 4 KiB each time; a training step asks for the same sizes again and again.
public final class BufferPool: Sendable {
  public static let shared = BufferPool()

  private struct State: ~Copyable {
    var free: [Int: [UnsafeMutableRawPointer]] = [:]
    var bytesInUse = 0
    var bytesHeld = 0
    var peakBytes = 0
  }
  private let state = Locked(State())

  /// Bytes in tensors now, bytes kept for reuse, and the largest sum of both so far.
  public var usage: (inUse: Int, held: Int, peak: Int) {
    state.withLock { ($0.bytesInUse, $0.bytesHeld, $0.peakBytes) }
  }

  /// Gives all unused buffers back to the system.
  public func trim() {
    state.withLock { state in
      for buffers in state.free.values { for buffer in buffers { buffer.deallocate() } }
      state.free.removeAll()
      state.bytesHeld = 0
    }
  }

  static func roundedSize(_ bytes: Int) -> Int { max(64, (bytes + 63) & ~63) }

  func take(_ bytes: Int) -> UnsafeMutableRawPointer {
    state.withLock { state in
      state.bytesInUse += bytes
      if let buffer = state.free[bytes]?.popLast() {
        state.bytesHeld -= bytes
        return buffer
      }
      state.peakBytes = max(state.peakBytes, state.bytesInUse + state.bytesHeld)
      return .allocate(byteCount: bytes, alignment: 64)
    }
  }

  func giveBack(_ buffer: UnsafeMutableRawPointer, bytes: Int) {
    state.withLock { state in
      state.bytesInUse -= bytes
      state.bytesHeld += bytes
      state.free[bytes, default: []].append(buffer)
    }
  }
}
