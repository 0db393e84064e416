import Experiment
import Foundation
import TestSupport
import Testing

/// Signals to the program as a whole, while it plans, trains and measures: it ends soon, says so, and what it leaves is gone
/// on with to the same bits.
@Suite(.serialized) struct SignalTests {
  private struct Started {
    let process: Process
    let err: Pipe

    func wait(until done: () -> Bool) {
      while process.isRunning, !done() { usleep(5000) }
    }

    func ended() throws -> (status: Int32, err: String) {
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: try err.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self))
    }
  }

  private func start(_ tiny: TinyExperiment, _ arguments: String...) throws -> Started {
    let process = Process()
    process.executableURL = HarmoniaProgram.url
    process.arguments = arguments
    process.currentDirectoryURL = tiny.folder.url
    let err = Pipe()
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, err)
    try process.run()
    return Started(process: process, err: err)
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP]) func trainingIsSavedAndGoesOn(signal: Int32) throws {
    let tiny = try TinyExperiment()
    let long = ["--set", "length=200ep", "--set", "evaluate=every(2ep, linear_probe(epochs: 100, batch: 16))"]
    let run = try start(tiny, "run", "tiny.recipe", "--recipe", "plain", "--out", "run", long[0], long[1], long[2], long[3])
    run.wait { MetricsLog.read(tiny.folder.file("run/plain/metrics.jsonl")).count > 20 }
    kill(run.process.processIdentifier, signal)
    let (status, said) = try run.ended()
    #expect(status == Experiment.ExitStatus.interrupted.rawValue, "\(said)")
    #expect(said.contains("SIG") && said.contains("--resume"), "\(said)")
  }

  @Test func whatHasNothingToSaveEndsWithTheSignalsNumber() throws {
    let tiny = try TinyExperiment("edition 1\ntest \"long\" {\n  for i in range(900000) { let m = filled(1, rows: 200) }\n}\n")
    let run = try start(tiny, "test", "tiny.recipe")
    usleep(300_000)
    guard run.process.isRunning else { return }
    kill(run.process.processIdentifier, SIGTERM)
    let (status, said) = try run.ended()
    #expect([128 + SIGTERM, SIGTERM].contains(status), "\(status) \(said)")
  }
}
