import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct ReplProgramTests {
  @Test func aPipeIsTakenWithoutAPrompt() throws {
    let outcome = try run("let x = 2\nx * 3\n[1,\n2]\n")
    #expect(outcome.status == 0 && outcome.out == "6\n[1, 2]\n" && outcome.err == "", "\(outcome)")
  }

  @Test func anErrorOrAnOpenBracketAtTheEndIsTheStatus() throws {
    let outcome = try run("missing\n1\n")
    #expect(outcome.status == 2 && outcome.out == "1\n" && outcome.err.contains("error[E0201]"), "\(outcome)")
    let open = try run("[1,\n2")
    #expect(open.status == 2 && open.err.contains("error[E0103]"), "\(open)")
    #expect(try run(":quit\nmissing\n").status == 0)
  }

  @Test func aRecipeIsLoadedAndPlanned() throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    var repl = Repl(lines.console)
    repl.take(":load \(tiny.recipe.path)")
    repl.take("recipe longer from plain {")
    repl.take("  length = 8ep")
    repl.take("}")
    repl.take(":plan longer")
    #expect(!repl.hasFailed, "\(lines.all)")
    #expect(lines.out.joined().contains("longer"))
    repl.take(":plan nowhere")
    #expect(repl.hasFailed && lines.all.contains("has no recipe `nowhere`"))
  }

  private func run(_ input: String) throws -> HarmoniaProgram.Outcome {
    let process = Process()
    process.executableURL = HarmoniaProgram.url
    process.arguments = ["repl"]
    let (given, out, err) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (given, out, err)
    try process.run()
    try given.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try given.fileHandleForWriting.close()
    let output = try out.fileHandleForReading.readToEnd() ?? Data()
    let errors = try err.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return HarmoniaProgram.Outcome(
      status: process.terminationStatus, out: String(decoding: output, as: UTF8.self),
      err: String(decoding: errors, as: UTF8.self))
  }
}
