import ArgumentParser
import Experiment

struct InstructionsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run the kernels made for these vector instructions; the machine's best if left out.", valueName: "set"))
  var instructions: BenchInstructions?

  func validate() throws {
    let best = BenchInstructions.best
    guard let instructions, instructions > best else { return }
    throw ValidationError("--instructions is \(instructions.name), which this machine lacks; its best is \(best.name)")
  }
}

extension BenchInstructions: ExpressibleByArgument {
  public init?(argument: String) {
    guard let set = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = set
  }

  public static var allValueStrings: [String] { allCases.map(\.name) }
}
