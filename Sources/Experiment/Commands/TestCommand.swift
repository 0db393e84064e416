import Foundation
import Kernels
import RecipeLanguage
import VisibleText

/// `harmonia test FILE…`: the tests of recipes, with the values of what does not hold.
public struct TestCommand: Sendable {
  /// Recipe files, and folders of them.
  public var paths: [String]
  /// Only tests whose name contains this, in upper or lower case.
  public var filter: String
  public var json: Bool
  public var limits = RecipeLimits()
  /// Print the names and run nothing.
  public var list: Bool
  /// Whether tests may write files (`save`).
  public var mayWrite: Bool
  public var threads: Int?

  public init(
    paths: [String], filter: String = "", json: Bool = false, list: Bool = false, mayWrite: Bool = false,
    threads: Int? = nil
  ) {
    self.paths = paths
    self.filter = filter
    self.json = json
    self.list = list
    self.mayWrite = mayWrite
    self.threads = threads
  }

  /// What has been seen so far.
  private struct Tally {
    var passed = 0
    var failed = 0
    var unreadable = 0
    var seconds = 0.0
    /// Names that the filter left out.
    var others: [String] = []
    var count: Int { passed + failed }
  }

  public func run(_ console: Console) -> ExitStatus {
    guard list || MemoryLimit.admitsComputing(console, threads: threads) else { return .failedRun }
    let files: [String]
    do {
      files = try RecipeFiles.expand(paths).get()
    } catch {
      console.err("error: \(error)".visibleLine)
      return .badRecipe
    }
    var tally = Tally()
    for file in files { test(file, console, &tally) }
    if !list { summarize(tally, files, console) }
    if tally.unreadable > 0 { return .badRecipe }
    if tally.failed > 0 { return .failedCheck }
    // Somebody who asks for a test by name and gets none has a check that does not check.
    return !filter.isEmpty && tally.count == 0 ? .failedCheck : .success
  }

  private func test(_ file: String, _ console: Console, _ tally: inout Tally) {
    guard let program = RecipeRequest(file: file, limits: limits).load(console, json: json) else {
      tally.unreadable += 1
      return
    }
    let wanted = program.tests.filter { filter.isEmpty || $0.name.localizedCaseInsensitiveContains(filter) }
    tally.others += program.tests.filter { test in !wanted.contains { $0.name == test.name } }.map(\.name)
    if list {
      tally.passed += wanted.count
      for test in wanted { console.out(json ? entry(test).line : "\(test.span): \(test.name.visibleLine)") }
      return
    }
    if !json, !wanted.isEmpty { console.out(file.visibleLine) }
    let tests = RecipeTests(program, mayWrite: mayWrite)
    for test in wanted {
      let result = tests.run(test)
      tally.seconds += result.seconds
      if result.outcome.passed { tally.passed += 1 } else { tally.failed += 1 }
      if json { console.out(entry(result).line) } else { show(result, console) }
    }
  }

  // MARK: Text

  private func show(_ result: RecipeTests.Result, _ console: Console) {
    let (word, style) = result.outcome.passed ? ("passed", "32") : ("FAILED", "1;31")
    let time = Self.time(result.seconds)
    console.styledOut("  \(console.paint(word, style))  \(time)  \(result.test.name.visibleLine)")
    for line in result.printed { console.out("    | " + line) }
    if result.outcome.passed {
      if result.outcome.expectations == 0 { console.out("    note: it expects nothing") }
      return
    }
    let renderer = DiagnosticRenderer(usesColor: console.isOutputTerminal)
    for diagnostic in result.outcome.diagnostics {
      console.styledOut("\n" + String(renderer.text(diagnostic).dropLast()))
    }
    if result.outcome.diagnostics.contains(where: { $0.code.id == "E0703" }), !mayWrite {
      console.out("help: tests write no files unless you say so: `harmonia test --write`")
    }
    console.out("")
  }

  private func summarize(_ tally: Tally, _ files: [String], _ console: Console) {
    if json {
      console.out(
        JSONValue.object([
          "tests": .int(tally.count), "passed": .int(tally.passed), "failed": .int(tally.failed),
          "files_with_errors": .int(tally.unreadable), "seconds": .number(tally.seconds),
        ]).line)
      return
    }
    let time = String(format: "%.2f s", tally.seconds)
    switch (tally.count, tally.failed) {
    case (0, _):
      let place = files.count == 1 ? files[0].visibleLine : "these \(files.count) files"
      if tally.unreadable == files.count { return }
      if filter.isEmpty {
        console.out("no tests in \(place): a test is written `test \"name\" { expect … }`")
      } else {
        let known = tally.others.prefix(12).map { "\"\($0.visibleLine)\"" }.joined(separator: ", ")
        console.out(
          "no test in \(place) has `\(filter.visibleLine)` in its name"
            + (known.isEmpty ? "; there are no tests at all" : "; there is \(known)"))
      }
    case (let count, 0): console.out("\(count) test\(count == 1 ? "" : "s") passed in \(time)")
    case (let count, let failed):
      console.out("\(count) test\(count == 1 ? "" : "s"): \(tally.passed) passed, \(failed) failed, in \(time)")
    }
    if tally.unreadable > 0 {
      console.out("\(tally.unreadable) file\(tally.unreadable == 1 ? " has" : "s have") errors and could not be tested")
    }
  }

  /// `  12 ms`, ` 3.4 s`: seven characters, so that names stand under each other.
  static func time(_ seconds: Double) -> String {
    let text = seconds < 0.9995 ? String(format: "%.0f ms", seconds * 1000) : String(format: "%.1f s", seconds)
    return String(repeating: " ", count: max(0, 7 - text.count)) + text
  }

  // MARK: JSON

  private func entry(_ test: TestDeclaration) -> JSONValue {
    .object(["file": .string(test.span.file.name), "line": .int(test.span.line), "test": .string(test.name)])
  }

  private func entry(_ result: RecipeTests.Result) -> JSONValue {
    let renderer = DiagnosticRenderer()
    let diagnostics = result.outcome.diagnostics.compactMap { diagnostic in
      try? JSONValue(parsing: Data(renderer.json(diagnostic).utf8))
    }
    return entry(result.test).adding([
      "passed": .bool(result.outcome.passed), "seconds": .number(result.seconds),
      "expectations": .int(result.outcome.expectations), "output": .string(result.outcome.output),
      "diagnostics": .array(diagnostics),
    ])
  }
}
