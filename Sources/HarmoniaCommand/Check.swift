import ArgumentParser
import Experiment

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find all mistakes of a recipe file and run its tests; trains nothing.",
    discussion: """
        harmonia check my.recipe
        harmonia check my.recipe --json          for editors, a diagnostic a line
        harmonia check Scripts/kernels.recipe    runs its `test` blocks
        harmonia check --untrusted their.recipe  a recipe from somebody you do not know

      A recipe can do nothing but say what is to be trained, and checking one always ends. With --untrusted it also \
      takes little time and memory, whatever the file holds: the limits are low (\
      \(RecipeLimits.Name.allCases.map { "\($0.rawValue) \(RecipeLimits.untrusted[$0])" }.joined(separator: ", ")); \
      --limit changes one), its tests are not run, nothing is written, and no file is opened but this one and what it \
      imports from its own folder and below, which must be plain files. Data sets are not looked for.
      """)

  @OptionGroup var recipe: RecipeOptions

  @Flag(help: "Print diagnostics as JSON, one a line.")
  var json = false

  @Flag(inversion: .prefixedNo, help: "Run the file's `test` blocks. (default: --tests)")
  var tests: Bool?

  @Flag(help: "Check a recipe from somebody you do not know: low limits, no tests, no other files.")
  var untrusted = false

  func validate() throws {
    if untrusted, tests == true { throw ValidationError("--untrusted runs no tests: leave out --tests") }
  }

  func run() throws {
    var request = try recipe.request()
    request.limits = try recipe.limits.limits(over: untrusted ? .untrusted : RecipeLimits())
    try finish(
      CheckCommand(recipe: request, json: json, tests: tests ?? !untrusted, untrusted: untrusted).run(.standard))
  }
}
