import Foundation
import Kernels

/// CIFAR-10 or CIFAR-100, binary version: colour pictures of 32 × 32.
public struct CIFARSource: ImageSource {
  public let kind: CIFARKind
  public let origin: String
  public let channels = 3
  public let classNames: [String]
  public let labels: [Int]?
  /// Further files of records.
  public let leftOut: LeftOut
  private let parts: [Part]

  /// The records of one file, and the number of its first picture.
  private struct Part: Sendable {
    let bytes: [UInt8]
    let first: Int
  }

  /// Reads and checks one split.
  ///
  /// Class names come from the set's own list (`batches.meta.txt`, `fine_label_names.txt`) where it lies beside the
  /// pictures; else they are numbers.
  /// - Parameter location: the folder of the .bin files (or one that holds it, or the archive, under the published
  ///   name); the archive, .tar.gz or .tar, which is read in place; or a single .bin or .bin.gz file, which has no
  ///   test split.
  public init(_ location: URL, kind: CIFARKind, split: DataSplit) throws {
    let found = try Self.read(location, kind, [split])
    try self.init(location, kind, found.splits[0], names: found.names, leftOut: found.leftOut)
  }

  /// Reads and checks both splits, an archive once for both; a single file has no test split.
  ///
  /// - Parameter location: as above.
  public static func splits(
    of location: URL, kind: CIFARKind
  ) throws -> (training: CIFARSource, test: CIFARSource?) {
    let found = try read(location, kind, isSingle(location) ? [.train] : [.train, .test])
    let training = try CIFARSource(location, kind, found.splits[0], names: found.names, leftOut: found.leftOut)
    let test = found.splits.count > 1 ? found.splits[1] : nil
    return (training, try test.map { try CIFARSource(location, kind, $0, names: found.names, leftOut: LeftOut()) })
  }

  private init(_ location: URL, _ kind: CIFARKind, _ files: [File], names: File?, leftOut: LeftOut) throws {
    self.leftOut = leftOut
    self.kind = kind
    origin = location.relativePath
    var labels: [Int] = []
    var parts: [Part] = []
    for file in files {
      parts.append(Part(bytes: file.bytes, first: labels.count))
      labels += try Self.labels(of: file, kind)
    }
    self.labels = labels
    self.parts = parts
    classNames = try names.map { try Self.classNames($0, kind) } ?? (0..<kind.classCount).map(String.init)
  }

  public var count: Int { labels!.count }

  public func digest(at index: Int) -> UInt64 {
    let part = parts.last { $0.first <= index }!
    let start = (index - part.first) * kind.recordBytes + kind.labelBytes
    return part.bytes.withUnsafeBytes { ContentDigest.of(UnsafeRawBufferPointer(rebasing: $0[start..<start + 3072])) }
  }

  public func image(at index: Int) throws -> Image {
    precondition(index >= 0 && index < count, "image \(index) of \(count)")
    let part = parts.last { $0.first <= index }!
    let start = (index - part.first) * kind.recordBytes + kind.labelBytes
    // planes of red, green and blue → channels adjacent
    let pixels = [UInt8](unsafeUninitializedCapacity: 3072) { pixels, count in
      part.bytes.withUnsafeBufferPointer { bytes in
        for i in 0..<1024 {
          pixels[3 * i] = bytes[start + i]
          pixels[3 * i + 1] = bytes[start + 1024 + i]
          pixels[3 * i + 2] = bytes[start + 2048 + i]
        }
      }
      count = 3072
    }
    return Image(height: 32, width: 32, channels: 3, pixels: pixels)
  }
}

extension CIFARSource {
  /// Bytes and where they are from, for messages.
  private struct File {
    let path: String
    let bytes: [UInt8]
  }

  /// The files of each split that was asked for.
  private struct Files {
    var splits: [[File]]
    var names: File?
    var leftOut = LeftOut()
  }

  /// Whether it is named as one file of pictures, and not as an archive.
  private static func isSingle(_ location: URL) -> Bool {
    let name = location.lastPathComponent.lowercased()
    return (name.hasSuffix(".bin") || name.hasSuffix(".bin.gz")) && !location.hasDirectoryPath
  }

  private static func read(_ location: URL, _ kind: CIFARKind, _ splits: [DataSplit]) throws -> Files {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: location.path, isDirectory: &isFolder) else {
      throw DataError(
        location.relativePath, "no such file or folder",
        remedy: "\(kind.title), binary version: https://www.cs.toronto.edu/~kriz/\(kind.archiveName)")
    }
    if isFolder.boolValue { return try read(folder: location, kind, splits) }
    guard isSingle(location) else { return try read(archive: location, kind, splits) }
    guard splits == [.train] else {
      throw DataError(
        location.relativePath, "a single file has no test split", remedy: "give its folder, or the archive")
    }
    let names = try namesFile(in: location.deletingLastPathComponent(), kind)
    return Files(splits: [[File(path: location.relativePath, bytes: try Archive.contents(of: location))]], names: names)
  }

  private static func read(folder: URL, _ kind: CIFARKind, _ splits: [DataSplit]) throws -> Files {
    let wanted = kind.files(splits[0])
    func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }
    let folders = [folder, folder.appending(path: kind.folderName)]
    guard let home = folders.first(where: { candidate in wanted.contains { exists(candidate.appending(path: $0)) } })
    else {
      let archive = folder.appending(path: kind.archiveName)
      if exists(archive) { return try read(archive: archive, kind, splits) }
      throw DataError(
        folder.relativePath, "no \(wanted.joined(separator: ", ")) in this folder",
        remedy: "is it the binary version of \(kind.title)?")
    }
    let files = try splits.map { split in
      try kind.files(split).map { name in
        let url = home.appending(path: name)
        return File(path: url.relativePath, bytes: try Archive.contents(of: url))
      }
    }
    var leftOut = LeftOut()
    for name in FolderListing.names(BytePath(home)) ?? [] {
      let size = (try? OpenFile(BytePath(home).appending(name)))?.size ?? 0
      if kind.isFurther(BytePath(name).description, size: size) { leftOut.add(.unused, BytePath(name).description) }
    }
    return Files(splits: files, names: try namesFile(in: home, kind), leftOut: leftOut)
  }

  private static func read(archive: URL, _ kind: CIFARKind, _ splits: [DataSplit]) throws -> Files {
    let wanted = splits.map(kind.files)
    var leftOut = LeftOut()
    let members = try Archive.members(of: archive, named: wanted.flatMap(\.self), optional: [kind.namesFile]) {
      if kind.isFurther(String($0.split(separator: "/").last ?? ""), size: $1) { leftOut.add(.unused, $0) }
    }
    func file(_ name: String) -> File? {
      members[name].map { File(path: "\(archive.relativePath)/\(name)", bytes: $0) }
    }
    return Files(splits: wanted.map { $0.compactMap(file) }, names: file(kind.namesFile), leftOut: leftOut)
  }

  private static func namesFile(in folder: URL, _ kind: CIFARKind) throws -> File? {
    let url = folder.appending(path: kind.namesFile)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return File(path: url.relativePath, bytes: try Archive.contents(of: url, limit: 1 << 20))
  }

  private static func classNames(_ file: File, _ kind: CIFARKind) throws -> [String] {
    let names = String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    guard names.count == kind.classCount else {
      throw DataError(file.path, "\(names.count) class names, one a line; \(kind.title) has \(kind.classCount)")
    }
    return names
  }

  private static func labels(of file: File, _ kind: CIFARKind) throws -> [Int] {
    let size = kind.recordBytes
    guard !file.bytes.isEmpty, file.bytes.count.isMultiple(of: size) else {
      let isOther = !file.bytes.isEmpty && file.bytes.count.isMultiple(of: kind.other.recordBytes)
      throw DataError(
        file.path, "\(file.bytes.count) bytes are not a whole number of \(kind.title) records of \(size) bytes",
        remedy: isOther ? "it may be \(kind.other.title)" : "is the file complete?")
    }
    return try (0..<file.bytes.count / size).map { record in
      let start = record * size
      if kind == .cifar100, file.bytes[start] >= 20 {
        throw DataError(file.path, "coarse label of record \(record) (from 0) is \(file.bytes[start]), outside 0…19")
      }
      let label = Int(file.bytes[start + kind.labelBytes - 1])
      guard label < kind.classCount else {
        throw DataError(
          file.path, "label of record \(record) (from 0) is \(label), outside 0…\(kind.classCount - 1)")
      }
      return label
    }
  }
}
