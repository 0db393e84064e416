import ArgumentParser
import Experiment

struct Fmt: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Set recipe files in the one style of the language.",
    discussion: """
      Two spaces of indentation, lines of at most 100 columns, a statement a line, at most one blank line between \
      things, no comma before a closing bracket. Every comment stays where it is, and what the recipe means does not \
      change: the new text is read again and compared before it replaces the old one, at once and whole. A file with \
      errors of syntax is left alone.

        harmonia fmt my.recipe                 rewrite the file, if it changes
        harmonia fmt --check Scripts/*.recipe  list files that would change, and fail if there are any
        harmonia fmt --diff my.recipe          show what would change
        harmonia fmt - < my.recipe             from standard input to standard output

      You choose a few breaks: a bracket whose content starts on a new line keeps a line for each element, and \
      `then` and `.method( )` that start a line keep theirs. All else is joined where it fits.
      """)

  @Argument(
    help: ArgumentHelp("Recipe files, or - for standard input.", valueName: "file"),
    completion: .file(extensions: ["recipe"]))
  var files: [String]

  @Flag(help: "Write nothing; list the files that would change and exit with status 1 if there are any.")
  var check = false

  @Flag(help: "Write nothing; show what would change.")
  var diff = false

  @OptionGroup var limits: LimitOptions

  func run() throws {
    try finish(FormatCommand(files: files, check: check, diff: diff, limits: limits.limits()).run(.standard))
  }
}
