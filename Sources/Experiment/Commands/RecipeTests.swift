import RecipeLanguage
import VisibleText

/// The `test` blocks of a checked file. They compute, read files and print; they write files only where that is
/// allowed.
struct RecipeTests {
  let program: Program
  var mayWrite = false

  init(_ program: Program, mayWrite: Bool = false) {
    self.program = program
    self.mayWrite = mayWrite
  }

  /// What came of one test.
  struct Result {
    let test: TestDeclaration
    let outcome: Outcome
    let seconds: Double
    /// What it printed, by lines.
    var printed: [String] {
      // By scalars: as a character, a carriage return and a line feed are one.
      let lines = outcome.output.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return lines.last == "" ? lines.dropLast() : lines
    }
  }

  /// Runs one test; what it prints is in the outcome.
  func run(_ test: TestDeclaration) -> Result {
    var effects: Set<Effect> = [.compute, .read, .output]
    if mayWrite { effects.insert(.write) }
    let start = ContinuousClock.now
    let outcome = program.run(test, granting: effects)
    return Result(test: test, outcome: outcome, seconds: (ContinuousClock.now - start).seconds)
  }

  /// Runs all of them, for commands that test on the way to something else: says only what fails, and returns how many.
  func run(_ console: Console, json: Bool = false) -> Int {
    var failed = 0
    for test in program.tests {
      let result = run(test)
      for line in result.printed { console.out(line) }
      if result.outcome.passed { continue }
      failed += 1
      DiagnosticPrinter(json: json).print(result.outcome.diagnostics, to: console)
      if !json { console.out("FAIL test \"\(test.name.visibleLine)\" at \(test.span)") }
    }
    return failed
  }
}
