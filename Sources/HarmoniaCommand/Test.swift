import ArgumentParser
import Experiment

struct Test: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the `test` blocks of recipes.",
    discussion: """
      A test computes with the kernels of the library and says what it expects; of an expectation that does not hold, \
      the value of every part is drawn under it:

        test "the simplex is centred" {
          let m = vertices(simplex(classes: 5, dimension: 4))
          expect total(m) ~= 0.0 within 1e-5
        }

        harmonia test my.recipe
        harmonia test Scripts                       all recipes in a folder and below it
        harmonia test Scripts --filter sinkhorn     tests with this in their name
        harmonia test my.recipe --list
        harmonia test my.recipe --json              an object a test, and one that counts

      Tests read files and print; they write files only with --write. The exit status is 1 when a test fails, or when \
      --filter leaves none, and 2 when a file has errors.
      """)

  @Argument(help: "Recipe files, or folders of them.", completion: .file(extensions: ["recipe"]))
  var paths: [String]

  @Option(help: ArgumentHelp("Only tests whose name contains this, in upper or lower case.", valueName: "text"))
  var filter = ""

  @Flag(help: "Print the names and run nothing.")
  var list = false

  @Flag(help: "Print one JSON object a test, one a line, and one that counts them.")
  var json = false

  @Flag(help: "Let tests write files with `save`.")
  var write = false

  @OptionGroup var threads: ThreadOption

  @OptionGroup var limits: LimitOptions

  func run() throws {
    var command = TestCommand(
      paths: paths, filter: filter, json: json, list: list, mayWrite: write, threads: threads.threads)
    command.limits = try limits.limits()
    try finish(command.run(.standard))
  }
}
