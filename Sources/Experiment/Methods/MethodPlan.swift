import DataPipeline
import NeuralNet
import Objectives
import Training

/// What is minimised, in parts that go together in any combination.
public struct MethodPlan: Hashable, Sendable {
  /// The loss that both views of an image are brought together by.
  public var contrast: ContrastPlan
  /// The second view goes through a pruned branch.
  public var pruning: PruningPlan?
  /// Views are disturbed the more, the harder an image is.
  public var boost: BoostPlan?
  /// The gradient is taken up the slope of a re-weighted loss.
  public var sharpness: SharpnessPlan?
  public var harmonization: HarmonizationPlan?

  /// Numbers that are kept of every training image: scores of an estimated prior, whether it was visited; losses and weights.
  var numbersPerImage: Int {
    let scores = harmonization.map { $0.prior == .uniform ? 0 : $0.classes + 1 } ?? 0
    return scores + (boost == nil ? 0 : 3)
  }

  /// Embeddings of every training image, which are kept until vectors are turned to them.
  var numbersForAlignment: Int { harmonization.map { $0.isAligned ? $0.dimension : 0 } ?? 0 }

  /// One line: `BCL (…), SDCLR (…), SimCLR, temperature 0.2; GH on 100 vectors from epoch 500 on`.
  public var summary: String {
    var parts: [String] = []
    if let sharpness { parts.append("rwSAM (\(sharpness.summary))") }
    if let boost { parts.append("BCL (\(boost.summary))") }
    if let pruning {
      let random = pruning.random > 0 ? " and \(pruning.random) at random" : ""
      parts.append("SDCLR (\(Self.text(pruning.fraction)) of the weights pruned\(random))")
    }
    parts.append(contrast.summary)
    if let temperature = contrast.temperature { parts.append("temperature \(Self.text(temperature))") }
    let gh = harmonization.map {
      "; GH on \($0.classes) vectors from epoch \($0.starts) on" + ($0.isAligned ? ", turned to the embeddings" : "")
    } ?? ""
    return parts.joined(separator: ", ") + gh
  }

  private static func text(_ schedule: Schedule) -> String { schedule.constantValue.map { "\($0)" } ?? "scheduled" }
}

/// The loss of two views, as planned.
public enum ContrastPlan: Hashable, Sendable {
  /// NT-Xent; the temperature is read at the beginning of each epoch. With an exponent of the focal factor or without.
  case ntXent(temperature: Schedule, focalGamma: Double?)
  /// SimSiam with a predictor of these widths.
  case simSiam(dimension: Int, hidden: Int, seed: UInt64)

  public var temperature: Schedule? {
    guard case .ntXent(let temperature, _) = self else { return nil }
    return temperature
  }

  /// Weights that the loss learns beside the model's, without building them.
  var parameterCount: Int {
    switch self {
    case .ntXent: 0
    case .simSiam(let dimension, let hidden, _):
      Predictor.parameterCount(inputs: dimension, hidden: hidden, outputs: dimension)
    }
  }

  /// The same with what costs neither time nor memory set alike.
  var costing: ContrastPlan {
    switch self {
    case .ntXent(_, let gamma): .ntXent(temperature: .constant(1), focalGamma: gamma.map { _ in 1 })
    case .simSiam(let dimension, let hidden, _): .simSiam(dimension: dimension, hidden: hidden, seed: 0)
    }
  }

  var summary: String {
    switch self {
    case .ntXent(_, let gamma): gamma.map { "focal (gamma \($0))" } ?? "SimCLR"
    case .simSiam(let dimension, let hidden, _): "SimSiam, predictor \(dimension) → \(hidden) → \(dimension)"
    }
  }
}

/// The pruned branch as planned.
public struct PruningPlan: Hashable, Sendable {
  /// Share of the weights masked for being small, read at the beginning of each epoch.
  public var fraction: Schedule
  /// Share of the others masked at random.
  public var random: Double
  public var seed: UInt64
}

/// Boosted Contrastive Learning as planned.
public struct BoostPlan: Hashable, Sendable {
  /// Share of an image's old loss kept at each visit.
  public var momentum: Double
  public var views: RandAugment

  /// `1 operation at strength 10…30; the first epoch's views are plain`
  var summary: String {
    let count = views.operations == 1 ? "1 operation" : "up to \(views.operations) operations"
    let (least, most) = (PlanText.number(views.strength.lowerBound), PlanText.number(views.strength.upperBound))
    let varied = views.varies ? ", scaled at random" : ""
    return "\(count) a view at strength \(least)…\(most)\(varied), by the image's weight; in the first epoch none"
  }
}

/// rwSAM as planned.
public struct SharpnessPlan: Hashable, Sendable {
  public var rho: Double
  public var isAdaptive: Bool
  /// Of the inverse density that weighs images in the ascent.
  public var exponent: Double
  /// Nil for the median distance in the batch.
  public var bandwidth: Double?

  /// `two passes a step, adaptive ascent of 0.5, weights density^−1 at the median distance`
  var summary: String {
    let width = bandwidth.map { "at bandwidth \(PlanText.number($0))" } ?? "at the median distance"
    return "two passes a step, \(isAdaptive ? "adaptive " : "")ascent of \(PlanText.number(rho)), weights "
      + "density^−\(PlanText.number(exponent)) \(width)"
  }
}

/// Geometric Harmonization as planned; epochs are counted from the start of the run.
public struct HarmonizationPlan: Hashable, Sendable {
  public var classes: Int
  public var dimension: Int
  /// Whether the exact simplex was asked for (then classes ≤ dimension + 1).
  public var isExact: Bool
  public var structureSeed: UInt64
  public var starts: Int
  /// Whether the vertices are turned to the embeddings' k-means centres at the start.
  public var isAligned: Bool
  public var weight: Schedule
  public var prior: Prior
  public var lambda: Double
  public var iterations: Int
  public var tolerance: Double?
  public var requiresConvergence: Bool
  public var temperature: Double

  public enum Prior: Hashable, Sendable {
    case uniform
    /// By running means of scores; a new estimate every `refresh` epochs from the start of GH on.
    case momentum(Schedule, refresh: Int, ClassPrior)
  }

}
