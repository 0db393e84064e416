import Experiment
import Foundation
import TestSupport
import Testing

/// A run whose `length` has grown goes on where its past stays as it was, and only there.
@Suite(.serialized) struct LengtheningTests {
  /// As the standard, with a rate that does not look at the end.
  private static let open = TinyExperiment.standard.replacingOccurrences(
    of: "then cosine(0.1 -> 0.001)", with: "then hold(0.1, until: 2ep) then stairs(0.1, factor: 0.5, at: [1ep, 3ep])")

  private func losses(_ tiny: TinyExperiment, _ path: String) -> [Double?] {
    MetricsLog.read(tiny.folder.file("\(path)/metrics.jsonl")).map { $0.values["loss"] }
  }

  private func probes(_ tiny: TinyExperiment, _ path: String) -> [[String: Double]] {
    MetricsLog.read(tiny.folder.file("\(path)/metrics.jsonl")).filter { $0.kind == "probe" }.map(\.values)
  }

  /// Stopped within an epoch, at the end of one, in the other arm, and not at all; an odd and an even new length.
  @Test(arguments: [1, 4, 17, nil], ["length=6ep", "length=7ep"])
  func aLongerRunIsAsIfItHadBeenSoFromTheStart(stop: Int?, length: String) throws {
    let tiny = try TinyExperiment(Self.open)
    #expect(tiny.command(out: "whole", set: [length]).run(Lines().console) == .success)
    let first = tiny.command(out: "grown", stopAfter: stop).run(Lines().console)
    #expect(first == (stop == nil ? .success : .interrupted))
    let lines = Lines()
    #expect(tiny.command(out: "grown", resume: true, set: [length]).run(lines.console) == .success, "\(lines.all)")
    #expect(lines.all.contains("plain: lengthened from 4 to"), "\(lines.all)")
    for path in [
      "result.json", "plain/checkpoints/last.safetensors", "harmonious/checkpoints/last.safetensors",
      "plain/checkpoints/epoch-000003.safetensors", "plain/checkpoints/epoch-000006.safetensors",
      "plain/recipe.resolved", "plain/arm.json",
    ] {
      #expect(try tiny.data("whole/\(path)") == tiny.data("grown/\(path)"), "\(path)")
    }
    for arm in ["plain", "harmonious"] {
      #expect(losses(tiny, "whole/\(arm)") == losses(tiny, "grown/\(arm)"), "\(arm)")
      #expect(probes(tiny, "whole/\(arm)") == probes(tiny, "grown/\(arm)"), "\(arm)")
    }
  }

  /// The end of 5 epochs is no multiple of 2: what was measured there is not measured by a longer run.
  @Test func aMeasurementThatALongerRunWouldNotMakeIsForgotten() throws {
    let tiny = try TinyExperiment(
      Self.open.replacingOccurrences(of: "[1ep, 3ep]", with: "[1ep]"))
    let command = { (out: String, length: String, resume: Bool) in
      tiny.command(out: out, resume: resume, set: [length], recipes: ["plain"]).run(Lines().console)
    }
    #expect(command("whole", "length=7ep", false) == .success)
    #expect(command("grown", "length=5ep", false) == .success)
    #expect(command("grown", "length=7ep", true) == .success)
    #expect(probes(tiny, "grown/plain").map { $0["epoch"] } == [2, 4, 6, 7])
    #expect(probes(tiny, "whole/plain") == probes(tiny, "grown/plain"))
  }

  @Test func aPastThatWouldBeAnotherIsRefused() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(stopAfter: 7).run(Lines().console) == .interrupted)
    let before = try tiny.data("run/plain/checkpoints/last.safetensors")
    let lines = Lines()
    #expect(tiny.command(resume: true, set: ["length=6ep"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("error[E1025]") && lines.all.contains("length: 4ep → 6ep"), "\(lines.all)")
    #expect(lines.all.contains("optimizer.lr would have been"), "\(lines.all)")
    #expect(lines.all.contains("at epoch 2, which is past"), "\(lines.all)")
    #expect(try before == tiny.data("run/plain/checkpoints/last.safetensors"))
    // With what it was started with it still goes on.
    #expect(tiny.command(resume: true).run(Lines().console) == .success)
  }

  /// The cosine of the standard recipe begins after the first epoch: what lies before is the same for any length.
  @Test func aScheduleThatChangesOnlyAheadIsNoObstacle() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(out: "whole", set: ["length=6ep"], recipes: ["plain"]).run(Lines().console) == .success)
    #expect(tiny.command(out: "grown", recipes: ["plain"], stopAfter: 2).run(Lines().console) == .interrupted)
    let lines = Lines()
    let grown = tiny.command(out: "grown", resume: true, set: ["length=6ep"], recipes: ["plain"])
    #expect(grown.run(lines.console) == .success, "\(lines.all)")
    #expect(try tiny.data("whole/result.json") == tiny.data("grown/result.json"))
  }

  @Test func becomingShorterIsRefused() throws {
    let tiny = try TinyExperiment(Self.open)
    #expect(tiny.command(stopAfter: 2).run(Lines().console) == .interrupted)
    let lines = Lines()
    #expect(tiny.command(resume: true, set: ["length=3ep"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("length: 4ep → 3ep") && lines.all.contains("not become shorter"), "\(lines.all)")
  }

  @Test func aSecondDifferenceIsRefused() throws {
    let tiny = try TinyExperiment(Self.open)
    #expect(tiny.command(stopAfter: 2).run(Lines().console) == .interrupted)
    let lines = Lines()
    #expect(tiny.command(resume: true, set: ["length=6ep", "seed=6"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("seed: 5 → 6") && lines.all.contains("length: 4ep → 6ep"), "\(lines.all)")
  }
}
