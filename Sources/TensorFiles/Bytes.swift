import Foundation

// All pointer code of the module. Files are little-endian, as are the machines supported.
#if _endian(big)
  #error("tensor files are read and written in the machine's byte order, which must be little-endian")
#endif

func bytes<T: BitwiseCopyable>(of values: UnsafeBufferPointer<T>) -> Data {
  Data(UnsafeRawBufferPointer(values))
}

/// Copies bytes of any alignment into elements. Programmer error: sizes that differ trap.
func copy<T: BitwiseCopyable>(_ data: Data, into target: UnsafeMutableBufferPointer<T>) {
  let target = UnsafeMutableRawBufferPointer(target)
  precondition(target.count == data.count)
  data.withUnsafeBytes { source in
    if source.count > 0 { target.copyMemory(from: source) }
  }
}

extension FileTensor {
  func elements<T: BitwiseCopyable>(_: T.Type) -> [T] {
    [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      copy(data, into: UnsafeMutableBufferPointer(start: buffer.baseAddress, count: count))
      initialized = count
    }
  }
}

/// Writes all bytes to a descriptor; the C error number, or 0.
func writeAll(_ data: Data, to descriptor: Int32) -> Int32 {
  data.withUnsafeBytes { source in
    var done = 0
    while done < source.count {
      // Linux writes at most 2 GiB a call.
      let part = min(source.count - done, 1 << 30)
      let written = write(descriptor, source.baseAddress! + done, part)
      if written < 0 {
        if errno == EINTR { continue }
        return errno
      }
      done += written
    }
    return 0
  }
}
