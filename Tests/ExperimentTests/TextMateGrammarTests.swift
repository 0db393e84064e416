import Experiment
import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// The grammar for editors that lies in the tree is that of the words there are.
@Suite struct TextMateGrammarTests {
  private static let file = Fixtures.root.deletingLastPathComponent().appending(
    path: "Scripts/editor/recipe.tmLanguage.json")

  @Test func theFileIsThatOfTheCatalogue() throws {
    let text = TextMateGrammar().text
    let known = try? String(contentsOf: Self.file, encoding: .utf8)
    #expect(
      known == text,
      "\(Self.file.lastPathComponent) is stale: harmonia doc --grammar > Scripts/editor/recipe.tmLanguage.json")
  }

  /// Every rule of the grammar, wherever it stands.
  private func rules() throws -> [[String: Any]] {
    let object = try JSONSerialization.jsonObject(with: Data(TextMateGrammar().text.utf8))
    func all(_ value: Any) -> [[String: Any]] {
      if let list = value as? [Any] { return list.flatMap(all) }
      guard let rule = value as? [String: Any] else { return [] }
      return [rule] + rule.values.flatMap(all)
    }
    return all(object)
  }

  @Test func itIsJSONWhosePatternsCompileAndWhoseIncludesExist() throws {
    let rules = try rules()
    let repository = try #require(rules.compactMap { $0["repository"] as? [String: Any] }.first)
    var patterns = 0
    for rule in rules {
      for key in ["match", "begin", "end"] {
        guard let pattern = rule[key] as? String else { continue }
        patterns += 1
        #expect(throws: Never.self, "\(pattern)") { try NSRegularExpression(pattern: pattern) }
      }
      if let include = rule["include"] as? String { #expect(repository[String(include.dropFirst())] != nil, "\(include)") }
      #expect((rule["begin"] == nil) == (rule["end"] == nil))
    }
    #expect(patterns > 15)
  }

  /// The scope that the first fitting rule gives to all of `text` at `column` of `line`.
  private func scope(_ line: String, at column: Int) throws -> String? {
    let whole = NSRange(line.startIndex..., in: line)
    let top = try #require(try rules().compactMap { $0["repository"] as? [String: Any] }.first)
    let order = try #require(((top["all"] as? [String: Any])?["patterns"] as? [[String: String]])?.compactMap { $0["include"] })
    for name in order {
      for rule in (top[String(name.dropFirst())] as? [String: Any])?["patterns"] as? [[String: Any]] ?? [] {
        guard let pattern = rule["match"] as? String else { continue }
        for found in try NSRegularExpression(pattern: pattern).matches(in: line, range: whole) {
          if let scope = rule["name"] as? String, found.range.contains(column) { return scope }
          for (group, capture) in rule["captures"] as? [String: [String: String]] ?? [:]
          where found.range(at: Int(group) ?? 0).contains(column) {
            return capture["name"]
          }
        }
      }
    }
    return nil
  }

  @Test(arguments: [
    ("let rate = ramp(0 -> 1)", 0, "keyword.declaration.recipe"), ("let rate = ramp(0 -> 1)", 4, "entity.name.recipe"),
    ("let rate = ramp(0 -> 1)", 11, "support.function.recipe"), ("let rate = ramp(0 -> 1)", 18, "keyword.operator.recipe"),
    ("let n = 500ep", 8, "constant.numeric.recipe"), ("let n = 500ep", 11, "keyword.other.unit.recipe"),
    ("let n = 10%", 10, "keyword.other.unit.recipe"), ("let n = 500epochs", 8, nil),
    ("  method = gh(weight: 1)", 2, "variable.other.field.recipe"), ("  method = gh(weight: 1)", 11, "support.class.recipe"),
    ("  method = gh(weight: 1)", 14, "variable.parameter.recipe"), ("let a = true", 8, "constant.language.recipe"),
    ("let a: Float = b", 7, "support.type.recipe"), ("  x = .cifar", 6, "constant.other.member.recipe"),
    ("x.long_tail(imbalance: 3)", 3, "support.function.recipe"), ("/// doc", 0, "comment.line.documentation.recipe"),
    ("let a = f(x) // why", 13, "comment.line.double-slash.recipe"),
    ("let a = 1 then 2", 10, "keyword.control.recipe"),
  ])
  func coloursWords(line: String, column: Int, expected: String?) throws {
    #expect(try scope(line, at: column) == expected)
  }

  @Test func everyWordOfTheCatalogueIsColoured() throws {
    let catalogue = RecipeCatalogue.shared
    for name in catalogue.constructors.keys { #expect(try scope("let a = \(name)(x: 1)", at: 8) == "support.class.recipe", "\(name)") }
    for name in catalogue.kinds.keys { #expect(try scope("let a: \(name) = b", at: 7) == "support.type.recipe", "\(name)") }
    for name in catalogue.recipe.fields.map(\.name) {
      #expect(try scope("  \(name) = b", at: 2) == "variable.other.field.recipe", "\(name)")
    }
  }
}
