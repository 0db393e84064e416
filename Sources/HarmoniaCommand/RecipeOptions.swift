import ArgumentParser
import Experiment

/// What every command that reads a recipe takes.
struct RecipeOptions: ParsableArguments {
  @Argument(help: "The recipe file.", completion: .file(extensions: ["recipe"]))
  var file: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change a field of every recipe in the file: --set length=5ep --set optimizer.lr=0.1",
      discussion:
        "With a recipe's name first it is for that one: --set simclr.seed=1. The value is checked like source.",
      valueName: "path=value"))
  var overrides: [String] = []

  @Option(
    name: .customLong("recipe"), parsing: .singleValue,
    help: ArgumentHelp("Only this recipe of the file; may be given more than once.", valueName: "name"))
  var recipes: [String] = []

  @OptionGroup var limits: LimitOptions

  func request(_ convolution: ConvolutionAlgorithm? = nil) throws -> RecipeRequest {
    RecipeRequest(
      file: file, overrides: overrides, recipes: recipes, convolution: convolution, limits: try limits.limits())
  }
}
