import RecipeLanguage

/// Plans recipes and prints what is wrong with them.
struct Planner {
  let recipes: [ResolvedRecipe]

  init(_ recipes: [ResolvedRecipe]) { self.recipes = recipes }

  /// A plan for each recipe, or nil after all problems of all recipes have been printed.
  func plan(_ console: Console, json: Bool = false) -> [ArmPlan]? {
    let library = ImageLibrary()
    var plans: [ArmPlan] = []
    var problems: [Diagnostic] = []
    for recipe in recipes {
      var planner = ArmPlanner(recipe, library: library)
      if let plan = planner.plan() { plans.append(plan) }
      problems += planner.problems
    }
    DiagnosticPrinter(json: json).print(Self.withoutRepetition(problems), to: console)
    return problems.hasErrors ? nil : plans
  }

  /// Recipes derived from one another share mistakes; each is shown once.
  private static func withoutRepetition(_ problems: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<String> = []
    return problems.filter { seen.insert("\($0.code.id) \($0.primary.span) \($0.message)").inserted }
  }
}
