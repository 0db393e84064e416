import ArgumentParser
import Experiment

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Explain a diagnostic code, or a word of recipes.",
    discussion: """
        harmonia explain E0203
        harmonia explain gh
        harmonia explain             lists words and codes
      """)

  @Argument(help: "A code such as E0203, or a word such as gh.")
  var topic: String?

  func run() throws { try finish(ExplainCommand(topic: topic).run(.standard)) }
}
