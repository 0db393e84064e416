import DataPipeline
import Foundation
import Kernels
import NeuralNet
import RecipeLanguage

/// Takes recipes through the last three stages before anything starts: plan, cost, environment.
package struct Planner {
  let recipes: [ResolvedRecipe]
  /// Whether data sets that are not there are planned with stand-ins.
  package var allowsStandIns = false
  /// Bytes of memory to hold plans against; nil for the machine's.
  var memory: Int?

  package let meter = CostMeter()

  package init(_ recipes: [ResolvedRecipe]) { self.recipes = recipes }

  /// A plan for each recipe, or nil after all problems of all recipes have been printed.
  package func plan(_ console: Console, json: Bool = false) -> [ArmPlan]? {
    let library = ImageLibrary(allowsStandIns: allowsStandIns)
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

  /// What each plan costs and what the machine has, or nil after all problems have been printed.
  ///
  /// - Parameter runs: where runs are put.
  package func costs(
    _ plans: [ArmPlan], runs: URL, _ console: Console, json: Bool = false
  ) -> (costs: [ArmCost], environment: PlanEnvironment)? {
    var costs: [ArmCost] = []
    var problems: [Diagnostic] = []
    for (plan, cost) in zip(plans, meter.costs(of: plans)) {
      switch cost {
      case .success(let cost): costs.append(cost)
      case .failure(let error): problems.append(Self.problem(error, plan))
      }
    }
    let environment = PlanEnvironment(plans.map(\.recipe), runs: runs, memory: memory)
    if problems.isEmpty { problems = environment.problems(plans, costs) }
    DiagnosticPrinter(json: json).print(Self.withoutRepetition(problems), to: console)
    return problems.hasErrors ? nil : (costs, environment)
  }

  private static func problem(_ error: any Error, _ plan: ArmPlan) -> Diagnostic {
    let record = plan.recipe.record
    if let error = error as? DataError {
      return LateFailure(error, plan).diagnostic
    }
    return Diagnostic(
      PlanCode.model, "the network cannot be built for these images: \(error)", at: record.span(of: "model"),
      secondary: [.init(record.record("data").record("augment").span(of: "size"), "images of this size")],
      notes: ["in recipe `\(plan.name)`"], help: "use larger views, fewer stages, or another stem")
  }

  /// Recipes derived from one another share mistakes; each is shown once.
  private static func withoutRepetition(_ problems: [Diagnostic]) -> [Diagnostic] {
    var seen: Set<String> = []
    return problems.filter { seen.insert("\($0.code.id) \($0.primary.span) \($0.message)").inserted }
  }
}
