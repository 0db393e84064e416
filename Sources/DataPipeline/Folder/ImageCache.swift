import Kernels
import Synchronization

/// Keeps decoded pictures until a number of bytes is full. What is in stays: an epoch visits every picture once, so
/// throwing out the oldest would throw out what comes next.
final class ImageCache: Sendable {
  private struct State {
    var images: [Int: Image] = [:]
    var bytes = 0
  }
  private let state = Mutex(State())
  let limit: Int

  init(limit: Int) { self.limit = limit }

  var bytes: Int { state.withLock { $0.bytes } }

  subscript(key: Int) -> Image? { state.withLock { $0.images[key] } }

  func insert(_ image: Image, at key: Int) {
    state.withLock { state in
      guard state.bytes + image.pixels.count <= limit, state.images[key] == nil else { return }
      state.images[key] = image
      state.bytes += image.pixels.count
    }
  }
}
