import Kernels
import NeuralNet

/// What a step needs to know beside model and batch: values of the schedules, already read.
public struct StepPlan: Hashable, Sendable {
  public var moment: Moment
  public var learningRate: Double

  public init(moment: Moment, learningRate: Double) {
    self.moment = moment
    self.learningRate = learningRate
  }
}

/// What a step did.
public struct StepReport: Hashable, Sendable {
  /// The moment the step began: `step` is the number of updates before it.
  public let moment: Moment
  public let samples: Int
  public let learningRate: Double
  public let loss: LossReport
}

/// One optimiser update: forward, loss, backward, update.
public struct TrainingStep {
  public let method: any TrainingMethod
  public let optimizer: any Optimizer

  public init(method: any TrainingMethod, optimizer: any Optimizer) {
    self.method = method
    self.optimizer = optimizer
  }

  /// Runs one step on the model. Throws ``NotFinite`` before the update when the loss or a gradient is NaN
  /// or infinite, so that parameters and momentum are those of the step before; and ``KernelError``.
  public func callAsFunction(
    _ model: ContrastiveModel, _ batch: TrainingBatch, _ plan: StepPlan
  ) throws -> StepReport {
    let parameters = method.learnt(with: model)
    for parameter in parameters { parameter.clearGradient() }
    let loss = try method.gradientRule.accumulateGradients(of: method, model, batch, at: plan.moment)
    guard loss.total.isFinite else { throw NotFinite(what: "the loss") }
    for parameter in parameters where parameter.gradient?.isFinite == false {
      throw NotFinite(what: "the gradient of \(parameter.name)")
    }
    try optimizer.update(parameters, learningRate: plan.learningRate)
    for parameter in parameters { parameter.clearGradient() }
    return StepReport(
      moment: plan.moment, samples: batch.count, learningRate: plan.learningRate, loss: loss)
  }
}
