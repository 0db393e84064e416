import Experiment
import Foundation
import Kernels
import TensorFiles
import TestSupport
import Testing
import Training

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
    #expect(text.contains("DnC (2 clusters, experts from the base model's weights, one network by distillation from random weights), SimCLR"))
    #expect(text.contains("stages     base     4 epochs of "))
    #expect(text.contains("experts  2 × 2 epochs of about "))
    #expect(text.contains("distill  2 epochs of "))
    #expect(text.contains("each stage's last one kept"))
    let stages = try planJSON(tiny)["arms"]?.elements?.first?["stages"]?.elements ?? []
    #expect(stages.compactMap { $0["name"]?.text } == ["base", "expert-1", "expert-2", "distill"])
  }

  /// Two of the same network and batch, that differ in the regressions: each is measured by itself.
  @Test func theRegressionsCountAmongTheParameters() throws {
    let tiny = try TinyExperiment(
      Self.recipes + "recipe wide from divided {\n  method = dnc(simclr(temperature: 0.5), clusters: 2, hidden: 40)\n}\n")
    let arms = try planJSON(tiny, recipes: ["divided", "wide"])["arms"]?.elements ?? []
    let counts = arms.compactMap { $0["parameters"]?.integer }
    try #require(counts.count == 2)
    // Three regressions of 8 → hidden → 8 with a scale and a shift for each hidden unit, and a shift at the end.
    #expect(counts[1] - counts[0] == 3 * (40 - 8) * (8 + 8 + 2))
  }

  private func planJSON(_ tiny: TinyExperiment, recipes: [String] = ["divided"]) throws -> JSONValue {
    let lines = Lines()
    let command = PlanCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, overrides: [], recipes: recipes), json: true,
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
    // Clusters of ten images have the steps; one of two images would not.
    let steps = try problems("dnc(clusters: 2)", set: ["optimizer.lr=ramp(0 -> 0.1, over: 3step) then hold(0.1)", "data.batch=4"])
    #expect(steps.contains("E1004") && steps.contains("in a cluster of two images each is one step"), "\(steps)")
  }

  @Test func aWarningOfAllStagesIsGivenOnce() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let text = try tiny.planText("divided", set: ["data.batch=64"])
    #expect(text.components(separatedBy: "W1015").count == 2, "\(text)")
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
    // Few steps at a time, in two rhythms; what is measured after the last stage is done in one go.
    var stops: [String] = []
    for (out, asked) in [("parts", [3]), ("others", [2, 2, 2, 6])] {
      for resume in 0..<200 {
        let isTrained = tiny.exists("\(out)/\(recipe)/stages/distill.safetensors")
        let command = tiny.command(
          out: out, resume: resume > 0, recipes: [recipe], stopAfter: isTrained ? 10_000 : asked[resume % asked.count])
        let lines = Lines()
        let status = command.run(lines.console)
        if status == .success { break }
        #expect(status == .interrupted, "\(lines.all)")
        let state = try Checkpoint(contentsOf: RunFolder(tiny.folder.file(out)).arm(recipe).lastCheckpoint)
        stops.append("\(state.identity.split(separator: " ")[1]) \(state.moment.step == 0 ? "at its start" : "inside")")
      }
    }
    for stage in stages where stage != "clusters.safetensors" {
      #expect(stops.contains("\(stage.dropLast(".safetensors".count)) inside"), "\(stops)")
    }
    #expect(stops.contains { $0.hasSuffix("at its start") && !$0.hasPrefix("base") }, "\(stops)")
    let files = ["result.json", "\(recipe)/checkpoints/last.safetensors"] + stages.map { "\(recipe)/stages/\($0)" }
    for (path, out) in files.flatMap({ [($0, "parts"), ($0, "others")] }) {
      #expect(try tiny.data("whole/\(path)") == tiny.data("\(out)/\(path)"), "\(out)/\(path)")
    }
    func log(_ run: String) -> [MetricsLog.Record] {
      MetricsLog.read(tiny.folder.file("\(run)/\(recipe)/metrics.jsonl")).filter { $0.kind == "epoch" }
    }
    #expect(log("whole").map(\.epoch) == Array(1...log("whole").count))
    #expect(zip(log("whole"), log("whole").dropFirst()).allSatisfy { $0.step < $1.step })
    #expect(log("whole").map { $0.values["loss"] } == log("parts").map { $0.values["loss"] })
    #expect(log("whole").map { $0.values["loss"] } == log("others").map { $0.values["loss"] })
    let probes = MetricsLog.read(tiny.folder.file("whole/\(recipe)/metrics.jsonl")).filter { $0.kind == "probe" }
    #expect(probes.map(\.epoch) == [log("whole").count])
  }

  /// At rate 0 a stage ends with the weights it began with.
  @Test(arguments: ["base", "random"], ["base", "random"])
  func stagesBeginWhereTheyAreTold(experts: String, student: String) throws {
    let tiny = try TinyExperiment(Self.recipes)
    let method = "method=dnc(simclr(temperature: 0.5), clusters: 2, from: .\(experts), student: .\(student))"
    let lines = Lines()
    let command = tiny.command(set: [method, "optimizer.lr=hold(0)", "evaluate=none"], recipes: ["divided"])
    #expect(command.run(lines.console) == .success, "\(lines.all)")
    func weights(_ stage: String) throws -> Tensor {
      try SafeTensors.read(tiny.folder.file("run/divided/stages/\(stage).safetensors")).tensors["backbone.conv1.weight"]!.tensor
    }
    let base = try weights("base")
    #expect(try (weights("expert-1") == base) == (experts == "base"))
    #expect(try (weights("expert-2") == base) == (experts == "base"))
    #expect(try (weights("distill") == base) == (student == "base"))
    #expect(try (weights("expert-1") == weights("expert-2")) == (experts == "base"))
  }

  @Test func whatFailsNamesItsStage() throws {
    let tiny = try TinyExperiment(Self.recipes)
    let lines = Lines()
    let command = tiny.command(
      set: ["optimizer.lr=1000", "optimizer.weight_decay=1", "length=40ep"], recipes: ["divided"])
    #expect(command.run(lines.console) == .failedRun)
    #expect(lines.all.contains("not finite in step") && lines.all.contains("in recipe `divided`, stage `base`"), "\(lines.all)")
  }

  @Test func aRunDoesNotGrowAndFilesOfOthersAreRefused() throws {
    let tiny = try TinyExperiment(Self.recipes)
    #expect(tiny.command(recipes: ["divided"]).run(Lines().console) == .success)
    let longer = Lines()
    #expect(tiny.command(resume: true, set: ["length=12ep"], recipes: ["divided"]).run(longer.console) == .failedRun)
    #expect(longer.all.contains("a run of `dnc` does not grow"), "\(longer.all)")

    let arm = RunFolder(tiny.folder.file("run")).arm("divided")
    let result = try tiny.data("run/result.json")
    try FileManager.default.removeItem(at: arm.result)
    let clusters = try Data(contentsOf: arm.stage("clusters"))
    try Data(contentsOf: arm.stage("base")).write(to: arm.stage("clusters"))
    let foreign = Lines()
    #expect(tiny.command(resume: true, recipes: ["divided"]).run(foreign.console) == .failedRun)
    #expect(foreign.all.contains("holds no clusters of these images; delete it"), "\(foreign.all)")
    try clusters.write(to: arm.stage("clusters"))
    #expect(tiny.command(resume: true, recipes: ["divided"]).run(Lines().console) == .success)

    // A damaged stage is done anew after its file is deleted, and all behind it.
    try FileManager.default.removeItem(at: arm.result)
    let expert = try Data(contentsOf: arm.stage("expert-1"))
    try expert.dropLast(9).write(to: arm.stage("expert-1"))
    let damaged = Lines()
    #expect(tiny.command(resume: true, recipes: ["divided"]).run(damaged.console) == .failedRun)
    #expect(damaged.all.contains("delete the file to train anew from there"), "\(damaged.all)")
    try FileManager.default.removeItem(at: arm.stage("expert-1"))
    #expect(tiny.command(resume: true, recipes: ["divided"]).run(Lines().console) == .success)
    #expect(try tiny.data("run/result.json") == result)
    #expect(try Data(contentsOf: arm.stage("expert-1")) == expert)
    #expect(MetricsLog.read(arm.metrics).filter { $0.kind == "epoch" }.map(\.epoch) == Array(1...10))
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
