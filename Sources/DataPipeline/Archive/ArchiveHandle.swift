import CArchive
import Foundation

/// One file open for reading through libarchive; all of the module's calls to it stand here.
final class ArchiveHandle {
  enum Format {
    /// One stream of bytes, whatever they are.
    case raw
    case tar
  }

  struct Entry {
    let name: String
    let isFile: Bool
    /// Bytes, where the format says so: a tar file does, a gzip stream does not.
    let size: Int?
  }

  private static let regularFile: mode_t = 0o100000
  private static let downloadRemedy = "is the file complete and of the expected kind?"

  private let path: String
  private let archive: OpaquePointer

  init(_ file: URL, format: Format) throws {
    path = file.relativePath
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
      throw DataError(path, "no such file")
    }
    guard !isFolder.boolValue else { throw DataError(path, "is a folder, not a file") }
    // A pipe would be waited for.
    _ = try OpenFile(BytePath(file))
    guard let archive = archive_read_new() else { throw DataError(path, "no memory to read it") }
    self.archive = archive
    archive_read_support_filter_gzip(archive)
    switch format {
    case .raw:
      archive_read_support_format_raw(archive)
      archive_read_support_format_empty(archive)
    case .tar: archive_read_support_format_tar(archive)
    }
    guard archive_read_open_filename(archive, file.path, 1 << 18) == ARCHIVE_OK else { throw failure("cannot be read") }
  }

  deinit { archive_read_free(archive) }

  /// The header of the next member; nil at the end.
  func nextEntry() throws -> Entry? {
    var entry: OpaquePointer?
    let status = archive_read_next_header(archive, &entry)
    if status == ARCHIVE_EOF { return nil }
    guard status == ARCHIVE_OK || status == ARCHIVE_WARN, let entry else { throw failure("cannot be read") }
    let name = archive_entry_pathname_utf8(entry) ?? archive_entry_pathname(entry)
    return Entry(
      name: name.map { String(cString: $0) } ?? "",
      isFile: archive_entry_filetype(entry) == Self.regularFile,
      size: archive_entry_size_is_set(entry) != 0 ? Int(archive_entry_size(entry)) : nil)
  }

  /// The bytes of the member whose header was read last.
  func contents(of entry: Entry, limit: Int) throws -> [UInt8] {
    let member = entry.size == nil ? "" : "\(entry.name): "
    if let size = entry.size {
      guard size <= limit else {
        throw DataError(path, "\(member)says it has \(size) bytes; the limit is \(limit)")
      }
      let bytes = try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
        while count < size {
          let read = archive_read_data(archive, buffer.baseAddress! + count, size - count)
          guard read >= 0 else { throw failure("\(member)cannot be read") }
          if read == 0 { break }
          count += read
        }
      }
      guard bytes.count == size else {
        throw DataError(path, "\(member)ends after \(bytes.count) of \(size) bytes", remedy: Self.downloadRemedy)
      }
      return bytes
    }
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let read = archive_read_data(archive, chunk.baseAddress, chunk.count)
      guard read >= 0 else { throw failure("cannot be read past byte \(bytes.count)") }
      if read == 0 { return bytes }
      guard bytes.count + read <= limit else {
        throw DataError(path, "holds more than \(limit) bytes, the limit")
      }
      bytes.append(contentsOf: chunk[0..<read])
    }
  }

  private func failure(_ what: String) -> DataError {
    let reason = archive_error_string(archive).map { String(cString: $0) } ?? "damaged or truncated"
    return DataError(path, "\(what): \(reason)", remedy: Self.downloadRemedy)
  }
}
