import ArgumentParser
import Experiment

struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what a run would do, without doing it.",
    discussion: """
      Prints every field with where its value came from, images a class, steps, convolutions, schedules, memory, \
      time and disk, the files and runs that are there, and the identity.

        harmonia plan my.recipe
        harmonia plan my.recipe --set data.batch=512
        harmonia plan my.recipe --convolution direct
        harmonia plan Scripts/cifar100_lt.recipe --without-data     images that are not here
        harmonia plan my.recipe --json
      """)

  @OptionGroup var recipe: RecipeOptions

  @OptionGroup var convolution: ConvolutionOption

  @Option(
    help: ArgumentHelp(
      "Where the run would be put: room, write access and runs that are there are looked at.", valueName: "dir"))
  var out = "runs"

  @Flag(help: "Plan with stand-ins of the published size where a data set is not on this machine.")
  var withoutData = false

  @Flag(help: "Print the plan as one JSON object.")
  var json = false

  func run() throws {
    try finish(
      PlanCommand(
        recipe: try recipe.request(convolution.convolution), json: json, runs: out, withoutData: withoutData
      ).run(.standard))
  }
}
