import Foundation

/// Standard output and standard error, written without ever waiting for a reader after a signal has asked to stop.
enum StandardStream {
  /// Writes all bytes; the C error number, or 0. What is left when a signal asks to stop and nobody reads is dropped.
  static func write(_ bytes: some Sequence<UInt8>, to descriptor: Int32) -> Int32 {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      var state = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      if poll(&state, 1, 100) == 0 {
        if Interruption.shared.isRequested { return 0 }
        continue
      }
      // A pipe that is ready takes as much as this without waiting.
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, min($0.count, 512)) }
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count > 0 else { return count < 0 ? errno : EIO }
      rest = rest.dropFirst(count)
    }
    return 0
  }
}
