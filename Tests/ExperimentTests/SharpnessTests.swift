import Experiment
import Foundation
import TestSupport
import Testing

/// `rwsam(…)` from the recipe to the result.
@Suite(.serialized) struct SharpnessTests {
  private static let recipes = TinyExperiment.standard + """

    /// around SimCLR
    recipe sharp from plain { method = rwsam(simclr(temperature: 0.5), rho: 0.2, bandwidth: 0.8) }
    /// around all that can be inside, with GH behind
    recipe all from harmonious {
      method = rwsam(bcl(sdclr(focal(temperature: 0.5), prune: 0.5), momentum: 0.5), rho: 0.05, adaptive: false) + gh(
        structure: simplex(classes: 3, dimension: 8), starts: 2ep, prior: momentum_prior(refresh: 1ep),
        sinkhorn: sinkhorn(iterations: 20))
    }

    """

  @Test(arguments: [
    ("rwsam()", "rwSAM (two passes a step, adaptive ascent of 0.5, weights density^−1 at the median distance), SimCLR"),
    ("rwsam(focal(), exponent: 2, bandwidth: 0.5)", "weights density^−2 at bandwidth 0.5), focal (gamma 2.0)"),
    ("rwsam(bcl(sdclr()), rho: 2, adaptive: false)", "rwSAM (two passes a step, ascent of 2, weights density^−1"),
  ])
  func thePlanSaysWhatIsDone(method: String, text: String) throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(try tiny.planText("sharp", set: ["method=\(method)"]).contains(text))
  }

  @Test func theResultIsAnotherThanWithoutIt() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(recipes: ["plain", "sharp"]).run(Lines().console) == .success)
    func losses(_ recipe: String) -> [Double?] {
      MetricsLog.read(tiny.folder.file("run/\(recipe)/metrics.jsonl")).filter { $0.kind == "epoch" }
        .map { $0.values["loss"] }
    }
    #expect(losses("plain").count == 4 && losses("sharp").count == 4 && losses("plain") != losses("sharp"))
    #expect(losses("sharp").allSatisfy { $0?.isFinite == true })
  }

  @Test(arguments: [[4], [6], [2, 7]]) func stoppingAndResumingChangesNothing(stops: [Int]) throws {
    let tiny = try TinyExperiment(Self.recipes)
    for recipe in ["sharp", "all"] {
      let (whole, parts) = ("whole-\(recipe)", "parts-\(recipe)")
      let said = Lines()
      #expect(tiny.command(out: whole, recipes: [recipe]).run(said.console) == .success, "\(said.all)")
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
}
