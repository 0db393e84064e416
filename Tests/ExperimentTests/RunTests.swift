import Experiment
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing

/// Whole runs: from a recipe file to results.
@Suite(.serialized) struct RunTests {
  @Test func aRunLeavesEverythingAndSaysIt() throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    #expect(tiny.command().run(lines.console) == .success, "\(lines.all)")
    for path in [
      "result.json", "report.html", "plain/recipe.resolved", "plain/metrics.jsonl",
      "plain/checkpoints/last.safetensors",
      "plain/checkpoints/epoch-000003.safetensors", "plain/arm.json", "harmonious/arm.json",
    ] {
      #expect(tiny.exists("run/\(path)"), "\(path)")
    }
    let result = try JSONValue(parsing: try tiny.data("run/result.json"))
    let plain = try #require(result["arms"]?["plain"])
    #expect(plain["prior"] == .null)
    #expect(plain["per_class"]?.elements?.count == 3)
    #expect(plain["class_counts"] == .integers([12, 6, 3]))
    for key in ["top1", "many", "medium", "few", "std", "average", "knn", "final_loss"] {
      #expect(plain[key]?.double?.isFinite == true, "\(key)")
    }
    let prior = result["arms"]?["harmonious"]?["prior"]?.elements?.compactMap(\.double) ?? []
    #expect(abs(prior.reduce(0, +) - 1) < 1e-5)
    #expect(lines.out.joined().contains("Medium"))
    #expect(try String(decoding: tiny.data("run/report.html"), as: UTF8.self).contains("harmonious"))

    let records = MetricsLog.read(tiny.folder.file("run/harmonious/metrics.jsonl"))
    #expect(records.count { $0.kind == "step" } == 12)
    #expect(records.filter { $0.kind == "epoch" }.map(\.step) == [3, 6, 9, 12])
    #expect(records.filter { $0.kind == "probe" }.map(\.epoch) == [2, 4])
    for record in records where record.kind == "epoch" {
      let (wait, share) = (record.values["data_wait"] ?? -1, record.values["data_wait_share"] ?? -1)
      #expect(wait >= 0 && (0...1).contains(share), "epoch \(record.epoch): \(wait) s, \(share)")
    }
    #expect(lines.err.count { $0.contains("trained to step 12 in 0:") && $0.contains("waiting for data") } == 2)
    #expect(try !String(decoding: tiny.data("run/result.json"), as: UTF8.self).contains("wait"))
    let cost = try JSONValue(parsing: try tiny.data("run/plain/cost.json"))
    #expect(cost["steps"]?.integer == 12)
    #expect((cost["training_seconds"]?.double ?? 0) > 0 && (cost["measuring_seconds"]?.double ?? 0) > 0)
    #expect((cost["memory_bytes"]?.integer ?? 0) > 1 << 20)
    #expect(lines.err.count { $0.contains("  took 0:") && $0.contains(" of memory") } == 2)
    #expect(records.contains { $0.kind == "prior" && $0.lists["shares"]?.count == 3 })
    #expect(records.filter { $0.kind == "step" }.map { $0.values["gh"] != nil } == (1...12).map { $0 > 6 })
  }

  @Test func theSameSeedGivesTheSameResultByteForByte() throws {
    let tiny = try TinyExperiment()
    for out in ["a", "b"] { #expect(tiny.command(out: out).run(Lines().console) == .success) }
    #expect(try tiny.data("a/result.json") == tiny.data("b/result.json"))
    let checkpoint = "harmonious/checkpoints/last.safetensors"
    #expect(try tiny.data("a/\(checkpoint)") == tiny.data("b/\(checkpoint)"))
  }

  /// 12 steps an arm: stopped in the middle of an epoch, at its end, in the second arm, and twice.
  @Test(arguments: [[1], [4], [3, 3], [17], [20, 1]])
  func stoppingAndResumingChangesNothing(stops: [Int]) throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(out: "whole").run(Lines().console) == .success)
    for (number, stop) in stops.enumerated() {
      let status = tiny.command(out: "parts", resume: number > 0, stopAfter: stop).run(Lines().console)
      #expect(status == .interrupted)
      #expect(!tiny.exists("parts/result.json"))
    }
    let lines = Lines()
    #expect(tiny.command(out: "parts", resume: true).run(lines.console) == .success, "\(lines.all)")
    for path in ["result.json", "plain/checkpoints/last.safetensors", "harmonious/checkpoints/last.safetensors"] {
      #expect(try tiny.data("whole/\(path)") == tiny.data("parts/\(path)"), "\(path)")
    }
    func losses(_ out: String) -> [Double?] {
      MetricsLog.read(tiny.folder.file("\(out)/harmonious/metrics.jsonl")).map { $0.values["loss"] }
    }
    #expect(losses("whole") == losses("parts"))
  }

  @Test func aFolderInUseIsNotWrittenOver() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"]).run(Lines().console) == .success)
    let before = try tiny.data("run/result.json")
    let lines = Lines()
    #expect(tiny.command(recipes: ["plain"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("--resume"))
    #expect(try tiny.data("run/result.json") == before)
  }

  @Test func aFinishedRunHasNothingToResume() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"]).run(Lines().console) == .success)
    let lines = Lines()
    #expect(tiny.command(resume: true).run(lines.console) == .success)
    #expect(lines.all.contains("plain: done before"))
    let arms = try JSONValue(parsing: try tiny.data("run/result.json"))["arms"]
    #expect(arms?.fields?.map(\.name) == ["harmonious", "plain"])
  }

  @Test func resumingAnotherRecipeIsRefusedWithTheDifference() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(stopAfter: 2).run(Lines().console) == .interrupted)
    let lines = Lines()
    #expect(tiny.command(resume: true, set: ["optimizer.momentum=0.5"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("another recipe"))
    #expect(lines.all.contains("note: optimizer.momentum: 0.9 → 0.5"), "\(lines.all)")
  }

  @Test func aFolderOfAnotherFileIsRefused() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"], stopAfter: 2).run(Lines().console) == .interrupted)
    let other = try TinyExperiment(
      TinyExperiment.standard.replacingOccurrences(of: "plain", with: "first")
        .replacingOccurrences(of: "harmonious", with: "second"))
    let lines = Lines()
    let command = RunCommand(
      recipe: RecipeRequest(file: other.recipe.path), out: tiny.folder.file("run").path, resume: true)
    #expect(command.run(lines.console) == .failedRun)
    #expect(lines.all.contains("holds a run of other recipes (plain)"), "\(lines.all)")
    #expect(!tiny.exists("run/first"))
    // Another recipe of the same file may join.
    #expect(tiny.command(resume: true, recipes: ["harmonious"], stopAfter: 1).run(lines.console) == .interrupted)
  }

  @Test func aDamagedCheckpointIsSaidWithTheRemedy() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"], stopAfter: 4).run(Lines().console) == .interrupted)
    let checkpoint = "run/plain/checkpoints/last.safetensors"
    let whole = try tiny.data(checkpoint)
    for length in [0, 100, whole.count - 1] {
      try whole.prefix(length).write(to: tiny.folder.file(checkpoint))
      let lines = Lines()
      #expect(tiny.command(resume: true, recipes: ["plain"]).run(lines.console) == .failedRun)
      #expect(lines.all.contains("last.safetensors: ") && lines.all.contains("delete it"), "\(lines.all)")
    }
    try FileManager.default.removeItem(at: tiny.folder.file(checkpoint))
    #expect(tiny.command(resume: true, recipes: ["plain"]).run(Lines().console) == .success)
  }

  @Test func theNumberOfThreadsChangesNothing() throws {
    let tiny = try TinyExperiment()
    let before = Threads.count
    defer { Threads.count = before }
    for threads in [1, 2] {
      var command = tiny.command(out: "t\(threads)")
      command.threads = threads
      #expect(command.run(Lines().console) == .success)
    }
    for path in ["result.json", "plain/checkpoints/last.safetensors", "harmonious/checkpoints/last.safetensors"] {
      #expect(try tiny.data("t1/\(path)") == tiny.data("t2/\(path)"), "\(path)")
    }
  }

  @Test func aForeignCheckpointIsRefused() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"], stopAfter: 2).run(Lines().console) == .interrupted)
    let other = tiny.command(out: "other", set: ["seed=6"], recipes: ["plain"], stopAfter: 2)
    #expect(other.run(Lines().console) == .interrupted)
    let checkpoint = "plain/checkpoints/last.safetensors"
    try tiny.data("other/\(checkpoint)").write(to: tiny.folder.file("run/\(checkpoint)"))
    let lines = Lines()
    #expect(tiny.command(resume: true, recipes: ["plain"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("belongs to another recipe"))
  }

  @Test func aRateThatIsTooHighStopsWithTheStepTheLineAndTheState() throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    // Each step makes the weights some thousand times larger.
    let command = tiny.command(
      set: ["optimizer.lr=1000", "optimizer.weight_decay=1", "length=20ep"], recipes: ["plain"])
    #expect(command.run(lines.console) == .failedRun)
    #expect(lines.all.contains("not finite in step"), "\(lines.all)")
    #expect(lines.all.contains("E1020") && lines.all.contains("in recipe `plain`"))
    let files = try FileManager.default.contentsOfDirectory(atPath: tiny.folder.file("run/plain/checkpoints").path)
    #expect(files.contains { $0.hasPrefix("not-finite-step-") })
  }

  @Test func theCellsOfASweepAreArms() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard + "\nsweep temperatures from plain { axis method.temperature in [0.2, 0.5] }\n")
    let lines = Lines()
    #expect(tiny.command(set: ["length=4ep"], recipes: ["temperatures"]).run(lines.console) == .success, "\(lines.all)")
    let arms = try JSONValue(parsing: try tiny.data("run/result.json"))["arms"]?.fields ?? []
    #expect(arms.count == 2)
    #expect(arms.allSatisfy { $0.name.hasPrefix("temperatures[") })
    #expect(Set(arms.map { $0.value["identity"]?.text }).count == 2)
    let again = Lines()
    #expect(tiny.command(resume: true, set: ["length=4ep"], recipes: ["temperatures"]).run(again.console) == .success)
    #expect(again.all.components(separatedBy: ": done before").count == 3, "\(again.all)")
  }

  /// Turned vertices, a soft prior and a floor; stopped before, at and after the moment the vertices are turned.
  @Test func robustHarmonizationRunsAndResumesToTheSameBits() throws {
    let text = TinyExperiment.standard.replacingOccurrences(
      of: "prior: momentum_prior(refresh: 1ep)", with: "align: .centres, prior: soft_prior(refresh: 1ep, floor: 1%)")
    let whole = try TinyExperiment(text)
    let said = Lines()
    #expect(whole.command(recipes: ["harmonious"]).run(said.console) == .success, "\(said.all)")
    let expected = try whole.data("run/harmonious/checkpoints/last.safetensors")
    let prior = try #require(try ArmFolder(whole.folder.file("run/harmonious")).finishedResult()?.prior)
    #expect(prior.allSatisfy { $0 > 0.01 / 1.04 } && abs(prior.reduce(0, +) - 1) < 1e-6)
    for steps in [3, 6, 7, 9] {
      let tiny = try TinyExperiment(text)
      #expect(tiny.command(recipes: ["harmonious"], stopAfter: steps).run(Lines().console) == .interrupted)
      let lines = Lines()
      #expect(tiny.command(resume: true, recipes: ["harmonious"]).run(lines.console) == .success, "\(lines.all)")
      #expect(try tiny.data("run/harmonious/checkpoints/last.safetensors") == expected, "stopped after \(steps)")
    }
    let known = try TinyExperiment(
      TinyExperiment.standard.replacingOccurrences(of: "momentum_prior(refresh", with: "true_prior(refresh"))
    #expect(known.command(recipes: ["harmonious"]).run(Lines().console) == .success)
    let shares = try #require(try ArmFolder(known.folder.file("run/harmonious")).finishedResult()?.prior).sorted(by: >)
    #expect(zip(shares, [12, 6, 3]).allSatisfy { abs($0 - $1 / 21) < 1e-6 })
  }

}
