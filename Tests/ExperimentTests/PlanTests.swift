import Experiment
import Foundation
import TestSupport
import Testing

/// What `harmonia plan` says before anything starts.
@Suite struct PlanTests {
  private func plan(
    _ tiny: TinyExperiment, set overrides: [String] = [], recipes: [String] = [], runs: String? = nil,
    withoutData: Bool = false
  ) throws -> JSONValue {
    let lines = Lines()
    let command = PlanCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, overrides: overrides, recipes: recipes), json: true,
      runs: runs ?? tiny.folder.file("runs").path, withoutData: withoutData)
    try #require(command.run(lines.console) == .success, "\(lines.all)")
    return try JSONValue(parsing: Data(lines.out.joined(separator: "\n").utf8))
  }

  private func origin(_ path: String, _ arm: JSONValue?) -> JSONValue? {
    arm?["fields"]?.elements?.first { $0["path"]?.text == path }?["from"]
  }

  @Test func everyFieldSaysWhereItCameFrom() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard + """

        let base_method = simclr(temperature: 0.4)
        recipe changed from harmonious {
          method = base_method with { temperature = 0.3 }
          optimizer.momentum = 0.8
        }
        sweep cold from plain { axis method.temperature in [0.2, 0.5] }
        """)
    let arms = try plan(tiny, set: ["changed.seed=9"])["arms"]?.elements ?? []
    func arm(_ name: String) throws -> JSONValue { try #require(arms.first { $0["name"]?.text == name }) }
    let plain = try arm("plain")
    #expect(origin("seed", plain)?["kind"]?.text == "recipe")
    #expect(origin("seed", plain)?["line"]?.integer == 6)
    #expect(origin("optimizer.momentum", plain)?["kind"]?.text == "default")
    let changed = try arm("changed")
    #expect(origin("seed", changed)?["kind"]?.text == "command line")
    #expect(origin("optimizer.momentum", changed)?["kind"]?.text == "amendment")
    #expect(origin("method.temperature", changed)?["kind"]?.text == "with")
    // What is inherited through another recipe names the one it stands in; so does what lies within it.
    for path in ["length", "optimizer.lr", "data.batch"] {
      #expect(origin(path, changed)?["kind"]?.text == "base", "\(path)")
      #expect(origin(path, changed)?["recipe"]?.text == "plain", "\(path)")
    }
    let cell = try arm("cold[method.temperature: 0.2]")
    #expect(origin("method.temperature", cell)?["kind"]?.text == "axis")
    #expect(origin("method.temperature", cell)?["axis"]?.text == "method.temperature")
    #expect(origin("length", cell)?["recipe"]?.text == "plain")
  }

  @Test func aPlanOfJSONHasEverything() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard + "\nsweep cold from plain { axis seed in [1, 2, 3]\n  skip when seed == 2\n}\n")
    let plan = try plan(tiny)
    let harmonious = try #require(plan["arms"]?.elements?[1])
    #expect(harmonious["imbalance"]?.double == 4)
    #expect(harmonious["class_names"]?.elements?.count == 3)
    #expect(harmonious["identity"]?.text?.count == 64)
    for key in ["parameters", "memory_bytes", "disk_bytes", "checkpoint_bytes"] {
      #expect((harmonious[key]?.integer ?? 0) > 0, "\(key)")
    }
    #expect((harmonious["seconds"]?.double ?? 0) > 0)
    let schedules = harmonious["schedules"]?.elements ?? []
    #expect(
      schedules.map { $0["path"]?.text } == ["method.gh.weight", "method.gh.prior.momentum", "optimizer.lr"])
    // Start, joints, end; the weight's time begins with GH.
    #expect(schedules[0]["points"]?.elements?.map { $0["epoch"]?.double } == [2, 3, 4])
    #expect(schedules[0]["points"]?.elements?.map { $0["value"]?.double } == [0, 1, 1])
    #expect(schedules[1]["constant"]?.double == 0.9)
    #expect(schedules[2]["points"]?.elements?.map { $0["value"]?.double } == [0, 0.1, 0.001])
    let sweep = try #require(plan["sweeps"]?.elements?.first)
    #expect(sweep["skipped"]?.integer == 1)
    #expect(sweep["cells"]?.elements?.count == 2)
    #expect(plan["total"]?["runs"]?.integer == 4)
    #expect(plan["environment"]?["writable"] == .bool(true))
    #expect(plan["environment"]?["files"]?.elements?.count == 4)
    #expect(plan["environment"]?["files"]?.elements?.allSatisfy { $0["found"] == .bool(true) } == true)
    #expect((plan["environment"]?["free_disk_bytes"]?.integer ?? 0) > 0)
  }

  @Test func aPlanForPeopleDrawsSchedulesAndClasses() throws {
    let tiny = try TinyExperiment(
      TinyExperiment.standard + "\n/// warm and cold\nsweep cold from plain { axis method.temperature in [0.2, 0.5] }\n")
    let lines = Lines()
    let command = PlanCommand(recipe: RecipeRequest(file: tiny.recipe.path), runs: tiny.folder.file("runs").path)
    #expect(command.run(lines.console) == .success, "\(lines.all)")
    let text = lines.all
    #expect(text.contains("3 classes of 3…12 images, imbalance 4"))
    #expect(text.contains("12 ████████████████████████████████████████"))
    #expect(text.contains(" 3 ██████████\n"))
    #expect(text.contains("0.1 ┤") && text.contains("  0 ┤"))
    #expect(text.contains("epoch 0   epoch 1   epoch 4"))
    #expect(text.contains("method.gh.prior.momentum  0.9 throughout"))
    #expect(text.contains("sweep cold   warm and cold\n  2 cells of method.temperature (2)"))
    // The cell 0.5 is the recipe `plain` itself.
    #expect(text.contains("3 to run (4 recipes and cells, some of which are the same)"))
    #expect(text.contains("tiny.recipe:6:10 (from plain)"))
  }

  @Test func runsThatCouldGoOnAreFound() throws {
    let tiny = try TinyExperiment()
    #expect(tiny.command(out: "runs/one", recipes: ["plain"], stopAfter: 2).run(Lines().console) == .interrupted)
    let candidates = try plan(tiny)["environment"]?["candidates"]?.elements ?? []
    #expect(candidates.map { $0["recipe"]?.text } == ["plain"])
    #expect(candidates.first?["folder"]?.text?.hasSuffix("runs/one/plain") == true)
    #expect(candidates.first?["state"]?.text == "step 1")
    #expect(try plan(tiny, set: ["seed=77"])["environment"]?["candidates"]?.elements?.isEmpty == true)
  }

  @Test(arguments: [
    ("cifar100(\"nowhere.tar.gz\").long_tail(imbalance: 100)", 10_847, 100, 3),
    ("cifar10(\"nowhere\").limit(per_class: 30)", 300, 10, 3), ("mnist(\"nowhere\")", 60_000, 10, 1),
    ("folder(\"nowhere\", labels: .subfolders, test: \"nowhere\")", 10_000, 10, 3),
  ])
  func aMissingDataSetIsPlannedWithAStandIn(source: String, images: Int, classes: Int, channels: Int) throws {
    let tiny = try TinyExperiment()
    let request = RecipeRequest(
      file: tiny.recipe.path, overrides: ["data.source=\(source)", "data.batch=16"], recipes: ["plain"])
    let lines = Lines()
    #expect(PlanCommand(recipe: request, runs: tiny.folder.url.path).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("error[E1001]"), "\(lines.all)")
    let plan = try plan(
      tiny, set: request.overrides, recipes: ["plain"], withoutData: true)
    let arm = try #require(plan["arms"]?.elements?.first)
    #expect(arm["training_images"]?.integer == images)
    #expect(arm["class_counts"]?.elements?.count == classes)
    #expect(arm["channels"]?.integer == channels)
    #expect(arm["stand_in_for"]?.text?.contains("nowhere") == true)
  }

  @Test func aDamagedDataSetHasNoStandIn() throws {
    let tiny = try TinyExperiment()
    try Data("nothing".utf8).write(to: tiny.folder.file("train-images"))
    let lines = Lines()
    let command = PlanCommand(recipe: RecipeRequest(file: tiny.recipe.path), withoutData: true)
    #expect(command.run(lines.console) == .badRecipe)
    #expect(lines.all.contains("error[E1001]"), "\(lines.all)")
  }

  @Test func aFolderThatCannotBeWrittenIsFoundBefore() throws {
    let tiny = try TinyExperiment()
    try Data().write(to: tiny.folder.file("file"))
    let lines = Lines()
    let command = PlanCommand(
      recipe: RecipeRequest(file: tiny.recipe.path), runs: tiny.folder.file("file/runs").path)
    #expect(command.run(lines.console) == .badRecipe)
    #expect(lines.all.contains("error[E1032]") && lines.all.contains("is a file"), "\(lines.all)")
    let run = Lines()
    #expect(tiny.command(out: "file/run").run(run.console) == .badRecipe)
    #expect(run.all.contains("error[E1032]"), "\(run.all)")
  }

  @Test(arguments: [
    ("plain", ["length=2000000000ep", "checkpoint=every(1ep)", "evaluate=none"], "W1031"),
    ("plain", ["data.batch=64"], "W1015"),
  ])
  func aWarningDoesNotStopAPlan(recipe: String, overrides: [String], code: String) throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    let request = RecipeRequest(file: tiny.recipe.path, overrides: overrides, recipes: [recipe])
    #expect(PlanCommand(recipe: request, runs: tiny.folder.url.path, withoutData: true).run(lines.console) == .success, "\(lines.all)")
    #expect(lines.all.contains("warning[\(code)]"), "\(lines.all)")
  }

  @Test func moreMemoryThanThereIsIsAWarning() throws {
    let tiny = try TinyExperiment()
    let lines = Lines()
    var command = PlanCommand(
      recipe: RecipeRequest(file: tiny.recipe.path, recipes: ["plain"]), runs: tiny.folder.url.path, withoutData: true)
    command.memory = 1 << 20
    #expect(command.run(lines.console) == .success, "\(lines.all)")
    #expect(lines.all.contains("warning[W1030]"), "\(lines.all)")
  }
}
