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
  /// Epochs between snapshots that are kept; nil for the last state alone.
  public let snapshots: Int?

  public var name: String { recipe.name }
  public var identity: String { recipe.identity }
  public var steps: Int { epochs * clock.stepsPerEpoch }
}

/// Stochastic gradient descent as planned.
public struct OptimizerPlan: Hashable, Sendable {
  public var rate: Schedule
  public var update: ScheduleUpdate
  public var momentum: Double
  public var weightDecay: Double
}
