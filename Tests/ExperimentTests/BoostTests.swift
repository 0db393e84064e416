import Experiment
import Foundation
import TensorFiles
import TestSupport
import Testing

/// `bcl(…)` from the recipe to the result.
@Suite(.serialized) struct BoostTests {
  private static let recipes = TinyExperiment.standard + """

    /// harder views for hard images
    recipe boosted from plain { method = bcl(simclr(temperature: 0.5), momentum: 0.5) }
    /// on a pruned branch
    recipe pruned from plain { method = bcl(sdclr(simclr(temperature: 0.5), prune: 0.5)) }
    /// with GH behind
    recipe both from harmonious {
      method = bcl(focal(temperature: 0.5)) + gh(
        structure: simplex(classes: 3, dimension: 8), starts: 2ep, prior: momentum_prior(refresh: 1ep),
        sinkhorn: sinkhorn(iterations: 20))
    }

    """

  @Test(arguments: [
    ("bcl()", "BCL (1 operation a view at strength 10…30, by the image's weight; in the first epoch none), SimCLR"),
    ("bcl(sdclr())", "BCL (up to 2 operations a view at strength 5…30, scaled at random, by the image's weight"),
    ("bcl(focal(), variant: .damaging)", "BCL (up to 2 operations a view at strength 5…30, scaled at random"),
    ("bcl(sdclr(), variant: .identity)", "BCL (1 operation a view at strength 10…30, by"),
    ("bcl(variant: .damaging, operations: 3, min_strength: 0, max_strength: 20)", "up to 3 operations a view at strength 0…20"),
    ("bcl(max_strength: 4)", "1 operation a view at strength 4…4"),
  ])
  func thePlanSaysWhatIsDone(method: String, text: String) throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(try tiny.planText("boosted", set: ["method=\(method)"]).contains(text))
  }

  @Test func aRunOfOneEpochIsWarnedOf() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let one = ["length=1ep", "evaluate=none", "checkpoint=none", "optimizer.lr=0.1"]
    #expect(try tiny.planText("boosted", set: one).contains("W1013"))
    #expect(try !tiny.planText("boosted").contains("W1013"))
  }

  @Test func theFirstEpochIsThatOfTheMethodInside() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(recipes: ["plain", "boosted"]).run(Lines().console) == .success)
    func losses(_ recipe: String) -> [Double?] {
      MetricsLog.read(tiny.folder.file("run/\(recipe)/metrics.jsonl")).filter { $0.kind == "epoch" }
        .map { $0.values["loss"] }
    }
    let (plain, boosted) = (losses("plain"), losses("boosted"))
    #expect(plain[0] == boosted[0] && plain[0] != nil)
    #expect(plain[1] != boosted[1])
  }

  @Test func weightsStandInTheLog() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(recipes: ["boosted"]).run(Lines().console) == .success)
    let epochs = MetricsLog.read(tiny.folder.file("run/boosted/metrics.jsonl")).filter { $0.kind == "epoch" }
    #expect(epochs.count == 4)
    let last = try SafeTensors.read(tiny.folder.file("run/boosted/checkpoints/last.safetensors"))
    let weights = try #require(last.tensors["method.memorization.weight"]).doubles
    #expect(weights.count == 21 && weights.allSatisfy { (0...1).contains($0) } && Set(weights).count > 10)
    let (mean, largest) = (epochs[3].values["sample_weight_mean"] ?? -1, epochs[3].values["sample_weight_max"] ?? -1)
    #expect(abs(mean - weights.reduce(0, +) / 21) < 1e-9 && abs(largest - weights.max()!) < 1e-9)
  }

  /// 12 steps an arm, 3 an epoch: stopped within an epoch, before its end is worked up, at its end, and twice.
  @Test(arguments: [[4], [6], [7], [2, 6], [11]])
  func stoppingAndResumingChangesNothing(stops: [Int]) throws {
    let tiny = try TinyExperiment(Self.recipes)
    for recipe in ["boosted", "pruned", "both"] {
      let (whole, parts) = ("whole-\(recipe)", "parts-\(recipe)")
      #expect(tiny.command(out: whole, recipes: [recipe]).run(Lines().console) == .success)
      for (number, stop) in stops.enumerated() {
        let status = tiny.command(out: parts, resume: number > 0, recipes: [recipe], stopAfter: stop).run(Lines().console)
        #expect(status == .interrupted)
      }
      let lines = Lines()
      #expect(tiny.command(out: parts, resume: true, recipes: [recipe]).run(lines.console) == .success, "\(lines.all)")
      for path in ["result.json", "\(recipe)/checkpoints/last.safetensors"] {
        #expect(try tiny.data("\(whole)/\(path)") == tiny.data("\(parts)/\(path)"), "\(path) after \(stops)")
      }
    }
  }

  /// By the program and signals, as people do it.
  @Test func interruptedFromOutsideItGoesOnBitForBit() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let set = ["--recipe", "boosted", "--set", "length=300ep", "--set", "evaluate=none", "--set", "checkpoint=none"]
    func program(_ more: [String]) throws -> Process {
      let process = Process()
      process.executableURL = HarmoniaProgram.url
      process.arguments = ["run", tiny.recipe.path] + set + more
      (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
      try process.run()
      return process
    }
    let (whole, parts) = (tiny.folder.file("whole").path, tiny.folder.file("parts").path)
    let first = try program(["--out", whole])
    first.waitUntilExit()
    #expect(first.terminationStatus == 0)

    // Stopped once it has taken some steps of the second epoch, wherever it is then.
    let log = tiny.folder.file("parts/boosted/metrics.jsonl")
    let stopped = try program(["--out", parts])
    while stopped.isRunning, MetricsLog.read(log).count(where: { $0.kind == "step" }) < 5 { usleep(500) }
    stopped.interrupt()
    stopped.waitUntilExit()
    #expect(stopped.terminationStatus != 0, "finished before it was stopped")
    let last = try program(["--out", parts, "--resume"])
    last.waitUntilExit()
    #expect(last.terminationStatus == 0)
    let checkpoint = "boosted/checkpoints/last.safetensors"
    #expect(try tiny.data("whole/\(checkpoint)") == tiny.data("parts/\(checkpoint)"))
  }
}
