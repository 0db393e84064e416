import DataPipeline
import Experiment
import Foundation
import RecipeLanguage
import TensorFiles
import TestSupport
import Testing
import Training

/// What goes wrong while training shows the line of the recipe that configured it.
@Suite(.serialized) struct LateFailureTests {
  /// The plan of the recipe `plain`, without a run.
  private func plan(_ tiny: TinyExperiment, set overrides: [String] = []) throws -> ArmPlan {
    let program = try #require(
      Program.load(
        tiny.recipe.path, catalogue: RecipeCatalogue.shared, overrides: overrides.map { Override($0) }
      ).program)
    return try #require(Planner(program.recipes).plan(Lines().console)?.first)
  }

  private func text(_ failure: LateFailure) -> String { DiagnosticRenderer().text(failure.diagnostic) }

  @Test func sinkhornThatDoesNotConvergeShowsItsIterations() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard.replacingOccurrences(
        of: "sinkhorn(iterations: 20)",
        with: "sinkhorn(\n      iterations: 1, lambda: 0.01, tolerance: 1e-7,\n      require_convergence: true)"))
    let lines = Lines()
    #expect(tiny.command(recipes: ["harmonious"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("error[E1022]: Sinkhorn did not converge in 1 iterations in step "), "\(lines.all)")
    #expect(lines.all.contains("      iterations: 1, lambda: 0.01") && lines.all.contains("at most these"))
    #expect(lines.all.contains("asked for here"), "\(lines.all)")
    // Without the demand the same iterations do.
    let quiet = tiny.command(
      out: "quiet", set: ["method.gh.sinkhorn.require_convergence=false"], recipes: ["harmonious"])
    #expect(quiet.run(Lines().console) == .success)
    // And with enough of them it is met.
    let enough = tiny.command(
      out: "enough", set: ["method.gh.sinkhorn=sinkhorn(iterations: 5000, lambda: 0.5, require_convergence: true)"],
      recipes: ["harmonious"])
    #expect(enough.run(Lines().console) == .success)
  }

  @Test func numbersThatAreNotFiniteShowTheRate() throws {
    let tiny = try TinyExperiment()
    let text = TinyExperiment.standard.replacingOccurrences(
      of: "sgd(lr: ramp(0 -> 0.1, over: 1ep) then cosine(0.1 -> 0.001))", with: "sgd(\n    lr: 1000.0, weight_decay: 1)")
    try Data(text.utf8).write(to: tiny.recipe)
    let lines = Lines()
    #expect(tiny.command(set: ["length=20ep"], recipes: ["plain"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("error[E1020]"), "\(lines.all)")
    #expect(lines.all.contains("    lr: 1000.0, weight_decay: 1)\n"), "\(lines.all)")
    #expect(lines.all.contains("^^^^^^ the rate") && lines.all.contains("--- the temperature"), "\(lines.all)")
    #expect(tiny.exists("run/plain/failure.json"))
  }

  @Test func imagesThatGoMissingShowTheirPath() throws {
    let tiny = try TinyExperiment()
    let plan = try plan(tiny)
    let failure = LateFailure(DataError(tiny.folder.file("test-labels").path, "cannot be read"), plan)
    #expect(text(failure).contains("error[E1021]") && text(failure).contains("test-labels: cannot be read"))
    #expect(text(failure).contains("^^^^^^^^^^^^^ the images"), "\(text(failure))")
    #expect(failure.diagnostic.primary.span.text == "\"test-labels\"")
    #expect(!failure.isOfTheRecipe && !failure.concernsAll)
    // A file below a folder is that folder's.
    let inside = LateFailure(DataError("/elsewhere/picture.png", "is cut short"), plan)
    #expect(inside.diagnostic.primary.span.text == "\"train-images\"")
  }

  @Test func aFullDiskShowsTheCheckpoints() throws {
    let tiny = try TinyExperiment()
    let reason = String(cString: strerror(ENOSPC))
    let error = TensorFileError(URL(filePath: "last.safetensors"), "cannot write 12 bytes: \(reason)", number: ENOSPC)
    let failure = LateFailure(error, try plan(tiny))
    #expect(text(failure).contains("error[E1023]") && text(failure).contains("last.safetensors: cannot write 12 bytes: \(reason)"))
    #expect(text(failure).contains("checkpoint = every(3ep)"), "\(text(failure))")
    #expect(text(failure).contains("free some space, then go on with --resume"))
    #expect(failure.concernsAll)
    // Without a line for checkpoints the recipe itself is shown.
    let plain = LateFailure(error, try plan(tiny, set: ["checkpoint=none"]))
    #expect(plain.diagnostic.code.id == "E1023")
  }

  @Test func aCheckpointThatCannotBeReadShowsTheRecipe() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"], stopAfter: 4).run(Lines().console) == .interrupted)
    try Data("nothing".utf8).write(to: tiny.folder.file("run/plain/checkpoints/last.safetensors"))
    let lines = Lines()
    #expect(tiny.command(resume: true, recipes: ["plain"]).run(lines.console) == .failedRun)
    #expect(lines.all.contains("error[E1024]") && lines.all.contains("recipe plain {"), "\(lines.all)")
    #expect(lines.all.contains("the state of this recipe"), "\(lines.all)")
  }

  @Test func anyOtherReasonNamesTheRecipe() throws {
    let tiny = try TinyExperiment()
    let failure = LateFailure(RunStoreError(URL(filePath: "metrics.jsonl"), "cannot append to it"), try plan(tiny))
    #expect(text(failure).contains("error[E1026]") && text(failure).contains("metrics.jsonl: cannot append"))
    #expect(text(failure).contains("recipe plain {"))
  }

  /// Every code of the plan and the run has a page.
  @Test(arguments: PlanCode.all.map(\.id))
  func everyCodeIsExplained(code: String) {
    let lines = Lines()
    #expect(ExplainCommand(topic: code).run(lines.console) == .success)
    #expect(lines.all.hasPrefix("\(code): "))
    #expect(lines.all.count > 100)
  }
}
