import DataPipeline
import Evaluation
import Foundation
import RecipeLanguage

/// The images of an arm: what trains, what measures, and how views are made.
public struct ImagePlan: Sendable {
  let selected: SelectedImages
  /// How the two views are drawn.
  public let views: ViewPlan

  public var trainingCount: Int { selected.training.count }
  public var testCount: Int { selected.test?.count ?? 0 }
  public var channels: Int { selected.training.channels }
  public var viewSize: Int { views.size }
  public var isLabelled: Bool { selected.training.labels != nil }
  public var hasTest: Bool { selected.test?.labels != nil }
  public var classCount: Int { selected.training.classNames.count }
  /// Names by label; nil without labels.
  public var classNames: [String]? { isLabelled ? selected.training.classNames : nil }
  /// Training images a class; nil without labels.
  public var classCounts: [Int]? { isLabelled ? selected.training.classCounts : nil }

  /// Files that could not be decoded, each with the reason.
  var skipped: [String] { selected.skipped }
  var normalization: Normalization { selected.normalization }
  var training: any ImageSource { selected.training }
  var pool: any ImageSource { selected.pool }
  /// Test images; the training images where there are none.
  var test: any ImageSource { selected.test ?? selected.training }

  /// A group of the rule that no class falls into; nil if each has one.
  func emptyGroup(_ rule: GroupAccuracy.Rule) -> String? {
    guard let counts = classCounts, let groups = try? GroupAccuracy.groups(classCounts: counts, rule: rule) else {
      return nil
    }
    return GroupAccuracy.Group.allCases.first { !groups.contains($0) }?.rawValue
  }

  /// `1488 for training, 10 classes of 6…600; 2000 for testing`
  var text: String {
    var parts = ["\(trainingCount) for training"]
    if let counts = classCounts, let least = counts.min(), let most = counts.max() {
      parts[0] += ", \(counts.count) classes of \(least)…\(most)"
    }
    if hasTest { parts.append("\(testCount) for testing") }
    let skipped = selected.skipped.count
    if skipped > 0 { parts.append("\(skipped) left out because \(skipped == 1 ? "it" : "they") cannot be read") }
    return parts.joined(separator: "; ")
  }

  /// What a checkpoint says about its images, so that `embed` can treat others alike.
  var notes: [String: String] {
    func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: " ") }
    var notes = [
      "view.size": "\(views.size)", "view.mean": list(selected.normalization.mean),
      "view.deviation": list(selected.normalization.deviation),
    ]
    if let classNames { notes["classes"] = JSONValue.strings(classNames).line }
    return notes
  }
}

/// How SimCLR's views are drawn; see the words of `.simclr(…)`.
public struct ViewPlan: Hashable, Sendable {
  public var size: Int
  public var minimumArea: Double
  public var isBicubic: Bool
  public var flip: Double
  public var jitter: Double
  public var strength: Double
  public var grey: Double
  public var blur: Double

  init(_ record: RecordValue) {
    size = record.int("size")
    minimumArea = record.float("min_area")
    isBicubic = record.member("interpolation") == "bicubic"
    flip = record.float("flip")
    jitter = record.float("jitter")
    strength = record.float("strength")
    grey = record.float("grey")
    blur = record.float("blur")
  }
}

extension Sequence where Element: Hashable {
  /// The elements without repetition, in order of their first places.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
