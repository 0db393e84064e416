import ArgumentParser
import Experiment

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find all mistakes of a recipe file and run its tests; trains nothing.",
    discussion: """
        harmonia check my.recipe
        harmonia check my.recipe --json          for editors, a diagnostic a line
        harmonia check Scripts/kernels.recipe    runs its `test` blocks
      """)

  @OptionGroup var recipe: RecipeOptions

  @Flag(help: "Print diagnostics as JSON, one a line.")
  var json = false

  @Flag(inversion: .prefixedNo, help: "Run the file's `test` blocks.")
  var tests = true

  func run() throws { try finish(CheckCommand(recipe: recipe.request(), json: json, tests: tests).run(.standard)) }
}
