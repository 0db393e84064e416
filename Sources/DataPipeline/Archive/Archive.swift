import Foundation

/// Files as they are downloaded, read in place: nothing is unpacked to the disk.
///
/// Every fault throws a ``DataError`` that names the file: missing, a folder, truncated, damaged, larger than the
/// limit. gzip's checksum is not compared, its structure and lengths are.
public enum Archive {
  /// The most bytes read of one file or member, unless told otherwise: 4 GiB.
  public static let defaultLimit = 1 << 32

  /// The whole contents of a file; a gzip file (told by its contents, not its name) is decompressed.
  ///
  /// - Parameter limit: the most decompressed bytes that are accepted.
  public static func contents(of file: URL, limit: Int = defaultLimit) throws -> [UInt8] {
    let handle = try ArchiveHandle(file, format: .raw)
    guard let entry = try handle.nextEntry() else { return [] }
    return try handle.contents(of: entry, limit: limit)
  }

  /// Members of a tar file, compressed with gzip or not.
  ///
  /// Members are known by the last component of their path; of several with one name the first counts. Reading stops
  /// as soon as all are found, so what follows is not looked at.
  /// - Parameters:
  ///   - names: members that must be there.
  ///   - optional: members that may be there.
  ///   - limit: the most bytes of one member that are accepted.
  /// - Returns: the contents by name.
  public static func members(
    of file: URL, named names: [String], optional: [String] = [], limit: Int = defaultLimit
  ) throws -> [String: [UInt8]] {
    let handle = try ArchiveHandle(file, format: .tar)
    var missing = Set(names).union(optional)
    var found: [String: [UInt8]] = [:]
    while !missing.isEmpty, let entry = try handle.nextEntry() {
      guard entry.isFile, let name = entry.name.split(separator: "/").last.map(String.init),
        missing.remove(name) != nil
      else { continue }
      found[name] = try handle.contents(of: entry, limit: limit)
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
