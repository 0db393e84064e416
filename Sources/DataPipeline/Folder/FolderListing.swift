import Foundation

/// The files below a folder that are pictures by their names, in order of paths.
struct FolderListing {
  struct File {
    let url: URL
    /// The first folder below the root, nil for files in the root itself.
    let topFolder: String?
  }

  private(set) var files: [File] = []
  /// Number of files of other kinds, by extension in small letters.
  private(set) var others: [String: Int] = [:]
  private var visited: Set<String> = []

  static let extensions: Set<String> = ["png", "jpg", "jpeg", "jpe", "jfif"]
  private static let deepest = 64

  /// Follows links, but no folder twice. Hidden files and folders are left out.
  init(_ root: URL) throws {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder) else {
      throw DataError(root.path, "does not exist")
    }
    guard isFolder.boolValue else {
      throw DataError(root.path, "is a file", remedy: "give the folder that holds the pictures")
    }
    try list(root, topFolder: nil, depth: 0)
  }

  private mutating func list(_ folder: URL, topFolder: String?, depth: Int) throws {
    guard depth <= Self.deepest, visited.insert(folder.resolvingSymlinksInPath().path).inserted else { return }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    } catch {
      throw DataError(folder.path, "cannot be listed: \((error as NSError).localizedDescription)")
    }
    for name in names.sorted() where !name.hasPrefix(".") {
      let url = folder.appending(path: name)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { continue }
      if isFolder.boolValue {
        try list(url, topFolder: topFolder ?? name, depth: depth + 1)
      } else if Self.extensions.contains(url.pathExtension.lowercased()) {
        files.append(File(url: url, topFolder: topFolder))
      } else {
        others[url.pathExtension.lowercased(), default: 0] += 1
      }
    }
  }
}
