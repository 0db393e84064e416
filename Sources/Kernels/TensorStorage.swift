import CKernels

/// Memory of a tensor: 64-byte aligned, taken from and given back to ``BufferPool``, so that a
/// training step allocates nothing after the first ones.
final class TensorStorage: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  private let buffer: BufferPool.Buffer
  private let bytes: Int

  init(count: Int) {
    bytes = BufferPool.roundedSize(count * MemoryLayout<Float>.stride)
    buffer = BufferPool.shared.take(bytes)
    base = buffer.base.assumingMemoryBound(to: Float.self)
  }

  deinit { BufferPool.shared.giveBack(buffer, bytes: bytes) }
}
