import Foundation

/// The files of a folder and the folders below it, in order of names, and what there is beside files.
///
/// Links are followed, but no folder is entered twice: one that is met under several names has its own, not a link's.
/// Names may be any bytes.
public struct FolderListing: Sendable {
  public struct File: Hashable, Sendable {
    public let path: BytePath
    /// The path below the root.
    public let relative: BytePath
    /// The first folder below the root, nil for files in the root itself.
    public let topFolder: [UInt8]?
    /// Bytes.
    public let size: Int
    /// Why there is no getting at it: a link to nothing, a folder that may not be listed.
    let obstacle: String?
  }

  public private(set) var files: [File] = []
  /// Folders directly below the root that were entered.
  private(set) var topFolders: [[UInt8]] = []
  /// What was not followed.
  private(set) var leftOut = LeftOut()
  /// Folders by device and number, and where each was met.
  private var visited: [Identity: BytePath] = [:]
  /// Links to folders, which are entered when all others have been.
  private var links: [Folder] = []

  private struct Identity: Hashable {
    let device: dev_t
    let number: ino_t
  }

  static let deepest = 64

  /// Throws ``DataError`` where the folder does not exist, is none or cannot be listed.
  public init(_ root: URL) throws {
    let path = BytePath(root)
    var status = stat()
    guard path.withCPath({ stat($0, &status) }) == 0 else {
      throw errno == ENOENT
        ? DataError(path.description, "does not exist") : DataError(number: errno, path.description, "cannot be looked at")
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw DataError(path.description, "is a file", remedy: "give the folder that holds the pictures")
    }
    visited[Identity(device: status.st_dev, number: status.st_ino)] = BytePath([UInt8(ascii: ".")])
    guard let names = Self.names(path) else { throw DataError(number: errno, path.description, "cannot be listed") }
    try list(Folder(path: path, relative: BytePath([]), topFolder: nil, depth: 0), names)
    while !links.isEmpty { try enter(links.removeFirst()) }
    files.sort { Self.precedes($0.relative, $1.relative) }
    topFolders.sort { $0.lexicographicallyPrecedes($1) }
  }

  private struct Folder {
    let path: BytePath
    let relative: BytePath
    let topFolder: [UInt8]?
    let depth: Int
  }

  /// Name by name: no byte of a name comes before the end of one.
  private static func precedes(_ a: BytePath, _ b: BytePath) -> Bool {
    func rank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 0 : byte }
    return a.bytes.lexicographicallyPrecedes(b.bytes) { rank($0) < rank($1) }
  }

  private mutating func list(_ folder: Folder, _ names: [[UInt8]]) throws {
    for name in names {
      let (path, relative) = (folder.path.appending(name), folder.relative.appending(name))
      guard name.first != UInt8(ascii: ".") else {
        leftOut.add(.hidden, relative.description)
        continue
      }
      var status = stat()
      guard path.withCPath({ stat($0, &status) }) == 0 else {
        add(path, relative, folder.topFolder, 0, obstacle: Self.obstacle(path, errno))
        continue
      }
      switch status.st_mode & S_IFMT {
      case S_IFREG: add(path, relative, folder.topFolder, Int(status.st_size))
      case S_IFDIR:
        let below = Folder(path: path, relative: relative, topFolder: folder.topFolder ?? name, depth: folder.depth + 1)
        if Self.isLink(path) { links.append(below) } else { try enter(below) }
      default: leftOut.add(.special, relative.description)
      }
    }
  }

  private mutating func enter(_ folder: Folder) throws {
    let (path, relative) = (folder.path, folder.relative)
    guard folder.depth <= Self.deepest else { return leftOut.add(.tooDeep, relative.description) }
    var status = stat()
    guard path.withCPath({ stat($0, &status) }) == 0, let names = Self.names(path) else {
      let problem = DataError(number: errno, path.description, "is a folder that cannot be listed")
      guard !problem.isShortage else { throw problem }
      let topFolder = folder.depth == 1 ? nil : folder.topFolder
      return add(path, relative, topFolder, 0, obstacle: problem.problem)
    }
    let identity = Identity(device: status.st_dev, number: status.st_ino)
    if let before = visited[identity] {
      return leftOut.add(.repeated, "\(relative), the same folder as \(before)")
    }
    visited[identity] = relative
    if folder.depth == 1 { topFolders.append(path.name) }
    try list(folder, names)
  }

  private mutating func add(
    _ path: BytePath, _ relative: BytePath, _ topFolder: [UInt8]?, _ size: Int, obstacle: String? = nil
  ) {
    files.append(File(path: path, relative: relative, topFolder: topFolder, size: size, obstacle: obstacle))
  }

  private static func isLink(_ path: BytePath) -> Bool {
    var link = stat()
    return path.withCPath { lstat($0, &link) } == 0 && link.st_mode & S_IFMT == S_IFLNK
  }

  private static func obstacle(_ path: BytePath, _ number: Int32) -> String {
    switch (isLink(path), number) {
    case (true, ENOENT), (true, ENOTDIR): return "is a link to nothing"
    case (true, ELOOP): return "is a link in a ring of links"
    default: return "cannot be looked at: \(String(cString: strerror(number)))"
    }
  }

  /// In order of bytes; nil, with `errno`, where the folder cannot be listed to its end.
  static func names(_ folder: BytePath) -> [[UInt8]]? {
    guard let stream = folder.withCPath({ opendir($0) }) else { return nil }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      // The name may be shorter or longer than the structure declares.
      let start = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
      let name = start.assumingMemoryBound(to: UInt8.self)
      let bytes = Array(UnsafeBufferPointer(start: name, count: strlen(start.assumingMemoryBound(to: CChar.self))))
      if bytes != [0x2e], bytes != [0x2e, 0x2e] { names.append(bytes) }
    }
    return errno == 0 ? names.sorted { $0.lexicographicallyPrecedes($1) } : nil
  }
}
