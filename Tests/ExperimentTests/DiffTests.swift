import Experiment
import Foundation
import TestSupport
import Testing

/// `harmonia diff`: meanings are compared, not texts.
@Suite struct DiffTests {
  private func diff(
    _ tiny: TinyExperiment, _ changed: String, recipes: [String] = [], json: Bool = false
  ) throws -> (status: Experiment.ExitStatus, text: String) {
    let other = tiny.folder.file("other.recipe")
    try Data(changed.utf8).write(to: other)
    let lines = Lines()
    let command = DiffCommand(first: tiny.recipe.path, second: other.path, recipes: recipes, json: json)
    return (command.run(lines.console), lines.all)
  }

  @Test func writingTheSameOtherwiseIsNoDifference() throws {
    let tiny = try TinyExperiment()
    let changed = TinyExperiment.standard
      .replacingOccurrences(of: "/// alone", with: "// another comment\n/// another doc")
      .replacingOccurrences(of: "stripes", with: "pictures")
      .replacingOccurrences(of: "  length = 4ep\n", with: "  checkpoint = every(3ep)\n")
      .replacingOccurrences(of: "  checkpoint = every(3ep)\n}", with: "  length = 4ep\n}")
      .replacingOccurrences(of: "batch: 8)", with: "batch: 4 + 4, last: .keep)")
    #expect(changed != TinyExperiment.standard)
    let (status, text) = try diff(tiny, changed)
    #expect(status == .success, "\(text)")
    #expect(text.isEmpty, "\(text)")
  }

  @Test func aDifferenceHasBothValuesAndLines() throws {
    let tiny = try TinyExperiment()
    let changed = "// a line more\n" + TinyExperiment.standard
      .replacingOccurrences(of: "starts: 2ep", with: "starts: 1ep")
      .replacingOccurrences(of: "augment: .simclr(size: 12)", with: "augment: .simclr(size: 12, flip: 0.25)")
    let (status, text) = try diff(tiny, changed)
    #expect(status == .failedCheck)
    #expect(text.contains("harmonious\n  data.augment.flip: 0.5 → 0.25\n      default\n"), "\(text)")
    #expect(text.contains("  method.gh.starts: 2ep → 1ep\n"), "\(text)")
    #expect(text.contains("tiny.recipe:18:59   structure: simplex"), "\(text)")
    #expect(text.contains("other.recipe:19:59   structure: simplex"), "\(text)")
    let only = try diff(tiny, changed, recipes: ["plain"])
    #expect(only.text.contains("data.augment.flip") && !only.text.contains("starts"), "\(only.text)")
  }

  @Test func theJSONHasTheSame() throws {
    let tiny = try TinyExperiment()
    let (status, text) = try diff(
      tiny, TinyExperiment.standard.replacingOccurrences(of: "seed = 5", with: "seed = 6"), json: true)
    #expect(status == .failedCheck)
    let value = try JSONValue(parsing: Data(text.utf8))
    #expect(value["equal"] == .bool(false))
    let plain = try #require(value["recipes"]?.elements?.first)
    #expect(plain["status"]?.text == "different")
    let change = try #require(plain["changes"]?.elements?.first)
    #expect(change["path"]?.text == "seed")
    #expect(change["old"]?["value"]?.text == "5" && change["new"]?["value"]?.text == "6")
    #expect(change["new"]?["from"]?["line"]?.integer == 6)
  }

  @Test func anotherConstructorIsOneDifference() throws {
    let tiny = try TinyExperiment()
    let (_, text) = try diff(
      tiny, TinyExperiment.standard.replacingOccurrences(of: "method = simclr(temperature: 0.5)\n", with: "method = focal()\n"),
      recipes: ["plain"])
    #expect(
      text.contains("  method: simclr(temperature: 0.5) → focal(temperature: 0.2, gamma: 2.0)\n"), "\(text)")
  }

  @Test func recipesWithoutCounterpartAreDifferences() throws {
    let tiny = try TinyExperiment()
    let changed = TinyExperiment.standard.replacingOccurrences(of: "recipe harmonious", with: "recipe other")
    let (status, text) = try diff(tiny, changed)
    #expect(status == .failedCheck)
    #expect(text.contains("harmonious: only in") && text.contains("other: only in"), "\(text)")
    // One on each side is a pair whatever they are called.
    let lone = tiny.folder.file("lone.recipe")
    let start = try #require(TinyExperiment.standard.range(of: "/// with GH"))
    try Data(TinyExperiment.standard[..<start.lowerBound].replacingOccurrences(of: "plain", with: "same").utf8)
      .write(to: lone)
    let lines = Lines()
    let command = DiffCommand(first: tiny.recipe.path, second: lone.path, recipes: ["plain"])
    #expect(command.run(lines.console) == .failedCheck, "\(lines.all)")
    #expect(lines.all.contains("plain: only in"))
  }

  @Test func aRunIsASide() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(set: ["seed=8"], stopAfter: 1).run(Lines().console) == .interrupted)
    for side in ["run/plain", "run/plain/recipe.resolved"] {
      let lines = Lines()
      let command = DiffCommand(first: tiny.folder.file(side).path, second: tiny.recipe.path, recipes: ["plain"])
      #expect(command.run(lines.console) == .failedCheck)
      #expect(lines.all.contains("  seed: 8 → 5\n"), "\(lines.all)")
      #expect(lines.all.contains("recipe.resolved:4:10   seed = 8"), "\(lines.all)")
    }
    let same = DiffCommand(
      first: tiny.folder.file("run").path, second: tiny.folder.file("run/plain").path)
    #expect(same.run(Lines().console) == .success)
  }

  @Test(arguments: ["nowhere.recipe", "empty", "broken.recipe", "broken.resolved"])
  func aSideThatCannotBeReadIsTrouble(name: String) throws {
    let tiny = try TinyExperiment()
    try FileManager.default.createDirectory(at: tiny.folder.file("empty"), withIntermediateDirectories: false)
    try Data("edition 1\nrecipe r {".utf8).write(to: tiny.folder.file("broken.recipe"))
    try Data("// identity 1\nrecipe {\n  sed = 1\n}\n".utf8).write(to: tiny.folder.file("broken.resolved"))
    let lines = Lines()
    let command = DiffCommand(first: tiny.folder.file(name).path, second: tiny.recipe.path)
    #expect(command.run(lines.console) == .badRecipe)
    #expect(lines.all.contains("error"), "\(lines.all)")
    #expect(
      DiffCommand(first: tiny.recipe.path, second: tiny.recipe.path, recipes: ["nobody"]).run(lines.console)
        == .badRecipe)
  }
}
