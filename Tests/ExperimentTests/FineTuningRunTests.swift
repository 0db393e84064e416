import Experiment
import Foundation
import Kernels
import TestSupport
import Testing
import Training

/// `fine_tuning(…)` from the recipe to the result.
@Suite(.serialized) struct FineTuningRunTests {
  private static let recipes = TinyExperiment.standard + """

    /// three of them
    recipe tuned from plain {
      evaluate = [
        linear_probe(epochs: 20, batch: 16), fine_tuning(epochs: 8, batch: 16, lr: 0.05),
        fine_tuning(epochs: 8, batch: 16, lr: 0.05, from: .scratch), fine_tuning(epochs: 2, batch: 16, tau: 0)]
    }

    """

  private func result(_ tiny: TinyExperiment, _ run: String) throws -> ArmResult {
    try JSONDecoder().decode(ArmResult.self, from: try tiny.data("\(run)/tuned/arm.json"))
  }

  @Test func threeTuningsGiveScoresOfTheirOwnAndLeaveTheNetwork() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let lines = Lines()
    #expect(tiny.command(recipes: ["tuned"]).run(lines.console) == .success, "\(lines.all)")
    let found = try result(tiny, "run")
    #expect(found.others.map(\.name) == ["fine_tuning", "fine_tuning_scratch", "fine_tuning_2"])
    for other in found.others {
      #expect(other.scores.perClass.count == 3 && other.scores.perClass.allSatisfy { (0...100).contains($0) })
    }
    // Three classes of plain colours are learnt from labels.
    #expect(found.others[0].scores.top1 > 50, "\(found.others[0].scores.top1)")
    #expect(lines.all.contains("fine_tuning_scratch"))
    #expect(tiny.command(out: "without", set: ["evaluate=linear_probe(epochs: 20, batch: 16)"], recipes: ["tuned"])
      .run(Lines().console) == .success)
    #expect(found.scores == (try result(tiny, "without")).scores)
    let left = try FileManager.default.contentsOfDirectory(atPath: tiny.folder.file("run/tuned").path)
    #expect(!left.contains { $0.hasPrefix("tuning") }, "\(left)")
    #expect(found.others[0].scores != found.others[1].scores)
    let weights = try ["run", "without"].map {
      try Checkpoint(contentsOf: tiny.folder.file("\($0)/tuned/checkpoints/last.safetensors")).model
    }
    #expect(weights[0] == weights[1])
  }

  @Test func stoppingAndResumingChangesNothing() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(out: "whole", recipes: ["tuned"]).run(Lines().console) == .success)
    var stops = 0
    for resume in 0..<200 {
      let status = tiny.command(out: "parts", resume: resume > 0, recipes: ["tuned"], stopAfter: 23).run(Lines().console)
      if status == .success { break }
      #expect(status == .interrupted)
      stops += 1
    }
    #expect(stops > 2)
    #expect(try tiny.data("whole/result.json") == tiny.data("parts/result.json"))
  }

  /// Stopped within the tuning of a kept state: the last state's is none that goes on from there.
  @Test func theStateOfAnotherNetworkIsNotGoneOnWith() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(out: "whole", recipes: ["tuned"]).run(Lines().console) == .success)
    let probe = "evaluate=linear_probe(epochs: 20, batch: 16)"
    #expect(tiny.command(set: [probe], recipes: ["tuned"]).run(Lines().console) == .success)
    let asked = Counter()
    let recipe = RecipeRequest(file: tiny.recipe.path, recipes: ["tuned"])
    var command = EvaluateCommand(
      recipe: recipe, folder: tiny.folder.file("run").path,
      checkpoint: tiny.folder.file("run/tuned/checkpoints/epoch-000003.safetensors").path)
    command.shouldStop = { asked.next() > 12 }
    #expect(command.run(Lines().console) == .interrupted)
    #expect(tiny.exists("run/tuned/tuning/fine_tuning/last.safetensors"))
    command = EvaluateCommand(recipe: recipe, folder: tiny.folder.file("run").path)
    command.shouldStop = { false }
    #expect(command.run(Lines().console) == .success)
    #expect(try tiny.data("whole/result.json") == tiny.data("run/result.json"))
    #expect(!tiny.exists("run/tuned/tuning"))
    let lines = Lines()
    #expect(command.run(lines.console) == .success && lines.all.contains("measured so before"))
    command.again = true
    let anew = Lines()
    #expect(command.run(anew.console) == .success && !anew.all.contains("measured so before"))
    #expect(try tiny.data("whole/result.json") == tiny.data("run/result.json"))
  }

  @Test func labelsAreNeeded() throws {
    let text = Self.recipes.replacingOccurrences(of: ", labels: \"train-labels\"", with: "")
      .replacingOccurrences(of: ", test_labels: \"test-labels\"", with: "")
      .replacingOccurrences(of: "  .long_tail(imbalance: 4)\n", with: "")
    let lines = Lines()
    let tiny = try TinyExperiment(text)
    #expect(tiny.command(recipes: ["tuned"]).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("`fine_tuning` needs labels"), "\(lines.all)")
  }

  @Test func sameScoresForAnyNumberOfThreads() throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    let found = try [1, 3].map { count -> Data in
      Threads.count = count
      let tiny = try TinyExperiment(Self.recipes)
      #expect(tiny.command(recipes: ["tuned"]).run(Lines().console) == .success)
      return try tiny.data("run/result.json")
    }
    #expect(found[0] == found[1])
  }

  @Test func mistakesAreFoundInThePlan() throws {
    func problems(_ evaluate: String) throws -> String {
      let tiny = try TinyExperiment(Self.recipes)
      let lines = Lines()
      let command = PlanCommand(
        recipe: RecipeRequest(file: tiny.recipe.path, overrides: ["evaluate=\(evaluate)"], recipes: ["tuned"]), json: false,
        runs: tiny.folder.file("runs").path, withoutData: false)
      #expect(command.run(lines.console) != .success)
      return lines.all
    }
    #expect(try problems("every(1ep, fine_tuning())").contains("`fine_tuning` is a training of its own"))
    #expect(try problems("fine_tuning(tau: -1)").contains("tau"))
    #expect(try problems("fine_tuning(epochs: 0)").contains("epochs"))
    #expect(try problems("fine_tuning(from: .nothing)").contains("nothing"))
  }

  @Test func thePlanCountsItsTime() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let text = try tiny.planText("tuned")
    #expect(text.contains("by linear_probe, fine_tuning, fine_tuning_scratch, fine_tuning_2"))
    #expect(text.contains("fine_tuning_scratch: 8 epochs in batches of 16 from random weights, tau 1.0"))
  }
}
