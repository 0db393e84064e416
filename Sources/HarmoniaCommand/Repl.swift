import ArgumentParser
import Experiment

struct Repl: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Try declarations and expressions of recipes, one after the other.",
    discussion: """
        harmonia repl
        harmonia repl my.recipe                   with everything my.recipe declares
        echo 'vertices(simplex(classes: 3, dimension: 4))' | harmonia repl

      `:help` lists the commands: `:type EXPR`, `:doc WORD`, `:plan [RECIPE]`, `:load FILE` and so on. Lines from \
      a pipe are taken without a prompt; the exit status then says whether any had an error.
      """)

  @Argument(help: "A recipe file to load first.", completion: .file(extensions: ["recipe"]))
  var file: String?

  func run() throws { try finish(ReplCommand(file: file).run(.standard)) }
}
