import ArgumentParser
import Experiment

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a diagnostic code, with an example and the same mended.",
    discussion: """
        harmonia explain E0203
        harmonia explain             lists the codes
        harmonia doc gh              words of recipes have pages of their own
      """)

  @Argument(help: "A code such as E0203.")
  var topic: String?

  func run() throws { try finish(ExplainCommand(topic: topic).run(.standard)) }
}
