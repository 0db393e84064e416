import DataPipeline
import Evaluation
import RecipeLanguage

/// How and when the representation is measured.
public struct EvaluationPlan: Sendable {
  /// At least one; the first gives the main scores.
  public var probes: [ProbePlan]
  /// Epochs between two measurements by the first probe; nil for one at the end. All are made at the end.
  public var every: Int?

  /// The rule of the main scores' groups.
  public var groups: GroupAccuracy.Rule { probes[0].groups }
}

/// One measurement.
public struct ProbePlan: Sendable {
  public enum Probe: Hashable, Sendable {
    case linear(LinearProbe.Options, neighbours: Int?)
    case nearest(NearestNeighbours.Options)
    case tuned(TuningPlan)
  }
  /// What results call it: `linear_probe`, `linear_probe_100shot`; `_2` … where a recipe has two alike.
  public var name: String
  public var probe: Probe
  public var groups: GroupAccuracy.Rule
  /// Whether the probe learns on the long-tailed images instead of the whole training split.
  public var onTrainingImages: Bool
  /// Images of each class it learns from; nil for all.
  public var shots: Int?
  /// Of the draw of shots.
  public var seed: UInt64
  /// Another data set to learn from and be tested on; nil for the recipe's own.
  var transfer: SelectedImages?
  /// That data set in canonical writing, which tells it from others.
  var transferText: String?

  /// What it learns from, before shots are drawn.
  func learning(_ images: ImagePlan) -> any ImageSource {
    let selected = transfer ?? images.selected
    return onTrainingImages ? selected.training : selected.pool
  }

  /// What it is tested on.
  func testing(_ images: ImagePlan) -> any ImageSource { transfer?.test ?? images.test }

  /// Images that it learns from.
  func learnt(_ images: ImagePlan) -> Int {
    let source = learning(images)
    return shots.map { $0 * source.classNames.count } ?? source.count
  }

  /// Alike in probes that look at the same images, which go through the network once.
  fileprivate var imagesKey: String {
    // A tuned network has representations of its own.
    tuning == nil ? "\(onTrainingImages) \(transferText ?? "")" : "by \(name)"
  }

  var tuning: TuningPlan? {
    guard case .tuned(let plan) = probe else { return nil }
    return plan
  }
}

/// Logit-adjusted fine-tuning as planned.
public struct TuningPlan: Hashable, Sendable {
  public var epochs: Int
  public var batch: Int
  /// At the start; it falls to 0 along a cosine.
  public var rate: Double
  public var momentum: Double
  public var nesterov: Bool
  public var weightDecay: Double
  /// Of the adjustment; 0 for plain cross-entropy.
  public var tau: Double
  public var isFromScratch: Bool
  /// Least share of an image in a crop.
  public var minimumArea: Double

  /// Images of a step, where there are so many; batch norm needs two.
  func batch(of images: Int) -> Int { max(2, min(batch, images)) }

  /// For `plan`.
  var text: String {
    "\(epochs) epochs in batches of \(batch) from \(isFromScratch ? "random" : "the trained") weights, tau \(tau)"
  }
}

extension [ProbePlan] {
  /// Places of the probes that look at the same images, in order of their first.
  var placesByImages: [[Int]] {
    map(\.imagesKey).uniqued().map { key in indices.filter { self[$0].imagesKey == key } }
  }

  /// The first of those that look at the same images.
  var firstByImages: [ProbePlan] { placesByImages.map { self[$0[0]] } }
}
