import Evaluation

/// What is neither a kernel nor a loss: splits, schedules, group accuracy.
extension GoldenOperations {
  static let others: [String: Operation] = ["group_accuracy": groupAccuracy]

  private static let groupAccuracy: Operation = { golden in
    let rule = try golden.choice("protocol", ["thirds": GroupAccuracy.Rule.thirds, "absolute": .absolute])
    let accuracy = try GroupAccuracy(
      classCounts: try golden.integers("class_counts"), classAccuracy: try golden.file("class_accuracy").doubles,
      rule: rule)
    var results = GoldenResults()
    results["groups"] = [accuracy.many, accuracy.medium, accuracy.few]
    results["average"] = [accuracy.average]
    results["std"] = [accuracy.std]
    return results
  }
}
