import Experiment
import Foundation
import TestSupport
import Testing

/// `harmonia test`: recipe tests from files and folders.
@Suite struct TestCommandTests {
  private static let good = "test \"sums\" {\n  expect 1 + 1 == 2\n}\ntest \"prints\" {\n  print(\"seen \\(3)\")\n  expect true\n}\n"
  private static let bad =
    "test \"rows\" {\n  let m = tensor([[1, 2], [3, 4]])\n  expect m.rows + 1 == m.columns\n}\n"

  private func folder(_ files: [String: String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, text) in files {
      let url = folder.file(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return folder
  }

  private func run(_ command: TestCommand) -> (Experiment.ExitStatus, Lines) {
    let lines = Lines()
    return (command.run(lines.console), lines)
  }

  @Test func passedAndFailedAreTold() throws {
    let folder = try folder(["good.recipe": Self.good, "deep/bad.recipe": Self.bad, "notes.txt": "x"])
    let (status, lines) = run(TestCommand(paths: [folder.url.path]))
    #expect(status == .failedCheck)
    #expect(lines.out.contains { $0.hasPrefix("  passed") && $0.hasSuffix("sums") })
    #expect(lines.out.contains { $0.hasPrefix("  FAILED") && $0.hasSuffix("rows") })
    #expect(lines.out.contains("    | seen 3"))
    #expect(lines.out.last?.hasPrefix("3 tests: 2 passed, 1 failed, in ") == true, "\(lines.all)")
    // The value of every part, under it.
    #expect(
      lines.all.contains(
        """
        3 |   expect m.rows + 1 == m.columns
          |          ^^^^^^^^^^^^^^^^^^^^^^^ is false
          |          │ │    │   │  │ │
          |          │ 2    3   │  │ 2
          |          │          │  Tensor 2×2 [1.0, 2.0, 3.0, 4.0]
          |          │          false
          |          Tensor 2×2 [1.0, 2.0, 3.0, 4.0]
        """), "\(lines.all)")
  }

  @Test func onlyWhatIsAskedForRuns() throws {
    let folder = try folder(["good.recipe": Self.good, "bad.recipe": Self.bad])
    let (status, lines) = run(TestCommand(paths: [folder.url.path], filter: "SUM"))
    #expect(status == .success)
    #expect(lines.out.last?.hasPrefix("1 test passed in ") == true)
    let (none, said) = run(TestCommand(paths: [folder.url.path], filter: "sinkhorn"))
    #expect(none == .failedCheck)
    #expect(said.out.last?.contains("no test in these 2 files has `sinkhorn` in its name; there is \"rows\"") == true)
    let (listed, names) = run(TestCommand(paths: [folder.file("good.recipe").path], list: true))
    #expect(listed == .success)
    #expect(names.out.map { $0.split(separator: ": ").last } == ["sums", "prints"])
    #expect(names.out[0].contains("good.recipe:1:6: "))
  }

  @Test func noTestsAtAllIsSaid() throws {
    let folder = try folder(["empty.recipe": "let a = 1\n", "other/x.txt": ""])
    let (status, lines) = run(TestCommand(paths: [folder.file("empty.recipe").path]))
    #expect(status == .success)
    #expect(lines.out == ["no tests in \(folder.file("empty.recipe").path): a test is written `test \"name\" { expect … }`"])
    let (missing, said) = run(TestCommand(paths: [folder.file("other").path]))
    #expect(missing == .badRecipe)
    #expect(said.err.last?.contains("there is no recipe (*.recipe) in this folder") == true)
  }

  @Test func aFileWithErrorsDoesNotHideTheOthers() throws {
    let folder = try folder(["broken.recipe": "let a = missing\n", "good.recipe": Self.good])
    let paths = ["broken.recipe", "good.recipe", "good.recipe", "nowhere.recipe"].map { folder.file($0).path }
    let (status, lines) = run(TestCommand(paths: paths))
    #expect(status == .badRecipe)
    #expect(lines.all.contains("E0201") && lines.all.contains("E0001"))
    #expect(lines.out.contains { $0.hasPrefix("2 tests passed in") })
    #expect(lines.out.last == "2 files have errors and could not be tested")
  }

  @Test func jsonIsALineATest() throws {
    let folder = try folder(["good.recipe": Self.good, "bad.recipe": Self.bad])
    let (status, lines) = run(TestCommand(paths: [folder.url.path], json: true))
    #expect(status == .failedCheck)
    let values = try lines.out.map { try JSONValue(parsing: Data($0.utf8)) }
    try #require(values.count == 4)
    #expect(values[0]["test"]?.text == "rows" && values[0]["passed"] == .bool(false))
    #expect(values[0]["diagnostics"]?.elements?.first?["values"]?.elements?.count == 6)
    #expect(values[2]["output"]?.text == "seen 3\n")
    #expect(values[3]["failed"]?.integer == 1 && values[3]["tests"]?.integer == 3)
  }

  @Test func filesAreWrittenOnlyWhenAllowed() throws {
    let text = """
      test "there and back" {
        let m = filled(2.5, rows: 2, columns: 3)
        save(m, "made.npy")
        expect load("made.npy") ~= m within 0
      }
      """
    let folder = try folder(["files.recipe": text])
    let (refused, lines) = run(TestCommand(paths: [folder.url.path]))
    #expect(refused == .failedCheck)
    #expect(lines.all.contains("E0703") && lines.all.contains("harmonia test --write"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("made.npy").path))
    let (allowed, said) = run(TestCommand(paths: [folder.url.path], mayWrite: true))
    #expect(allowed == .success, "\(said.all)")
    #expect(FileManager.default.fileExists(atPath: folder.file("made.npy").path))
  }

  @Test func theProgramTells() throws {
    let folder = try folder(["bad.recipe": Self.bad])
    let outcome = try HarmoniaProgram.run("test", "bad.recipe", in: folder.url)
    #expect(outcome.status == 1)
    #expect(outcome.out.contains("FAILED") && !outcome.out.contains("\u{1B}"))
    let help = try HarmoniaProgram.run("test", "--help")
    #expect(help.status == 0 && help.out.contains("--filter"))
  }
}
