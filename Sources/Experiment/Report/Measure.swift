/// A number that a run came to, by the name that recipes use.
struct Measure: Hashable, Sendable {
  enum Better: Hashable, Sendable { case high, low }

  let name: String

  /// As the head of a column.
  var title: String {
    switch name {
    case "many", "medium", "few", "average", "loss": name.prefix(1).uppercased() + name.dropFirst()
    case "std": "Std ↓"
    case "top1": "Top-1"
    case "knn": "k-NN"
    case "inter_class": "Inter-class"
    case "neighbourhood": "Neighbourhood"
    case "least_share": "Least share"
    default: name
    }
  }

  /// What the number is, for a line of text.
  var meaning: String {
    switch name.split(separator: ".").last.map(String.init) ?? name {
    case "many": "mean accuracy of the classes with many training images, %"
    case "medium": "mean accuracy of the classes with a medium number of training images, %"
    case "few": "mean accuracy of the classes with few training images, %"
    case "average": "accuracy, mean over all classes, %"
    case "std": "standard deviation of many, medium and few; lower is more even"
    case "top1": "share of all test images that are recognised, %"
    case "knn": "accuracy of nearest neighbours, %"
    case "inter_class": "mean distance on the sphere of two class means; higher is more even"
    case "neighbourhood": "mean distance of each class mean to its nearest other; higher is more even"
    case "least_share": "the smallest share of the space that a class has, %; higher is more even"
    case "loss": "mean loss of the last epoch; comparable only between runs of one method"
    default: ""
    }
  }

  /// Nil for a loss, which says nothing across methods.
  var better: Better? {
    switch name.split(separator: ".").last.map(String.init) ?? name {
    case "loss": nil
    case "std": .low
    default: .high
    }
  }

  /// As many as the published tables have for percents; distances on the sphere and losses are small.
  var digits: Int {
    ["loss", "inter_class", "neighbourhood"].contains { $0 == (name.split(separator: ".").last.map(String.init) ?? name) } ? 3 : 2
  }

  /// Equal where the printed numbers are.
  func printed(_ value: Double) -> Double { (value * (digits == 3 ? 1000 : 100)).rounded() }

  /// That by which runs are told better from worse: the first of these that any of them has.
  static func main(of results: [ArmResult]) -> Measure? {
    ["average", "least_share", "inter_class", "loss"].map(Measure.init)
      .first { measure in results.contains { measure.value($0) != nil } }
  }

  /// Finite values alone; of a further probe `linear_probe_100shot.average`.
  func value(_ result: ArmResult) -> Double? {
    ((try? RunResults.reader(name)) ?? { _ in nil })(result).flatMap { $0.isFinite ? $0 : nil }
  }
}
