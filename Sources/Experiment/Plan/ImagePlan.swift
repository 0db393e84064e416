import DataPipeline
import Foundation
import Kernels
import RecipeLanguage

/// The images of an arm: what trains, what measures, and how views are made.
public struct ImagePlan: Sendable {
  let selected: SelectedImages
  /// How the two views are drawn.
  public let views: ViewPlan

  public var trainingCount: Int { selected.training.count }
  public var testCount: Int { selected.test?.count ?? 0 }
  public var channels: Int { selected.training.channels }
  /// Height and width of a view; nil for points.
  public var viewSize: Int? {
    guard case .pictures(let views) = views else { return nil }
    return views.size
  }
  public var isPoints: Bool { viewSize == nil }
  public var isLabelled: Bool { selected.training.labels != nil }
  public var hasTest: Bool { selected.test?.labels != nil }
  public var classCount: Int { selected.training.classNames.count }
  /// Names by label; nil without labels.
  public var classNames: [String]? { isLabelled ? selected.training.classNames : nil }
  /// Training images a class; nil without labels.
  public var classCounts: [Int]? { isLabelled ? selected.training.classCounts : nil }

  var training: any ImageSource { selected.training }
  var pool: any ImageSource { selected.pool }
  /// Test images; the training images where there are none.
  var test: any ImageSource { selected.test ?? selected.training }

  /// The shape of a batch of so many views.
  func shape(of count: Int) -> Shape {
    guard let size = viewSize else { return [count, channels] }
    return [count, size, size, channels]
  }

  /// `1488 for training, 10 classes of 6…600; 2000 for testing`
  var text: String {
    var parts = ["\(trainingCount) for training"]
    if let counts = classCounts, let least = counts.min(), let most = counts.max() {
      parts[0] += ", \(counts.count) classes of \(least)…\(most)"
    }
    if hasTest { parts.append("\(testCount) for testing") }
    return parts.joined(separator: "; ")
  }

  /// `32×32, 3 channels`
  var viewsText: String {
    switch views {
    case .pictures(let views): "\(views.size)×\(views.size), \(channels) channel\(channels == 1 ? "" : "s")"
    case .points(let deviation): "\(channels) coordinates with noise of deviation \(deviation)"
    }
  }

  /// What a checkpoint says about its images, so that `embed` can treat others alike.
  var notes: [String: String] {
    func list(_ values: [Float]) -> String { values.map { "\($0)" }.joined(separator: " ") }
    var notes: [String: String] = [:]
    switch views {
    case .pictures(let views):
      notes["view.size"] = "\(views.size)"
      notes["view.mean"] = list(selected.normalization.mean)
      notes["view.deviation"] = list(selected.normalization.deviation)
    case .points(let deviation): notes["view.noise"] = "\(deviation)"
    }
    if let classNames { notes["classes"] = JSONValue.strings(classNames).line }
    return notes
  }
}

/// How views are made.
public enum ViewPlan: Hashable, Sendable {
  case pictures(PictureViews)
  /// A point with noise of this standard deviation.
  case points(deviation: Double)

  init(_ augment: RecordValue) {
    self = augment.type == "noise" ? .points(deviation: augment.float("deviation")) : .pictures(PictureViews(augment))
  }
}

/// How SimCLR's views are drawn; see the words of `.simclr(…)`.
public struct PictureViews: Hashable, Sendable {
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
