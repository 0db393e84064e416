import ArgumentParser
import Experiment

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure kernels and training steps.",
    discussion: """
        harmonia bench --list
        harmonia bench --filter sinkhorn
        harmonia bench --filter step/resnet18 --json
        harmonia bench --filter step/resnet18 --breakdown
        harmonia bench --roofline
        harmonia bench --filter conv2d --convolution winograd4
        harmonia bench --filter step --instructions avx2
      """)

  @Option(help: ArgumentHelp("Only the workloads whose name contains this.", valueName: "text"))
  var filter = ""

  @Flag(help: "Print one JSON object a workload, or one for the roofline.")
  var json = false

  @Flag(help: "Print the names and measure nothing.")
  var list = false

  @Flag(help: "Show where the time of a repetition goes: a table of kernels, one of convolutions.")
  var breakdown = false

  @Flag(help: "Measure the machine's peaks and each convolution of ResNet-18 against them. Takes no filter.")
  var roofline = false

  @OptionGroup var convolution: ConvolutionOption
  @OptionGroup var instructions: InstructionsOption
  @OptionGroup var threads: ThreadOption

  func validate() throws {
    guard [list, breakdown, roofline].count(where: { $0 }) <= 1 else {
      throw ValidationError("--list, --breakdown and --roofline exclude each other")
    }
    if roofline, !filter.isEmpty { throw ValidationError("--roofline measures a list of its own; leave --filter out") }
  }

  func run() throws {
    if roofline {
      let command = RooflineCommand(json: json, threads: threads.threads, instructions: instructions.instructions)
      return try finish(command.run(.standard))
    }
    let report: BenchCommand.Report = list ? .names : breakdown ? .breakdown : .times
    try finish(
      BenchCommand(
        filter: filter, json: json, report: report, convolution: convolution.convolution, threads: threads.threads,
        instructions: instructions.instructions
      ).run(.standard))
  }
}
