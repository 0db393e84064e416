import Foundation
import RecipeLanguage
import TestSupport
import Testing

@Suite struct RandomEditorTests {
  /// First inputs of the fuzz target, and what it found.
  static let kept: [String] = {
    let all = try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url("fuzz/languageserver").path)
    return (all ?? []).sorted()
  }()

  @Test(arguments: kept) func theServerSurvivesWhatIsKept(name: String) throws {
    var editor = RandomEditor(try Data(contentsOf: Fixtures.url("fuzz/languageserver/\(name)")), limits: .untrusted)
    #expect(editor.run() > 0)
  }

  /// A few thousand messages that make no sense; the fuzz target sends millions.
  @Test(arguments: 1...6) func theServerSurvives(seed: Int) throws {
    var random = SmallRandom(seed: UInt64(seed))
    let names = ["cifar100_lt", "quickstart", "kernels", "folder"]
    let url = Fixtures.root.deletingLastPathComponent().appending(path: "Scripts/\(names[seed % 4]).recipe")
    let recipe = Array(try Data(contentsOf: url))
    let tokens = [
      "(", ")", "{", "}", "[", "]", ".", ",", ":", "=", "let ", "recipe ", "\"", "\\(", "1ep", "\n", "é", "->",
    ]
    var limits = Limits()
    limits.fuel = 20_000
    for _ in 0..<12 {
      var bytes: [UInt8] = [UInt8(1 + random.next(7)), 0, 0, 0, 255]
      var text = recipe
      for _ in 0..<random.next(6) {
        let at = random.next(text.count + 1)
        let end = min(text.count, at + random.next(12))
        text.replaceSubrange(at..<end, with: Array(tokens[random.next(tokens.count)].utf8))
      }
      bytes += text
      var editor = RandomEditor(bytes, limits: limits)
      #expect(editor.run() > 100)
      var messages: [UInt8] = [1, 0, 0, 0, UInt8(min(254, text.count))] + text.prefix(254)
      for _ in 0..<200 { messages.append(UInt8(random.next(256))) }
      var other = RandomEditor(messages, limits: limits)
      #expect(other.run() > 100)
    }
  }
}
