import ArgumentParser
import Experiment

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a run would do: images, classes, steps, convolutions, schedules, memory, files.",
    discussion: """
        harmonia plan my.recipe
        harmonia plan my.recipe --set data.batch=512
        harmonia plan my.recipe --convolution direct
        harmonia plan my.recipe --json
      """)

  @OptionGroup var recipe: RecipeOptions

  @OptionGroup var convolution: ConvolutionOption

  @Flag(help: "Print the plan as one JSON object.")
  var json = false

  func run() throws {
    try finish(PlanCommand(recipe: recipe.request(convolution.convolution), json: json).run(.standard))
  }
}
