import ArgumentParser
import Experiment
import Foundation
import VisibleText

@main enum Harmonia {
  static func main() {
    Interruption.shared.install()
    HarmoniaCommand.main()
  }
}

struct HarmoniaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "harmonia",
    abstract: "Learns image representations from unlabelled, long-tailed data.",
    discussion: """
      SimCLR, focal, SDCLR, BCL, rwSAM, DnC and SimSiam, each with or without Geometric Harmonization, driven by recipes:

        harmonia check my.recipe            all mistakes at once
        harmonia fmt my.recipe              set it in the one style
        harmonia test my.recipe             its `test` blocks
        harmonia plan my.recipe             what a run would do
        harmonia diff a.recipe b.recipe     what differs in meaning
        harmonia run my.recipe              train, compare, report
        harmonia run my.recipe --resume     go on after a stop
        harmonia evaluate my.recipe --run runs/my    measure again by other probes
        harmonia runs                       what has been run, with scores
        harmonia embed runs/my/simclr_gh photos --to photos.npy
        harmonia repl                       try the language
        harmonia doc gh                     what a word means

      Scripts/quickstart.recipe is a first one to try.

      Exit status: \(ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: "; ")); \
      64 the command line is wrong; 128 and a signal's number where it stopped what had nothing to save. A signal (SIGINT, \
      SIGTERM, SIGHUP) ends a command within the step of training it meets, a second one at once.
      """,
    version: HarmoniaVersion.text,
    subcommands: [
      Run.self, Evaluate.self, Check.self, Test.self, Fmt.self, Plan.self, Diff.self, Runs.self, Embed.self, Verify.self, Bench.self,
      Doc.self, Explain.self, LanguageServer.self, Repl.self,
    ])

  /// As `ParsableArguments` does it, but that what was on the command line is shown on one line and steers no terminal.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let status = exitCode(for: error)
      var text = fullMessage(for: error)
      for piece in CommandLine.arguments.dropFirst().flatMap({ [$0] + $0.split(separator: "=", maxSplits: 1).map(String.init) })
      where piece.visible != piece.visibleLine {
        text = text.replacing(piece, with: piece.visibleLine)
      }
      if !text.isEmpty { status.isSuccess ? Console.standard.out(text) : Console.standard.err(text) }
      Foundation.exit(status.rawValue)
    }
  }
}

/// Ends the process with what a command returned; a success whose output was lost is none.
func finish(_ status: ExitStatus) throws {
  if let reason = Console.lostOutput {
    Console.standard.err("error: standard output: \(reason)")
    if status == .success { throw ExitCode(ExitStatus.failedRun.rawValue) }
  }
  if status != .success { throw ExitCode(status.rawValue) }
}
