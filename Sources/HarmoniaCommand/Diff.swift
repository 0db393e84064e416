import ArgumentParser
import Experiment

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare what two recipes mean.",
    discussion: """
      Compares resolved fields, defaults included: names, comments, order and how a value is written do not count. \
      Recipes are paired by name; a side may also be a run's folder, or a recipe's folder in it, with what it was \
      started with. Every field that differs is printed with both values and the lines they come from.

        harmonia diff a.recipe b.recipe
        harmonia diff a.recipe b.recipe --recipe simclr_gh
        harmonia diff runs/first/simclr my.recipe --json

      Exit status: 0 nothing differs; 1 something differs; 2 a side cannot be read.
      """)

  @Argument(help: "A recipe file, a run's folder or a recipe's folder in it.", completion: .file())
  var first: String

  @Argument(help: "The other one.", completion: .file())
  var second: String

  @Option(
    name: .customLong("recipe"), parsing: .singleValue,
    help: ArgumentHelp("Only the recipe of this name; may be given more than once.", valueName: "name"))
  var recipes: [String] = []

  @Flag(help: "Print the differences as one JSON object.")
  var json = false

  @OptionGroup var limits: LimitOptions

  func run() throws {
    var command = DiffCommand(first: first, second: second, recipes: recipes, json: json)
    command.limits = try limits.limits()
    try finish(command.run(.standard))
  }
}
