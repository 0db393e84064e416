import Experiment
import Foundation
import TestSupport
import Testing

/// A contrastive loss that stays at the value of chance is warned of once, one that falls is not.
@Suite(.serialized) struct ChanceTests {
  private func warnings(_ rate: String) throws -> (said: [String], logged: [String], report: String) {
    let tiny = try TinyExperiment()
    let lines = Lines()
    let command = tiny.command(
      out: "run",
      set: ["length=260ep", "optimizer.lr=\(rate)", "evaluate=none", "checkpoint=none"], recipes: ["plain"])
    #expect(command.run(lines.console) == .success, "\(lines.all)")
    return (
      lines.err.filter { $0.contains("no better than chance") },
      MetricsLog.read(tiny.folder.file("run/plain/metrics.jsonl")).filter { $0.kind == "warning" }.compactMap(\.text),
      String(decoding: try tiny.data("run/report.html"), as: UTF8.self)
    )
  }

  @Test func aRateOfAlmostNothingIsWarnedOfOnce() throws {
    let (said, logged, report) = try warnings("1e-9")
    #expect(said.count == 1 && logged.count == 1)
    #expect(report.contains("no better than chance"))
  }

  @Test func aLossThatFallsIsNot() throws {
    let (said, logged, report) = try warnings("0.1")
    #expect(said.isEmpty && logged.isEmpty && !report.contains("no better than chance"))
  }

  @Test func thePlanSaysTheValue() throws {
    let tiny = try TinyExperiment()
    let value = String(format: "%.3f", log(15.0))
    #expect(try tiny.planText("plain").contains("no better than chance is \(value), of 14 negatives"))
  }
}
