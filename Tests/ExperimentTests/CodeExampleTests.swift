import Experiment
import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// Every code of the host has a page; where a recipe can show it, the recipe of the page does, the mended one does not,
/// and what is printed is what Fixtures/diagnostics holds. The language's own examples hold with the host's words, too.
@Suite struct SnapshotOfCodesTests {
  /// A complete recipe, as the pages say.
  static let base = TinyExperiment.standard.replacingOccurrences(of: "recipe harmonious from plain", with: "recipe base from plain")

  /// Codes that take a machine or a folder in a certain state; tests elsewhere bring it about.
  static let needsAState: [String: String] = [
    "E1012": "no network that recipes can describe fails to be built on these images", "E1020": "numbers that are not finite",
    "E1021": "files that vanish while training", "E1023": "a full disk", "E1024": "a damaged checkpoint",
    "E1025": "a folder with another run", "E1037": "a folder whose images have changed", "E1026": "a file system that fails", "W1030": "little memory",
    "W1031": "little disk", "E1032": "a folder that may not be written", "E1040": "a task with a misspelt axis",
  ]

  static let codes = RecipeCatalogue.shared.codes

  @Test func everyCodeHasAPageAndAnExampleOrAReason() {
    for code in Self.codes {
      #expect(!code.title.isEmpty && code.explanation.count > 20, "\(code.id)")
      if Self.needsAState[code.id] == nil {
        #expect(!code.example.isEmpty && !code.corrected.isEmpty, "\(code.id) needs an example and the same mended")
      }
    }
    #expect(Set(Self.codes.map(\.id)).count == Self.codes.count)
  }

  private func outcome(_ text: String, _ code: DiagnosticCode) throws -> (codes: Set<String>, text: String) {
    let tiny = try TinyExperiment(Self.base + "\n" + text)
    let lines = Lines()
    let request = RecipeRequest(file: tiny.recipe.path, recipes: ["r"])
    if code.id == "E1022" {
      _ = RunCommand(recipe: request, out: tiny.folder.file("run").path).run(lines.console)
    } else {
      _ = PlanCommand(recipe: request).run(lines.console)
    }
    let said = lines.err.filter { $0.contains("error[") || $0.contains("warning[") }.joined(separator: "\n")
    let found = said.matches(of: /(?:error|warning)\[([EW][0-9]{4})\]/).map { String($0.output.1) }
    // The last digits of a computed number are the machine's.
    let text = said.replacingOccurrences(of: tiny.folder.url.path + "/", with: "").replacing(/\.[0-9]{5,}/, with: ".…")
    return (Set(found), text)
  }

  @Test(arguments: codes.filter { !$0.example.isEmpty }) func theExampleShowsTheCodeAndTheMendedOneDoesNot(code: DiagnosticCode) throws {
    let (found, text) = try outcome(code.example, code)
    #expect(found == [code.id], "\(code.example)\n\(text)")
    let (left, rest) = try outcome(code.corrected, code)
    #expect(left.isEmpty, "\(code.corrected)\n\(rest)")
    let difference = try Snapshot.difference(text + "\n", from: "diagnostics/\(code.id).txt")
    #expect(difference == nil, "\(difference ?? "")")
  }

  /// What `harmonia explain` shows of the language's codes is true of Harmonia's own words.
  @Test(arguments: DiagnosticCode.all) func theLanguagesExamplesHoldHere(code: DiagnosticCode) throws {
    let example = CodeExample(code, catalogue: RecipeCatalogue.shared, base: Self.base.replacing("edition 1\n", with: ""))
    let failing = try example.failing()
    let codes = Set(failing.codes).subtracting(["E0601", "E0807"].contains(code.id) ? ["E0201", "E0601"] : [])
    #expect(codes == (code.id == "E0601" ? [] : [code.id]) && failing.codes.contains(code.id), "\(code.example)\n\(failing.rendering)")
    let corrected = try example.corrected()
    #expect(corrected.diagnostics.isEmpty, "\(code.id)\n\(code.corrected)\n\(corrected.rendering)")
  }
}
