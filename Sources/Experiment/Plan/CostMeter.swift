import Kernels
import NeuralNet
import RecipeLanguage

/// The costs of plans; arms that differ in nothing that costs are measured once.
final class CostMeter {
  /// What decides how long a step takes and how much memory.
  private struct Key: Hashable {
    let model: ContrastiveModel.Configuration
    let convolution: ConvolutionChoice
    let views: ViewPlan
    let optimizer: OptimizerPlan.Rule
    let batch: Int
    let samples: Int
    let contrast: ContrastPlan
    let isPruned: Bool
    let isAligned: Bool
    let boost: BoostPlan?
    let sharpness: SharpnessPlan?
    let vertices: Int?
    let iterations: Int?
    /// Teachers of a distillation; 0 without.
    let teachers: Int
    let hidden: Int?
  }

  private var known: [Key: StepSpeed] = [:]
  /// Bytes resident with the images read and nothing trained.
  private let base = ProcessMemory.residentBytes

  /// Throws `ModelError` and `KernelError` for a network that cannot be built, and what reading images throws.
  func cost(of plan: ArmPlan) throws -> ArmCost {
    guard let divide = plan.divide else { return try cost(of: StagePlan(role: .base, plan: plan)) }
    return ArmCost(divide, try plan.stages.map(cost(of:)))
  }

  private func cost(of stage: StagePlan) throws -> ArmCost {
    let plan = stage.plan
    let gh = plan.method.harmonization
    let key = Key(
      model: plan.model, convolution: plan.convolution, views: plan.images.views,
      optimizer: plan.optimizer.rule, batch: plan.clock.batch,
      samples: plan.images.trainingCount, contrast: plan.method.contrast.costing,
      isPruned: plan.method.pruning != nil, isAligned: gh?.isAligned ?? false, boost: plan.method.boost,
      sharpness: plan.method.sharpness, vertices: gh?.classes, iterations: gh?.iterations,
      teachers: stage.teachers, hidden: stage.hidden)
    if let speed = known[key] { return ArmCost(plan, speed, base: base) }
    let speed = try StepSpeed(stage)
    known[key] = speed
    return ArmCost(plan, speed, base: base)
  }
}
