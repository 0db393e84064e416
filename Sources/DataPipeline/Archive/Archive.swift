import Foundation

/// Files as they are downloaded, read in place: nothing is unpacked to the disk.
///
/// Every fault throws a ``DataError`` that names the file: missing, a folder, cut off, damaged (checksums and lengths of
/// gzip and of tar's headers are compared, to the end of the file), larger than the limit.
public enum Archive {
  /// The most bytes read of one file or member, unless told otherwise: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// The whole contents of a file; a gzip file (told by its contents, not its name) is decompressed.
  ///
  /// - Parameter limit: the most decompressed bytes that are accepted.
  public static func contents(of file: URL, limit: Int = defaultLimit) throws -> [UInt8] {
    let input = try InflatedFile(file)
    var bytes: [UInt8] = []
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { chunk.deallocate() }
    while true {
      let read = try input.read(into: chunk)
      if read == 0 { return bytes }
      guard bytes.count + read <= limit else {
        throw DataError(file.relativePath, "holds more than \(limit) bytes, the limit")
      }
      bytes.append(contentsOf: chunk[0..<read])
    }
  }

  /// Members of a tar file, compressed with gzip or not.
  ///
  /// Members are known by the last component of their path; several with one name must have the same contents. The file
  /// is read to its end even when all are found, as its checksum stands there.
  /// - Parameters:
  ///   - names: members that must be there.
  ///   - optional: members that may be there.
  ///   - limit: the most bytes of one member that are accepted.
  ///   - others: told the names and sizes in bytes of all other regular files.
  /// - Returns: the contents by name.
  public static func members(
    of file: URL, named names: [String], optional: [String] = [], limit: Int = defaultLimit,
    others: (_ path: String, _ size: Int) -> Void = { _, _ in }
  ) throws -> [String: [UInt8]] {
    let archive = try TarReader(file)
    let wanted = Set(names).union(optional)
    var found: [String: [UInt8]] = [:]
    while let entry = try archive.nextEntry() {
      guard entry.isFile, let name = entry.name.split(separator: "/").last.map(String.init) else { continue }
      guard wanted.contains(name) else {
        others(entry.name, entry.size)
        continue
      }
      let bytes = try archive.contents(of: entry, limit: limit)
      guard found.updateValue(bytes, forKey: name).map({ $0 == bytes }) ?? true else {
        throw DataError(
          file.relativePath, "the archive has several files named \(name), which differ",
          remedy: "pack the one that is meant")
      }
    }
    let absent = names.filter { found[$0] == nil }
    guard absent.isEmpty else {
      throw DataError(
        file.relativePath, "the archive has no \(absent.joined(separator: ", "))",
        remedy: "is it the right archive, and the download complete?")
    }
    return found
  }
}
