import ArgumentParser
import Experiment

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the runs under a folder, newest first, with their recipes and scores.",
    discussion: """
        harmonia runs
        harmonia runs experiments --json
      """)

  @Argument(help: "The folder.", completion: .directory)
  var folder = "runs"

  @Flag(help: "Print one JSON list.")
  var json = false

  func run() throws { try finish(RunsCommand(folder: folder, json: json).run(.standard)) }
}
