import Foundation

/// A regular file open for reading. Pipes, sockets and devices, whose reading may wait for ever, are refused.
struct OpenFile: ~Copyable {
  let size: Int
  private let path: BytePath
  private let descriptor: Int32

  /// Throws ``DataError``.
  init(_ path: BytePath) throws {
    self.path = path
    // Not to wait for a writer, should it have become a pipe.
    descriptor = path.withCPath { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
    guard descriptor >= 0 else { throw DataError(number: errno, path.description, "cannot be opened") }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw DataError(path.description, "is no regular file")
    }
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// The first bytes, as many as there are of `count`.
  func head(_ count: Int) throws -> [UInt8] { try bytes(count) }

  /// - Throws: ``DataError`` for a longer file, or one that cannot be read.
  func contents(limit: Int) throws -> [UInt8] {
    guard size <= limit else {
      throw DataError(path.description, "is \(size) bytes long, more than the limit of \(limit)")
    }
    return try bytes(size)
  }

  /// Fills the buffer with the bytes from a place on, as far as one call of the system goes; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer, at place: Int) throws -> Int {
    while true {
      let read = pread(descriptor, buffer.baseAddress, buffer.count, off_t(place))
      if read < 0, errno == EINTR { continue }
      guard read >= 0 else { throw DataError(number: errno, path.description, "cannot be read") }
      return read
    }
  }

  private func bytes(_ count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let target = UnsafeMutableRawBufferPointer(start: buffer.baseAddress! + filled, count: count - filled)
        let read = try self.read(into: target, at: filled)
        if read == 0 { return }
        filled += read
      }
    }
  }
}
