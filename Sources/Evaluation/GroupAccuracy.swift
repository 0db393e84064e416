/// Accuracy over classes with many, medium and few training images, as the published tables print it.
///
/// Units are those of the accuracies given (shares or percent). A class whose accuracy is NaN (no test
/// sample) counts nowhere; a group without a class is NaN.
/// Source: METHOD 4.2; Zhou et al., NeurIPS 2023, table 1.
public struct GroupAccuracy: Hashable, Sendable {
  /// How classes are put into groups.
  public enum Rule: Hashable, Sendable {
    /// Sorted by training images (ties in class order): the ⌊C/3⌋ smallest are few, the next ⌊C/3⌋
    /// medium, the rest many. CIFAR tables: 34 / 33 / 33.
    case thirds
    /// More than `many` images, fewer than `few`, and those between. ImageNet-LT and Places-LT: 100 and 20.
    case counts(many: Int, few: Int)

    /// `.counts(many: 100, few: 20)`
    public static let absolute = Rule.counts(many: 100, few: 20)
  }

  /// One of the three groups.
  public enum Group: String, Hashable, Sendable, CaseIterable {
    case many, medium, few
  }

  /// Means over the classes of each group.
  public let many: Double
  public let medium: Double
  public let few: Double
  /// Sample standard deviation (n − 1) of the three; of those that exist if one is empty, NaN below two.
  public let std: Double
  /// Mean over all classes.
  public let average: Double
  /// The group of each class.
  public let groups: [Group]

  /// - Parameters:
  ///   - classCounts: training images of each class.
  ///   - classAccuracy: accuracy of each class.
  /// - Throws: ``EvaluationError`` for lists of different length, a negative count, or thresholds the wrong
  ///   way round.
  public init(classCounts: [Int], classAccuracy: [Double], rule: Rule = .thirds) throws {
    guard classCounts.count == classAccuracy.count else {
      throw EvaluationError(
        "group accuracy", "\(classCounts.count) class counts for \(classAccuracy.count) accuracies")
    }
    let groups = try Self.groups(classCounts: classCounts, rule: rule)
    func mean(_ group: Group?) -> Double {
      let values = zip(groups, classAccuracy).filter { (group == nil || $0.0 == group) && !$0.1.isNaN }.map(\.1)
      return values.reduce(0, +) / Double(values.count)
    }
    self.groups = groups
    many = mean(.many)
    medium = mean(.medium)
    few = mean(.few)
    average = mean(nil)
    std = Self.sampleDeviation([many, medium, few].filter { !$0.isNaN })
  }

  /// The group of each class.
  public static func groups(classCounts: [Int], rule: Rule) throws -> [Group] {
    if let bad = classCounts.firstIndex(where: { $0 < 0 }) {
      throw EvaluationError("group accuracy", "class \(bad) has \(classCounts[bad]) training images")
    }
    switch rule {
    case .counts(let many, let few):
      guard few <= many + 1 else {
        throw EvaluationError(
          "group accuracy", "a class with \(many + 1) images would be in many (> \(many)) and few (< \(few))")
      }
      return classCounts.map { $0 > many ? .many : $0 < few ? .few : .medium }
    case .thirds:
      let order = classCounts.indices.sorted { (classCounts[$0], $0) < (classCounts[$1], $1) }
      let third = classCounts.count / 3
      var groups = [Group](repeating: .many, count: classCounts.count)
      for rank in 0..<2 * third { groups[order[rank]] = rank < third ? .few : .medium }
      return groups
    }
  }

  /// √(Σ (x − mean)² / (n − 1)); NaN for fewer than two values.
  static func sampleDeviation(_ values: [Double]) -> Double {
    guard values.count > 1 else { return .nan }
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }
}
