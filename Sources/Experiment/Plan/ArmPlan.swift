import DataPipeline
import NeuralNet
import RecipeLanguage
import Training

/// Everything one arm will do, resolved and checked: the runner only carries it out.
public struct ArmPlan: Sendable {
  /// The recipe this is the plan of; its spans say where each setting was written.
  public let recipe: ResolvedRecipe
  public let seed: UInt64
  public let images: ImagePlan
  public let clock: TrainingClock
  /// Length in epochs.
  public let epochs: Int
  public let model: ContrastiveModel.Configuration
  /// How convolutions are computed, in training and measuring.
  public let convolution: ConvolutionChoice
  public let method: MethodPlan
  public let optimizer: OptimizerPlan
  public let evaluation: EvaluationPlan?
  /// Bins of the circle whose shares are measured; nil for no such measurement.
  public let circle: Int?
  /// Epochs between snapshots that are kept; nil for the last state alone.
  public let snapshots: Int?
  /// The stages of DnC; nil for one stage, that above. Then method and optimizer are those of the base model.
  public let divide: DividePlan?

  public var name: String { recipe.name }
  public var identity: String { recipe.identity }
  /// What has to be known of the images beside their number.
  public var remarks: DataRemarks { DataRemarks(images, evaluation) }
  public var steps: Int { divide?.stages.reduce(0) { $0 + $1.plan.steps } ?? epochs * clock.stepsPerEpoch }
}

/// How weights move, as planned.
public struct OptimizerPlan: Hashable, Sendable {
  public enum Rule: Hashable, Sendable {
    case sgd(momentum: Double)
    case adam(beta1: Double, beta2: Double, epsilon: Double)

    /// Numbers kept for each weight.
    var numbersPerWeight: Int {
      switch self {
      case .sgd: 1
      case .adam: 2
      }
    }

    /// The same with what costs neither time nor memory set alike.
    var costing: Rule {
      switch self {
      case .sgd: .sgd(momentum: 0.9)
      case .adam: .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)
      }
    }
  }
  public var rule: Rule
  public var rate: Schedule
  public var update: ScheduleUpdate
  public var weightDecay: Double

  func make() -> any Optimizer {
    switch rule {
    case .sgd(let momentum): SGDOptimizer(.init(momentum: momentum, weightDecay: weightDecay))
    case .adam(let beta1, let beta2, let epsilon):
      AdamOptimizer(.init(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay))
    }
  }
}
