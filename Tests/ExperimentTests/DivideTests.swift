import Experiment
import Foundation
import TensorFiles
import TestSupport
import Testing

/// `dnc(…)` from the recipe to the result.
@Suite(.serialized) struct DivideTests {
  private static let recipes = TinyExperiment.standard + """

    /// plain
    recipe divided from plain {
      length = 8ep
      method = dnc(simclr(temperature: 0.5), clusters: 2)
    }
    /// with all that can be inside, and GH behind
    recipe divided_all from harmonious {
      length = 8ep
      method = dnc(rwsam(bcl(sdclr(prune: 0.5), momentum: 0.5), rho: 0.05), clusters: 3, from: .random) + gh(
        structure: simplex(classes: 3, dimension: 8), starts: 1ep, prior: momentum_prior(refresh: 1ep),
        sinkhorn: sinkhorn(iterations: 20))
    }

    """

  private func problems(_ method: String, set others: [String] = []) throws -> String {
    let tiny = try TinyExperiment(Self.recipes)
    let lines = Lines()
    let command = PlanCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, overrides: ["method=\(method)"] + others, recipes: ["divided"]),
      json: false, runs: tiny.folder.file("runs").path, withoutData: false)
    #expect(command.run(lines.console) != .success)
    return lines.all
  }

  @Test func thePlanShowsTheStages() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let text = try tiny.planText("divided")
    #expect(text.contains("DnC (2 clusters, experts from the base model's weights, one network by distillation), SimCLR"))
    #expect(text.contains("stages     base     4 epochs of "))
    #expect(text.contains("experts  2 × 2 epochs of about "))
    #expect(text.contains("distill  2 epochs of "))
    let stages = try planJSON(tiny)["arms"]?.elements?.first?["stages"]?.elements ?? []
    #expect(stages.compactMap { $0["name"]?.text } == ["base", "expert-1", "expert-2", "distill"])
  }

  private func planJSON(_ tiny: TinyExperiment) throws -> JSONValue {
    let lines = Lines()
    let command = PlanCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, overrides: [], recipes: ["divided"]), json: true,
      runs: tiny.folder.file("runs").path, withoutData: false)
    try #require(command.run(lines.console) == .success, "\(lines.all)")
    return try JSONValue(parsing: Data(lines.out.joined(separator: "\n").utf8))
  }

  @Test func mistakesAreFoundInThePlan() throws {
    #expect(try problems("dnc(clusters: 900)").contains("900 clusters are looked for among"))
    #expect(try problems("dnc(base: 60%, experts: 25%, distill: 15%)").contains("no whole number"))
    #expect(try problems("dnc(base: 50%, experts: 25%, distill: 50%)").contains("come to 125%, not to 100%"))
    #expect(try problems("dnc(dnc())").contains("this is `dnc`"))
    #expect(try problems("sdclr(dnc())").contains("this is `dnc`"))
    #expect(try problems("bcl(dnc())").contains("this is `dnc`"))
    let late = "dnc() + gh(structure: simplex(classes: 3, dimension: 8), starts: 2ep)"
    #expect(try problems(late).contains("GH starts after 2 epochs"))
  }

  /// Stops in every stage and at their edges; what is written is the same to the last bit.
  @Test(arguments: ["divided", "divided_all"]) func stoppingAndResumingChangesNothing(recipe: String) throws {
    let tiny = try TinyExperiment(Self.recipes)
    let said = Lines()
    #expect(tiny.command(out: "whole", recipes: [recipe]).run(said.console) == .success, "\(said.all)")
    let stages = try FileManager.default.contentsOfDirectory(atPath: tiny.folder.file("whole/\(recipe)/stages").path).sorted()
    let experts = recipe == "divided" ? 2 : 3
    #expect(
      stages == ["base", "clusters", "distill"].map { $0 + ".safetensors" }
        + (1...experts).map { "expert-\($0).safetensors" })
    var stops = 0
    for resume in 0..<200 {
      let command = tiny.command(out: "parts", resume: resume > 0, recipes: [recipe], stopAfter: 3)
      let lines = Lines()
      let status = command.run(lines.console)
      if status == .success { break }
      #expect(status == .interrupted, "\(lines.all)")
      stops += 1
    }
    #expect(stops > 6)
    let files = ["result.json", "\(recipe)/checkpoints/last.safetensors"] + stages.map { "\(recipe)/stages/\($0)" }
    for path in files { #expect(try tiny.data("whole/\(path)") == tiny.data("parts/\(path)"), "\(path)") }
    func log(_ run: String) -> [MetricsLog.Record] {
      MetricsLog.read(tiny.folder.file("\(run)/\(recipe)/metrics.jsonl")).filter { $0.kind == "epoch" }
    }
    #expect(log("whole").map(\.epoch) == Array(1...log("whole").count))
    #expect(zip(log("whole"), log("whole").dropFirst()).allSatisfy { $0.step < $1.step })
    #expect(log("whole").map { $0.values["loss"] } == log("parts").map { $0.values["loss"] })
  }

  @Test func clustersCoverTheImagesAndTheStudentIsAnotherNetwork() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(recipes: ["divided"]).run(Lines().console) == .success)
    let stages = tiny.folder.file("run/divided/stages")
    let clusters = try SafeTensors.read(stages.appending(path: "clusters.safetensors")).tensors["clusters"]!.tensor.values
    #expect(Set(clusters) == [0, 1])
    let models = try ["base", "expert-1", "expert-2", "distill"].map {
      try SafeTensors.read(stages.appending(path: "\($0).safetensors")).tensors["backbone.conv1.weight"]!.tensor.values
    }
    #expect(Set(models).count == 4)
  }
}
