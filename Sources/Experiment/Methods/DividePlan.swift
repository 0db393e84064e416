import DataPipeline
import Kernels
import NeuralNet
import RecipeLanguage
import Training

/// Divide and Contrast as planned (METHOD.md 2.6): a base model on all images, one expert on each cluster of its
/// representations, and the distillation of all into one network. Each stage is an arm of its own with its own epochs.
///
/// A class, as it is part of a plan and has plans as parts.
public final class DividePlan: Sendable {
  public let clusters: Int
  /// Of the regressions.
  public let hidden: Int
  /// Whether experts begin with the base model's weights.
  public let startsFromBase: Bool
  /// Whether the last network does.
  public let studentStartsFromBase: Bool
  /// What is done first, on all images.
  public let base: ArmPlan
  /// What an expert does on as many images as a cluster has on average.
  public let expert: ArmPlan
  /// What is done last; the network that is measured.
  public let student: ArmPlan

  init(
    clusters: Int, hidden: Int, startsFromBase: Bool, studentStartsFromBase: Bool, base: ArmPlan, expert: ArmPlan,
    student: ArmPlan
  ) {
    self.clusters = clusters
    self.hidden = hidden
    self.startsFromBase = startsFromBase
    self.studentStartsFromBase = studentStartsFromBase
    self.base = base
    self.expert = expert
    self.student = student
  }

  /// The stages in their order, clusters taken as equally large.
  var stages: [StagePlan] {
    let experts = (0..<clusters).map { StagePlan(role: .expert($0), plan: expert) }
    return [StagePlan(role: .base, plan: base)] + experts + [StagePlan(role: .student(self), plan: student)]
  }

  /// An expert's plan for the images of its cluster; nil where they are too few to be contrasted.
  func expert(on images: ImagePlan) throws -> ArmPlan? {
    guard images.trainingCount > 1 else { return nil }
    var planner = ArmPlanner(expert.recipe, library: ImageLibrary(), role: .expert(images))
    guard let plan = planner.plan() else { throw StageProblem(problems: planner.problems.map(\.message)) }
    return plan
  }

  /// `5 clusters, experts from the base model's weights, one network by distillation from random weights`
  var summary: String {
    func weights(_ fromBase: Bool) -> String { fromBase ? "the base model's weights" : "random weights" }
    return "\(clusters) clusters, experts from \(weights(startsFromBase)), one network by distillation from "
      + weights(studentStartsFromBase)
  }
}

/// An expert that cannot be trained on its cluster.
struct StageProblem: Error, CustomStringConvertible {
  let problems: [String]
  var description: String { "an expert cannot be trained on its cluster: " + problems.joined(separator: "; ") }
}

/// One stage of an arm.
public struct StagePlan: Sendable {
  public enum Role: Sendable {
    case base
    /// Of this cluster.
    case expert(Int)
    case student(DividePlan)
  }
  public let role: Role
  public let plan: ArmPlan

  /// As in files: `base`, `expert-1`, `distill`.
  public var name: String {
    switch role {
    case .base: "base"
    case .expert(let cluster): "expert-\(cluster + 1)"
    case .student: "distill"
    }
  }

  /// Networks that a distillation learns from; 0 for what is no distillation.
  var teachers: Int {
    guard case .student(let divide) = role else { return 0 }
    return 1 + divide.clusters
  }

  /// Width of its regressions; nil likewise.
  var hidden: Int? {
    guard case .student(let divide) = role else { return nil }
    return divide.hidden
  }

  /// Weights that are learnt, the method's own among them, without building any.
  var parameterCount: Int {
    let model = plan.model.parameterCount
    guard case .student(let divide) = role else { return model + plan.method.contrast.parameterCount }
    let features = plan.model.encoder.features
    return model + teachers * Predictor.parameterCount(inputs: features, hidden: divide.hidden, outputs: features)
  }

  /// To find out what a step costs: teachers are one network.
  ///
  /// - Parameter samples: images in its training set.
  func methodForMeasuring(_ method: MethodPlan, samples: Int) throws -> any TrainingMethod {
    guard case .student(let divide) = role else { return try PairMethod(method, samples: samples) }
    let teacher = try ContrastiveModel(divide.base.model, convolution: plan.convolution, seed: plan.seed)
    return try Distillation(
      base: teacher, experts: Array(repeating: teacher, count: divide.clusters),
      clusters: (0..<samples).map { $0 % divide.clusters }, features: plan.model.encoder.features,
      hidden: divide.hidden, seed: plan.seed)
  }
}

extension ArmPlan {
  /// What is trained one after the other: itself, or the stages of DnC.
  public var stages: [StagePlan] { divide?.stages ?? [StagePlan(role: .base, plan: self)] }
}
