import Foundation
import VisibleText

/// Recipe files as they are named on a command line: a folder stands for all recipes in it and below it.
enum RecipeFiles {
  /// The files, each once, a folder's by name; or why a path stands for none. A path that is not there is kept: reading
  /// it says so.
  static func expand(_ paths: [String]) -> Result<[String], Problem> {
    var seen: Set<String> = []
    var files: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      var found = [path]
      if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
        found = recipes(below: path)
        if found.isEmpty { return .failure(Problem(description: "\(path): there is no recipe (*.recipe) in this folder".visibleLine)) }
      }
      for file in found where seen.insert(URL(filePath: file).standardizedFileURL.path).inserted { files.append(file) }
    }
    return .success(files)
  }

  struct Problem: Error, CustomStringConvertible {
    let description: String
  }

  private static func recipes(below folder: String) -> [String] {
    guard
      let contents = FileManager.default.enumerator(
        at: URL(filePath: folder), includingPropertiesForKeys: [.isRegularFileKey], options: [.skipsHiddenFiles])
    else { return [] }
    let root = URL(filePath: folder).standardizedFileURL.path
    let prefix = folder.hasSuffix("/") ? folder : folder + "/"
    return contents.compactMap { $0 as? URL }.filter { url in
      url.pathExtension == "recipe" && (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
    }.map { url in prefix + url.standardizedFileURL.path.dropFirst(root.count + 1) }.sorted()
  }
}
