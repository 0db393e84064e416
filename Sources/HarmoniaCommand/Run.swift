import ArgumentParser
import Experiment

struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train the recipes of a file, one after the other, and compare them.",
    discussion: """
      Everything is checked first; training starts only if all of it is right. Ctrl-C saves and stops, a second \
      Ctrl-C stops at once; either way --resume goes on, with the same result to the last bit.

      A file with sweeps goes on by itself: the same command runs what is missing. A cell that fails is recorded and \
      the others go on; one stopped by a file or the disk is tried again the next time, one whose numbers failed only \
      with --retry-failed. Cells and recipes that are the same are run once. `length` may have grown since, where no \
      schedule's past changes.

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

  @Flag(help: "Try cells of sweeps again that failed by their own numbers, which would fail again in the same way.")
  var retryFailed = false

  @OptionGroup var convolution: ConvolutionOption
  @OptionGroup var threads: ThreadOption

  func validate() throws {
    if out?.isEmpty == true { throw ValidationError("--out names no folder") }
  }

  func run() throws {
    try finish(
      RunCommand(
        recipe: try recipe.request(convolution.convolution), out: out, resume: resume, retryFailed: retryFailed,
        threads: threads.threads
      ).run(.standard))
  }
}
