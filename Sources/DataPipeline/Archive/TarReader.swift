import CArchive
import Foundation

/// One tar file, compressed with gzip or not, read from front to back through libarchive; all of the module's calls to
/// it stand here.
final class TarReader {
  struct Entry {
    let name: String
    let isFile: Bool
    /// Bytes.
    let size: Int
  }

  private static let regularFile: mode_t = 0o100000
  private static let downloadRemedy = "is the file complete and of the expected kind?"

  private let path: String
  private let archive: OpaquePointer
  private let source: Source

  init(_ file: URL) throws {
    path = file.relativePath
    source = Source(try InflatedFile(file))
    guard let archive = archive_read_new() else { throw DataError(path, "no memory to read it") }
    self.archive = archive
    archive_read_support_format_tar(archive)
    let status = archive_read_open(
      archive, Unmanaged.passUnretained(source).toOpaque(), nil,
      { _, source, bytes in Unmanaged<Source>.fromOpaque(source!).takeUnretainedValue().next(bytes!) }, nil)
    guard status == ARCHIVE_OK else { throw failure("cannot be read") }
  }

  deinit { archive_read_free(archive) }

  /// The header of the next member; nil at the end.
  func nextEntry() throws -> Entry? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    if status == ARCHIVE_EOF {
      // Two blocks of zeros end a tar file. Without them libarchive takes the end of the file for its end.
      guard !source.hasEnded || source.endsInZeros else {
        throw DataError(path, "is cut off: a tar file's end mark is missing", remedy: Self.downloadRemedy)
      }
      try source.readToEnd()
      return nil
    }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw failure("cannot be read") }
    let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
    return Entry(
      name: name.map { String(cString: $0) } ?? "",
      isFile: archive_entry_filetype(entry) == Self.regularFile, size: Int(archive_entry_size(entry)))
  }

  /// The bytes of the member whose header was read last.
  func contents(of entry: Entry, limit: Int) throws -> [UInt8] {
    let size = entry.size
    guard size <= limit else {
      throw DataError(path, "\(entry.name): says it has \(size) bytes; the limit is \(limit)")
    }
    let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let read = archive_read_data(archive, buffer.baseAddress! + count, size - count)
        guard read >= 0 else { throw failure("\(entry.name): cannot be read") }
        if read == 0 { break }
        count += read
      }
    }
    guard bytes.count == size else {
      throw DataError(path, "\(entry.name): ends after \(bytes.count) of \(size) bytes", remedy: Self.downloadRemedy)
    }
    return bytes
  }

  /// The file's own fault where it has one, else what libarchive says.
  private func failure(_ what: String) -> any Error {
    if let problem = source.problem { return problem }
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "damaged or truncated"
    return DataError(path, "\(what): \(reason)", remedy: Self.downloadRemedy)
  }
}

extension TarReader {
  /// Hands the bytes of a file to libarchive.
  private final class Source {
    private let file: InflatedFile
    private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    /// What reading threw; libarchive is told of a failure only.
    private(set) var problem: (any Error)?
    /// Whether libarchive wanted more than there is.
    private(set) var hasEnded = false
    /// Whether the last block of 512 bytes, or what there was of it, is zeros.
    private(set) var endsInZeros = false

    init(_ file: InflatedFile) { self.file = file }
    deinit { chunk.deallocate() }

    func next(_ bytes: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
      do {
        let count = try file.read(into: chunk)
        if count == 0 { hasEnded = true } else { endsInZeros = chunk[max(0, count - 512)..<count].allSatisfy { $0 == 0 } }
        bytes.pointee = UnsafeRawPointer(chunk.baseAddress)
        return count
      } catch {
        problem = error
        return -1
      }
    }

    /// Whatever stands behind the end mark is passed over, but for damage.
    func readToEnd() throws { while try file.read(into: chunk) > 0 {} }
  }
}
