import RecipeLanguage

/// `harmonia plan FILE`: what a run would do, without doing it.
public struct PlanCommand: Sendable {
  public var recipe: RecipeRequest
  public var json: Bool

  public init(recipe: RecipeRequest, json: Bool = false) {
    self.recipe = recipe
    self.json = json
  }

  public func run(_ console: Console) -> ExitStatus {
    guard let program = recipe.load(console, json: json), let recipes = recipe.selection(of: program, console),
      let arms = Planner(recipes).plan(console, json: json)
    else { return .badRecipe }
    do {
      let costs = try arms.map(ArmCost.init)
      if json {
        let plans = zip(arms, costs).map { PlanText(arm: $0, cost: $1).json }
        console.out(JSONValue.object(["file": .string(recipe.file), "arms": .array(plans)]).document)
      } else {
        for (arm, cost) in zip(arms, costs) { console.out(PlanText(arm: arm, cost: cost).text + "\n") }
        let seconds = costs.reduce(0) { $0 + $1.seconds }
        console.out("\(arms.count) to run, about \(ProgressReport.clock(seconds)) of training on this machine")
      }
      return .success
    } catch {
      console.err("error: \(error)")
      return .failedRun
    }
  }
}
