import ArgumentParser
import Experiment

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure kernels and training steps.",
    discussion: """
        harmonia bench --list
        harmonia bench --filter sinkhorn
        harmonia bench --filter step/resnet18 --json
      """)

  @Option(help: ArgumentHelp("Only the workloads whose name contains this.", valueName: "text"))
  var filter = ""

  @Flag(help: "Print one JSON object a workload.")
  var json = false

  @Flag(help: "Print the names and measure nothing.")
  var list = false

  @OptionGroup var threads: ThreadOption

  func run() throws {
    try finish(BenchCommand(filter: filter, json: json, list: list, threads: threads.threads).run(.standard))
  }
}
