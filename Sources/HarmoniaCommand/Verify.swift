import ArgumentParser
import Experiment

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the library with golden cases computed by other programs.",
    discussion: """
      Prints a line for each case that fails, and `N passed, N failed, N skipped` last.

        harmonia verify Fixtures/golden
        harmonia verify sinkhorn_00.safetensors conv2d_03.safetensors
      """)

  @Argument(help: "Cases, or folders of cases.", completion: .file(extensions: ["safetensors"]))
  var paths: [String]

  @OptionGroup var threads: ThreadOption

  func run() throws { try finish(VerifyCommand(paths: paths, threads: threads.threads).run(.standard)) }
}
