import CZlib
import Foundation

/// The bytes of a file from front to back; of a gzip file (RFC 1952; told by its first bytes, not its name) the
/// decompressed ones, its checksums and lengths compared.
///
/// A gzip file may have several members, which count as one, and zeros behind them, with which tapes are filled up.
final class InflatedFile {
  private let path: String
  private let file: OpenFile
  private var place = 0
  private let input: UnsafeMutableBufferPointer<UInt8>
  private var stream = z_stream()
  private var isGzip = false
  private var isBetweenMembers = false

  /// - Throws: ``DataError``: no such file, a folder, no regular file, unreadable.
  init(_ url: URL) throws {
    path = url.relativePath
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw DataError(path, "no such file")
    }
    guard !isFolder.boolValue else { throw DataError(path, "is a folder, not a file") }
    file = try OpenFile(BytePath(url))
    input = .allocate(capacity: 1 << 18)
    try refill()
    guard stream.avail_in >= 2, input[0] == 0x1f, input[1] == 0x8b else { return }
    // 16: gzip's header and trailer
    guard inflateInit2_(&stream, 16 + MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw DataError(path, "no memory to decompress it")
    }
    isGzip = true
  }

  deinit {
    if isGzip { inflateEnd(&stream) }
    input.deallocate()
  }

  /// Fills the target as far as the file goes.
  ///
  /// - Returns: how many bytes; fewer than asked for, and then 0, at the end.
  /// - Throws: ``DataError``: unreadable, damaged, cut off, or with something behind its gzip data.
  func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    var count = 0
    while count < target.count {
      if stream.avail_in == 0 { try refill() }
      if !isGzip || isBetweenMembers {
        if stream.avail_in == 0 { break }
        if isBetweenMembers {
          try beginMember()
          continue
        }
        let part = min(Int(stream.avail_in), target.count - count)
        (target.baseAddress! + count).copyMemory(from: stream.next_in, byteCount: part)
        stream.next_in += part
        stream.avail_in -= UInt32(part)
        count += part
      } else {
        count += try inflate(into: UnsafeMutableRawBufferPointer(rebasing: target[count...]))
      }
    }
    return count
  }

  private func inflate(into target: UnsafeMutableRawBufferPointer) throws -> Int {
    guard stream.avail_in > 0 else { throw damage("is cut off within its gzip data") }
    let wanted = min(target.count, 1 << 30)
    stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
    stream.avail_out = UInt32(wanted)
    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isBetweenMembers = true
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "not gzip data"
      throw damage("is damaged: \(reason)")
    }
    return wanted - Int(stream.avail_out)
  }

  /// Another member, or zeros up to the end of the file.
  private func beginMember() throws {
    if stream.next_in[0] == 0x1f {
      inflateReset(&stream)
      isBetweenMembers = false
      return
    }
    while stream.avail_in > 0 {
      guard (0..<Int(stream.avail_in)).allSatisfy({ stream.next_in[$0] == 0 }) else {
        throw damage("has something else behind its gzip data")
      }
      try refill()
    }
  }

  private func refill() throws {
    let read = try file.read(into: UnsafeMutableRawBufferPointer(input), at: place)
    place += read
    stream.next_in = input.baseAddress
    stream.avail_in = UInt32(read)
  }

  private func damage(_ what: String) -> DataError {
    DataError(path, what, remedy: "is the download complete? Fetch it again")
  }
}
