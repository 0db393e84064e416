import RecipeLanguage
import VisibleText

/// `harmonia check FILE`: all mistakes of a file, and its tests.
public struct CheckCommand: Sendable {
  public var recipe: RecipeRequest
  public var json: Bool
  public var tests: Bool
  /// Whether the file comes from somebody unknown: it must be a plain file.
  public var untrusted: Bool

  public init(recipe: RecipeRequest, json: Bool = false, tests: Bool = true, untrusted: Bool = false) {
    self.recipe = recipe
    self.json = json
    self.tests = tests
    self.untrusted = untrusted
  }

  public func run(_ console: Console) -> ExitStatus {
    if untrusted, let problem = SourceFile.problemUnlessPlain(recipe.file) {
      DiagnosticPrinter(json: json).print([problem.diagnostic], to: console)
      return .badRecipe
    }
    guard let program = recipe.load(console, json: json) else { return .badRecipe }
    guard recipe.selection(of: program, console) != nil else { return .badRecipe }
    if tests, !program.tests.isEmpty, !MemoryLimit.admitsComputing(console, threads: nil) { return .failedRun }
    let failed = tests ? RecipeTests(program).run(console, json: json) : 0
    guard failed == 0 else { return .failedCheck }
    if !json { console.out("\(recipe.file.visibleLine): no errors\(summary(program))") }
    return .success
  }

  private func summary(_ program: Program) -> String {
    func count(_ number: Int, _ noun: String) -> String? {
      number == 0 ? nil : "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    let parts = [
      count(program.recipes.count, "recipe"), count(program.sweeps.reduce(0) { $0 + $1.cells.count }, "cell"),
      count(program.tests.count, "test").map { $0 + (tests ? " passed" : " not run") },
      count(program.tasks.count, "task"),
    ].compactMap { $0 }
    return parts.isEmpty ? "" : " (" + parts.joined(separator: ", ") + ")"
  }
}
