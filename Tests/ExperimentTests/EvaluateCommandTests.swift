import Experiment
import Foundation
import TestSupport
import Testing

/// `harmonia evaluate`: the same scores as a run that had measured so, without training.
@Suite(.serialized) struct EvaluateCommandTests {
  private let probes = "evaluate=[linear_probe(epochs: 20, batch: 16), linear_probe(shots: 1, epochs: 10), nearest_neighbours(3)]"

  private func evaluate(
    _ tiny: TinyExperiment, run: String = "run", set overrides: [String], recipes: [String] = ["plain"],
    checkpoint: String? = nil, stopped: Bool = false
  ) -> (status: Experiment.ExitStatus, said: Lines) {
    let lines = Lines()
    var command = EvaluateCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, overrides: overrides, recipes: recipes),
      folder: tiny.folder.file(run).path, checkpoint: checkpoint.map { tiny.folder.file($0).path })
    command.shouldStop = { stopped }
    return (command.run(lines.console), lines)
  }

  @Test func theScoresAreThoseOfARunThatMeasuredSo() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"]).run(Lines().console) == .success)
    let trained = try tiny.data("run/plain/checkpoints/last.safetensors")
    let (status, said) = evaluate(tiny, set: [probes])
    #expect(status == .success, "\(said.all)")
    #expect(tiny.command(out: "whole", set: [probes], recipes: ["plain"]).run(Lines().console) == .success)
    #expect(try tiny.data("run/result.json") == tiny.data("whole/result.json"))
    #expect(try tiny.data("run/plain/arm.json") == tiny.data("whole/plain/arm.json"))
    #expect(try tiny.data("run/plain/recipe.resolved") == tiny.data("whole/plain/recipe.resolved"))
    #expect(try tiny.data("run/plain/checkpoints/last.safetensors") == tiny.data("whole/plain/checkpoints/last.safetensors"))
    #expect(try tiny.data("run/plain/checkpoints/last.safetensors") != trained, "its identity is another")
    // It is the run of the recipe as it is now, and no longer of the old one.
    let again = Lines()
    #expect(tiny.command(resume: true, set: [probes], recipes: ["plain"]).run(again.console) == .success)
    #expect(again.all.contains("plain: done before"), "\(again.all)")
    #expect(evaluate(tiny, set: [probes]).status == .success)
    #expect(try tiny.data("run/result.json") == tiny.data("whole/result.json"))
  }

  @Test func anotherTrainingIsRefusedAndNothingIsChanged() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"]).run(Lines().console) == .success)
    let before = try tiny.data("run/plain/arm.json")
    let (status, said) = evaluate(tiny, set: [probes, "optimizer.lr=0.2"])
    #expect(status == .failedRun && said.all.contains("optimizer.lr"), "\(said.all)")
    #expect(said.all.contains("only `evaluate` may differ"))
    #expect(evaluate(tiny, set: ["evaluate=none", "checkpoint=none"]).status == .failedRun)
    #expect(evaluate(tiny, set: [probes], stopped: true).status == .interrupted)
    #expect(evaluate(tiny, run: "nowhere", set: [probes]).said.all.contains("there is no such folder"))
    #expect(evaluate(tiny, set: [probes], recipes: ["harmonious"]).said.all.contains("holds none of these recipes"))
    #expect(try tiny.data("run/plain/arm.json") == before)
  }

  @Test func aRunThatIsNotFinishedIsRefused() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(recipes: ["plain"], stopAfter: 3).run(Lines().console) == .interrupted)
    let (status, said) = evaluate(tiny, set: [probes])
    #expect(status == .failedRun && said.all.contains("not trained to its end"), "\(said.all)")
  }

  @Test func aKeptCheckpointIsMeasuredAndNothingIsWritten() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(set: ["checkpoint=every(2ep)"], recipes: ["plain"]).run(Lines().console) == .success)
    let before = try tiny.data("run/plain/arm.json")
    let kept = "run/plain/checkpoints/epoch-000002.safetensors"
    let (status, said) = evaluate(tiny, set: ["checkpoint=every(2ep)", probes], checkpoint: kept)
    #expect(status == .success && said.out.joined().contains("linear_probe_1shot"), "\(said.all)")
    #expect(try tiny.data("run/plain/arm.json") == before)
    #expect(evaluate(tiny, set: ["checkpoint=every(2ep)", probes], checkpoint: "tiny.recipe").status == .failedRun)
  }
}
