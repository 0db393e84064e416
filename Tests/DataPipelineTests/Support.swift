import CArchive
import DataPipeline
import Foundation
import Kernels
import Testing
import TestSupport

/// Writes what the readers read.
enum Sample {
  /// An IDX file of unsigned bytes.
  static func idx(_ sizes: [Int], _ bytes: [UInt8], magic: [UInt8]? = nil) -> [UInt8] {
    var result: [UInt8] = magic ?? [0, 0, 8, UInt8(sizes.count)]
    for size in sizes { result += (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    return result + bytes
  }

  /// Bytes with no short period.
  static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var state = seed
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(state >> 56)
    }
  }

  static func write(_ bytes: [UInt8], to url: URL) throws -> URL {
    try Data(bytes).write(to: url)
    return url
  }

  /// Writes through gzip.
  static func writeGzip(_ bytes: [UInt8], to url: URL) throws -> URL {
    try writeArchive([("data", bytes)], to: url, raw: true)
  }

  /// Writes a .tar.gz, or a .tar, of regular files.
  static func writeTar(_ members: [(name: String, bytes: [UInt8])], to url: URL, gzip: Bool = true) throws -> URL {
    try writeArchive(members, to: url, gzip: gzip)
  }

  private static func writeArchive(
    _ members: [(name: String, bytes: [UInt8])], to url: URL, raw: Bool = false, gzip: Bool = true
  ) throws -> URL {
    let archive = archive_write_new()
    defer { archive_write_free(archive) }
    if gzip { archive_write_add_filter_gzip(archive) }
    if raw { archive_write_set_format_raw(archive) } else { archive_write_set_format_ustar(archive) }
    #expect(archive_write_open_filename(archive, url.path) == ARCHIVE_OK)
    for (name, bytes) in members {
      let entry = archive_entry_new()
      defer { archive_entry_free(entry) }
      archive_entry_set_pathname(entry, name)
      archive_entry_set_size(entry, la_int64_t(bytes.count))
      archive_entry_set_filetype(entry, name.hasSuffix("/") ? 0o040000 : 0o100000)
      archive_entry_set_perm(entry, 0o644)
      #expect(archive_write_header(archive, entry) == ARCHIVE_OK)
      #expect(archive_write_data(archive, bytes, bytes.count) == bytes.count)
    }
    #expect(archive_write_close(archive) == ARCHIVE_OK)
    return url
  }
}

/// The text of the ``DataError`` that `body` must throw.
func dataError(_ body: () throws -> Void, _ location: SourceLocation = #_sourceLocation) -> String {
  do {
    try body()
    Issue.record("no error was thrown", sourceLocation: location)
    return ""
  } catch let error as DataError {
    return error.description
  } catch {
    Issue.record("another error: \(error)", sourceLocation: location)
    return ""
  }
}

/// Pictures of one pixel, to test selections.
struct LabelledDots: ImageSource {
  let labels: [Int]?
  let classNames: [String]
  let count: Int
  let channels = 1
  var origin: String { "dots" }

  init(_ labels: [Int], classes: Int) {
    self.labels = labels
    count = labels.count
    classNames = (0..<classes).map { "class \($0)" }
  }
  init(unlabelled count: Int) {
    labels = nil
    classNames = []
    self.count = count
  }

  func image(at index: Int) throws -> Image { Image(height: 1, width: 1, channels: 1, pixels: [UInt8(index)]) }
}
