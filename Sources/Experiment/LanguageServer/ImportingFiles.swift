import Foundation
import RecipeLanguage

/// Recipe files on disk that could import another one.
enum ImportingFiles {
  /// How many files are looked at.
  private static let limit = 500

  /// Paths of `.recipe` files in the folder of a file and in the folders above it, up to one of `roots`. (An import
  /// leads to files beside and below only.)
  static func around(_ file: String, within roots: [String]) -> [String] {
    var folder = URL(filePath: file).deletingLastPathComponent().standardizedFileURL
    let roots = roots.map { URL(filePath: $0).standardizedFileURL.path() }
    var found: [String] = []
    while true {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
      for name in names.sorted() where name.hasSuffix(".recipe") && found.count < limit {
        found.append(folder.appending(path: name).path(percentEncoded: false))
      }
      let path = folder.path()
      let isBelowRoot = roots.contains { path != $0 && path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }
      guard isBelowRoot, path != "/" else { return found }
      folder = folder.deletingLastPathComponent()
    }
  }

  /// The text of a file if it names another one, as an import does.
  static func importer(_ path: String, of file: String, _ limits: Limits) -> SourceFile? {
    guard let data = FileManager.default.contents(atPath: path), data.count <= limits.sourceBytes else { return nil }
    let name = URL(filePath: file).lastPathComponent
    guard data.range(of: Data(name.utf8)) != nil else { return nil }
    return SourceFile(name: path, bytes: [UInt8](data))
  }
}
