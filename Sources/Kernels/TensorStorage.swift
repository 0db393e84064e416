import CKernels

/// Memory of a tensor: 64-byte aligned, taken from and given back to ``BufferPool``, so that a
/// training step allocates nothing after the first ones.
final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  private let buffer: BufferPool.Buffer
  private let bytes: Int
  private let pool: BufferPool

  init(count: Int, from pool: BufferPool = .shared) {
    self.pool = pool
    bytes = BufferPool.roundedSize(count * MemoryLayout<Float>.stride)
    buffer = pool.take(bytes)
    base = buffer.base.assumingMemoryBound(to: Float.self)
  }

  deinit { pool.giveBack(buffer, bytes: bytes) }
}
