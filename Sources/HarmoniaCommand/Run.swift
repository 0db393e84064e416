import ArgumentParser
import Experiment

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train the recipes of a file, one after the other, and compare them.",
    discussion: """
      Everything is checked first; training starts only if all of it is right. Ctrl-C saves and stops, a second \
      Ctrl-C stops at once; either way --resume goes on, with the same result to the last bit.

        harmonia run Scripts/quickstart.recipe
        harmonia run my.recipe --out runs/first --set seed=1 --set length=20ep
        harmonia run my.recipe --recipe simclr_gh
        harmonia run my.recipe --set model.precision=.exact
        harmonia run my.recipe --out runs/first --resume
      """)

  @OptionGroup var recipe: RecipeOptions

  @Option(
    help: ArgumentHelp("The run's folder; runs/NAME, or runs/NAME-2 and so on, if left out.", valueName: "dir"),
    completion: .directory)
  var out: String?

  @Flag(help: "Go on with a run that was stopped; finished recipes are not run again.")
  var resume = false

  @OptionGroup var convolution: ConvolutionOption
  @OptionGroup var threads: ThreadOption

  func validate() throws {
    if out?.isEmpty == true { throw ValidationError("--out names no folder") }
  }

  func run() throws {
    try finish(
      RunCommand(
        recipe: try recipe.request(convolution.convolution), out: out, resume: resume, threads: threads.threads
      ).run(.standard))
  }
}
