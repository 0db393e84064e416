import Experiment
import Foundation
import TestSupport
import Testing

/// `simsiam()` from the recipe to the result.
@Suite(.serialized) struct SimSiamRunTests {
  private static let recipes = TinyExperiment.standard + """

    /// alone
    recipe siam from plain { method = simsiam() }
    /// in all that it can be in, with GH behind
    recipe siam_all from harmonious {
      method = rwsam(bcl(simsiam(hidden: 5), momentum: 0.5), rho: 0.05) + gh(
        structure: simplex(classes: 3, dimension: 8), starts: 2ep, prior: momentum_prior(refresh: 1ep),
        sinkhorn: sinkhorn(iterations: 20))
    }

    """

  @Test func thePlanSaysWhatIsDone() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(try tiny.planText("siam").contains("SimSiam, predictor 8 → 2 → 8"))
    #expect(try tiny.planText("siam", set: ["method=simsiam(hidden: 9)"]).contains("SimSiam, predictor 8 → 9 → 8"))
  }

  /// The parameters and the checkpoint of a plan have the predictor in them: 8 → 2 → 8 with 44 weights.
  @Test func thePlanCountsThePredictor() throws {
    let tiny = try TinyExperiment(Self.recipes)
    func parameters(_ recipe: String) throws -> Int {
      let text = try tiny.planText(recipe)
      let line = try #require(text.split(separator: "\n").first { $0.contains(" parameters; ") })
      let before = try #require(line.components(separatedBy: " parameters; ").first)
      return try #require(Int(String((before.split(separator: " ").last ?? "").filter(\.isNumber))))
    }
    #expect(try parameters("siam") == parameters("plain") + 44)
  }

  @Test func aPrunedSimSiamIsRefused() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let lines = Lines()
    let command = PlanCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, overrides: ["method=sdclr(simsiam())"], recipes: ["siam"]), json: false,
      runs: tiny.folder.file("runs").path, withoutData: false)
    #expect(command.run(lines.console) != .success)
    #expect(lines.all.contains("`sdclr` is built on a contrastive loss, and this is `simsiam`"))
  }

  @Test(arguments: ["siam", "siam_all"]) func stoppingAndResumingChangesNothing(recipe: String) throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(out: "whole", recipes: [recipe]).run(Lines().console) == .success)
    for (number, stop) in [2, 7].enumerated() {
      let status = tiny.command(out: "parts", resume: number > 0, recipes: [recipe], stopAfter: stop).run(Lines().console)
      #expect(status == .interrupted)
    }
    #expect(tiny.command(out: "parts", resume: true, recipes: [recipe]).run(Lines().console) == .success)
    for path in ["result.json", "\(recipe)/checkpoints/last.safetensors"] {
      #expect(try tiny.data("whole/\(path)") == tiny.data("parts/\(path)"))
    }
    let losses = MetricsLog.read(tiny.folder.file("whole/\(recipe)/metrics.jsonl")).filter { $0.kind == "epoch" }
      .compactMap { $0.values["loss"] }
    #expect(losses.count == 4 && losses.allSatisfy { $0.isFinite })
  }
}
