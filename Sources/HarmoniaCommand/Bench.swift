import ArgumentParser
import Experiment

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure kernels and training steps.",
    discussion: """
        harmonia bench --list
        harmonia bench sinkhorn
        harmonia bench step/resnet18 --json
        harmonia bench step/resnet18_b64_32 --breakdown
        harmonia bench --roofline
        harmonia bench conv2d --convolution winograd4
        harmonia bench step --instructions avx2
      """)

  @Argument(help: ArgumentHelp("Only the workloads whose name contains this.", valueName: "text"))
  var workload: String?

  @Option(help: ArgumentHelp("The same, as an option.", valueName: "text"))
  var filter: String?

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
    if let workload, let filter {
      throw ValidationError("two names, '\(workload)' and '\(filter)' by --filter; give one")
    }
    if roofline, let name = workload ?? filter, !name.isEmpty {
      throw ValidationError("--roofline measures a list of its own; leave '\(name)' out")
    }
  }

  func run() throws {
    if roofline {
      let command = RooflineCommand(json: json, threads: threads.threads, instructions: instructions.instructions)
      return try finish(command.run(.standard))
    }
    let report: BenchCommand.Report = list ? .names : breakdown ? .breakdown : .times
    try finish(
      BenchCommand(
        filter: workload ?? filter ?? "", json: json, report: report, convolution: convolution.convolution, threads: threads.threads,
        instructions: instructions.instructions
      ).run(.standard))
  }
}
