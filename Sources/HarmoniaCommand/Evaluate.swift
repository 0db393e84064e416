import ArgumentParser
import Experiment

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure what has been trained already, by the recipe's `evaluate` as it is now.",
    discussion: """
      Add probes to a recipe after its run, few-shot, transfer or fine-tuning, and measure the networks without training \
      them again. Results, report and tables are written anew, and the run is then one of the recipe as it is now. Whatever \
      else differs from what was trained is refused, field by field. Ctrl-C stops; the same command goes on, recipe by recipe \
      and within fine-tuning.

        harmonia evaluate my.recipe --run runs/my
        harmonia evaluate my.recipe --run runs/my --set 'evaluate=[linear_probe(), linear_probe(shots: 100)]'
        harmonia evaluate my.recipe --run runs/my --recipe simclr_gh \\
          --checkpoint runs/my/simclr_gh/checkpoints/epoch-000200.safetensors
      """)

  @OptionGroup var recipe: RecipeOptions

  @Option(
    name: .customLong("run"), help: ArgumentHelp("The run's folder.", valueName: "dir"), completion: .directory)
  var folder: String

  @Option(
    help: ArgumentHelp("Measure this state that was kept on the way; prints the scores and writes nothing.", valueName: "file"),
    completion: .file())
  var checkpoint: String?

  @Flag(help: "Measure also those that have been measured by this very recipe.")
  var again = false

  @OptionGroup var threads: ThreadOption

  func run() throws {
    try finish(
      EvaluateCommand(
        recipe: try recipe.request(), folder: folder, checkpoint: checkpoint, again: again, threads: threads.threads
      ).run(.standard))
  }
}
