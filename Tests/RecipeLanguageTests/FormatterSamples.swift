import Foundation
import RecipeLanguage
import TestSupport

/// Every recipe text of the tree.
enum FormatterSamples {
  /// Chunks of `Fixtures/language` and all `.recipe` files, by name.
  static let all: [(name: String, text: String)] = {
    var result: [(name: String, text: String)] = []
    let root = Fixtures.root.deletingLastPathComponent().resolvingSymlinksInPath()
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil, options: .skipsHiddenFiles)
    while let file = files?.nextObject() as? URL {
      guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
      let name = String(file.path.dropFirst(root.path.count + 1))
      if file.pathExtension == "recipe" { result.append((name, text)) }
      if name.hasPrefix("Fixtures/language/") {
        for (index, chunk) in text.components(separatedBy: "\n---\n").enumerated() {
          result.append(("\(name) #\(index)", chunk))
        }
      }
    }
    return result.sorted { $0.name < $1.name }
  }()

  /// Those without errors of syntax.
  static let valid = all.filter { RecipeFormatter.format(SourceFile(name: $0.name, text: $0.text)).text != nil }
}

/// Numbers that are the same in every run.
struct XorShift: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
