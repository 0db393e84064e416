import CKernels

/// Memory of a tensor: 64-byte aligned, taken from and given back to ``BufferPool``, so that a
/// training step allocates nothing after the first one.
final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  private let bytes: Int

  init(count: Int) {
    bytes = BufferPool.roundedSize(count * MemoryLayout<Float>.stride)
    base = BufferPool.shared.take(bytes).assumingMemoryBound(to: Float.self)
  }

  deinit { BufferPool.shared.giveBack(UnsafeMutableRawPointer(base), bytes: bytes) }
}
