import Evaluation

extension ArmResult.Scores {
  /// Scores in percent from what a probe predicted.
  ///
  /// - Parameters:
  ///   - classCounts: training images of each class of the long-tailed set, which make the groups.
  ///   - neighbours: predictions of nearest neighbours, where they were asked for.
  /// - Throws: ``EvaluationError`` when counts and classes do not fit together.
  public init(
    _ probe: Classification, classCounts: [Int], rule: GroupAccuracy.Rule = .thirds, neighbours: Classification? = nil
  ) throws {
    let perClass = probe.perClass.map { $0 * 100 }
    let groups = try GroupAccuracy(classCounts: classCounts, classAccuracy: perClass, rule: rule)
    self.init(
      top1: probe.top1 * 100, many: groups.many, medium: groups.medium, few: groups.few, std: groups.std,
      average: groups.average, perClass: perClass, neighbours: neighbours.map { $0.top1 * 100 })
  }
}

extension Report.Map {
  /// Points of a map, with the classes of the features it was made of.
  public init(caption: String, _ map: PlanarMap, labels: [Int]) {
    self.init(caption: caption, x: map.points.map(\.x), y: map.points.map(\.y), labels: labels)
  }
}
