import DataPipeline
import Foundation
import Kernels
import NeuralNet
import RecipeLanguage
import Training

/// The costs of plans. What decides a cost is measured once, however many arms have it in common; and when that has taken
/// its time, what is left is reckoned from what was measured.
package final class CostMeter {
  /// Seconds that measuring may take before steps and looks are estimated; what has begun is brought to its end.
  package var budget = 1.5
  /// How often something was measured, for tests.
  package private(set) var steps = 0
  package private(set) var looks = 0
  package private(set) var views = 0

  private var lastModel: (key: ModelKey, model: ContrastiveModel, empty: Int)?
  private var knownFacts: [ModelKey: ModelFacts] = [:]
  private var largest: [StepKey: Int] = [:]
  private var knownSteps: [StepKey: KnownStep] = [:]
  private var knownLooks: [LookKey: (line: CostLine, facts: ModelFacts)] = [:]
  private var knownViews: [ViewsKey: Double] = [:]
  private var spent = 0.0
  /// Bytes resident with the images read and nothing trained.
  private let base = ProcessMemory.residentBytes

  package init() {}

  /// In the order of the plans. Throws, for each that has one, ``TooLarge``; `ModelError` and `KernelError` for a network that
  /// cannot be built, and what reading images throws.
  package func costs(of plans: [ArmPlan]) -> [Result<ArmCost, any Error>] {
    for stage in plans.flatMap(\.stages) {
      let key = StepKey(stage)
      largest[key] = max(largest[key] ?? 0, stage.plan.largestBatch)
    }
    return plans.map { plan in
      Result {
        guard let divide = plan.divide else { return try cost(of: StagePlan(role: .base, plan: plan)) }
        return ArmCost(divide, try plan.stages.map(cost(of:)))
      }
    }
  }

  private func cost(of stage: StagePlan) throws -> ArmCost {
    let plan = stage.plan
    let facts = try facts(stage)
    let step = try step(stage, facts)
    let speed = StepSpeed(
      parameters: step.parameters, state: (1 + plan.optimizer.rule.numbersPerWeight) * step.parameters + facts.buffers,
      resident: step.measurement.resident, convolutions: facts.convolutions, step: step.measurement.line,
      look: try look(stage, facts), secondsPerViewPair: try viewPair(plan),
      viewBytes: 4 * plan.images.shape(of: 1).count, isEstimated: step.isEstimated)
    return ArmCost(plan, speed, base: base)
  }

  private var isOverBudget: Bool { spent > budget }

  private func timed<Value>(_ body: () throws -> Value) rethrows -> Value {
    let start = ContinuousClock.now
    defer { spent += (ContinuousClock.now - start).seconds }
    return try body()
  }
}

// MARK: - What decides a cost

extension CostMeter {
  private struct ModelKey: Hashable {
    let model: ContrastiveModel.Configuration
    let convolution: ConvolutionChoice
    /// Nil for points.
    let size: Int?
    let batch: Int

    init(_ plan: ArmPlan, batch: Int) {
      model = plan.model
      convolution = plan.convolution
      size = plan.images.viewSize
      self.batch = batch
    }
  }

  private struct StepKey: Hashable {
    let model: ContrastiveModel.Configuration
    let convolution: ConvolutionChoice
    let size: Int?
    let optimizer: OptimizerPlan.Rule
    let contrast: ContrastPlan
    let isPruned: Bool
    let isBoosted: Bool
    /// Nil for one pass a step; whether densities have a bandwidth of their own.
    let hasBandwidth: Bool?
    let vertices: Int?
    let iterations: Int?
    /// Teachers of a distillation; 0 without.
    let teachers: Int
    let hidden: Int?

    init(_ stage: StagePlan) {
      let plan = stage.plan
      let (method, gh) = (plan.method, plan.method.harmonization)
      model = plan.model
      convolution = plan.convolution
      size = plan.images.viewSize
      optimizer = plan.optimizer.rule.costing
      contrast = method.contrast.costing
      isPruned = method.pruning != nil
      isBoosted = method.boost != nil
      hasBandwidth = method.sharpness.map { $0.bandwidth != nil }
      vertices = gh?.classes
      iterations = gh?.iterations
      teachers = stage.teachers
      hidden = stage.hidden
    }

    /// Passes through the network, forth and back; forth alone is a third of one.
    var passes: Double { (hasBandwidth == nil ? 1 : 2) + Double(teachers) / 3 }

    /// How much two kinds of step have in common.
    func likeness(_ other: StepKey) -> Int {
      [
        size == other.size ? 16 : 0, model == other.model ? 8 : 0, hasBandwidth == other.hasBandwidth ? 4 : 0,
        teachers == other.teachers ? 4 : 0, isPruned == other.isPruned ? 2 : 0, vertices == other.vertices ? 2 : 0,
        contrast == other.contrast ? 1 : 0, isBoosted == other.isBoosted ? 1 : 0,
      ].reduce(0, +)
    }
  }

  private struct LookKey: Hashable {
    let encoder: BackboneConfiguration
    let convolution: ConvolutionChoice
    let size: Int?
    let images: String
    let most: Int

    init(_ plan: ArmPlan) {
      encoder = plan.model.encoder
      convolution = plan.convolution
      size = plan.images.viewSize
      images = (plan.images.hasTest ? "test of " : "") + plan.readingKey
      most = min(PlainBatches.standardSize, plan.images.hasTest ? plan.images.testCount : plan.images.trainingCount)
    }
  }

  private struct ViewsKey: Hashable {
    let views: ViewPlan
    let boost: RandAugment?
    let images: String
    let count: Int

    init(_ plan: ArmPlan) {
      views = plan.images.views
      boost = plan.method.boost?.views
      images = plan.readingKey
      count = min(16, plan.images.trainingCount)
    }
  }
}

// MARK: - Measured once

extension CostMeter {
  private struct KnownStep {
    let measurement: StepMeasurement
    let facts: ModelFacts
    let parameters: Int
    let isEstimated: Bool

    /// Reckoned for another step by its multiply-adds, its layers' outputs and its weights.
    func scaled(to other: ModelFacts, passes: Double, parameters: Int) -> KnownStep {
      let line = measurement.line.scaled(
        work: passes * other.work / facts.work,
        memory: Double(max(1, other.activations)) / Double(max(1, facts.activations)))
      let resident = Double(measurement.resident) * Double(parameters) / Double(self.parameters)
      return KnownStep(
        measurement: StepMeasurement(line: line, resident: Int(resident)), facts: other, parameters: parameters,
        isEstimated: true)
    }
  }

  /// With the bytes that tensors had before it; kept one at a time, as it may be large. Throws ``TooLarge``, and `ModelError` for one that cannot be built.
  private func model(_ stage: StagePlan) throws -> (model: ContrastiveModel, empty: Int) {
    let key = ModelKey(stage.plan, batch: 0)
    if let lastModel, lastModel.key == key { return (lastModel.model, lastModel.empty) }
    lastModel = nil
    // Weights, momentum and gradients, four bytes each.
    let least = 12 * stage.parameterCount
    guard least < TooLarge.room else {
      throw TooLarge(what: "\(PlanText.grouped(stage.parameterCount)) parameters", bytes: least)
    }
    let plan = stage.plan
    trimBuffers()
    let empty = CostLine.pooled
    let model = try ContrastiveModel(plan.model, convolution: plan.convolution, seed: plan.seed)
    lastModel = (key, model, empty)
    return (model, empty)
  }

  private func facts(_ stage: StagePlan) throws -> ModelFacts {
    let key = ModelKey(stage.plan, batch: stage.plan.largestBatch)
    if let known = knownFacts[key] { return known }
    let facts = try ModelFacts(try model(stage).model, stage.plan)
    knownFacts[key] = facts
    return facts
  }

  private func step(_ stage: StagePlan, _ facts: ModelFacts) throws -> KnownStep {
    let key = StepKey(stage)
    if let known = knownSteps[key] { return known }
    let parameters = stage.parameterCount
    let known: KnownStep
    let measured = isOverBudget ? knownSteps.filter { !$0.value.isEstimated } : [:]
    if let near = measured.max(by: { key.likeness($0.key) < key.likeness($1.key) }) {
      known = near.value.scaled(to: facts, passes: key.passes / near.key.passes, parameters: parameters)
    } else {
      steps += 1
      let measurement = try timed {
        let (model, empty) = try model(stage)
        return try StepMeasurement(stage, model, empty: empty, upTo: largest[key] ?? stage.plan.largestBatch)
      }
      known = KnownStep(measurement: measurement, facts: facts, parameters: parameters, isEstimated: false)
    }
    knownSteps[key] = known
    return known
  }

  private func look(_ stage: StagePlan, _ facts: ModelFacts) throws -> CostLine {
    let key = LookKey(stage.plan)
    if let known = knownLooks[key] { return known.line }
    let line: CostLine
    let near = knownLooks.first { $0.key.images == key.images } ?? knownLooks.first
    if isOverBudget, let known = near?.value {
      line = known.line.scaled(
        work: facts.work / known.facts.work,
        memory: Double(max(1, facts.activations)) / Double(max(1, known.facts.activations)))
    } else {
      looks += 1
      line = try timed { try CostLine(looking: stage.plan, try model(stage).model) }
    }
    knownLooks[key] = (line, facts)
    return line
  }

  private func viewPair(_ plan: ArmPlan) throws -> Double {
    let key = ViewsKey(plan)
    if let known = knownViews[key] { return known }
    views += 1
    let seconds = try timed { try plan.secondsPerViewPair() }
    knownViews[key] = seconds
    return seconds
  }
}

extension ArmPlan {
  /// The same for recipes that read the same files, whatever they take of them and whatever labels they give them.
  fileprivate var readingKey: String {
    var source = recipe.record.record("data").record("source")
    while let inner = source["source"]?.recordValue { source = inner }
    let files = source.fields.filter { $0.value.stringValue != nil && !["labels", "test_labels"].contains($0.name) }
    return ([source.type] + files.map { "\($0.name) \($0.value.canonicalText)" }).joined(separator: " ")
  }
}
