import Foundation
import RecipeLanguage

/// `harmonia plan FILE`: what a run would do, without doing it.
public struct PlanCommand: Sendable {
  public var recipe: RecipeRequest
  public var json: Bool
  /// Where the runs would be put.
  public var runs: String
  /// Whether data sets that are not on this machine are planned with stand-ins.
  public var withoutData: Bool
  /// Bytes of memory to hold plans against; nil for the machine's.
  package var memory: Int?

  public init(recipe: RecipeRequest, json: Bool = false, runs: String = "runs", withoutData: Bool = false) {
    self.recipe = recipe
    self.json = json
    self.runs = runs
    self.withoutData = withoutData
  }

  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: nil) else { return .failedRun }
    guard let program = recipe.load(console, json: json), let recipes = recipe.selection(of: program, console) else {
      return .badRecipe
    }
    return show(program, recipes, console)
  }

  /// The plan of these recipes of a program.
  func show(_ program: Program, _ recipes: [ResolvedRecipe], _ console: Console) -> ExitStatus {
    var planner = Planner(recipes)
    planner.allowsStandIns = withoutData
    planner.memory = memory
    guard let arms = planner.plan(console, json: json),
      let (costs, environment) = planner.costs(arms, runs: URL(filePath: runs), console, json: json)
    else { return .badRecipe }
    let texts = zip(arms, costs).map { PlanText(arm: $0, cost: $1) }
    let sweeps = program.sweeps.filter { sweep in
      sweep.cells.contains { cell in arms.contains { $0.name == cell.recipe.name } }
    }
    let total = PlanTotal(texts)
    if json {
      console.out(
        JSONValue.object([
          "file": .string(recipe.file), "arms": .array(texts.map(\.json)), "sweeps": .array(sweeps.map(\.planJSON)),
          "total": total.json, "environment": environment.json,
        ]).document)
      return .success
    }
    for text in texts where !sweeps.contains(where: { $0.has(text.arm.name) }) { console.out(text.text + "\n") }
    for sweep in sweeps { console.out(SweepPlanText(sweep, texts.filter { sweep.has($0.arm.name) }).text + "\n") }
    if !arms.isEmpty { console.out(environment.lines.joined(separator: "\n") + "\n") }
    console.out(total.text)
    return .success
  }
}
