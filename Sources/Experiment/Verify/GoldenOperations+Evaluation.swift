import Evaluation
import Training

/// What is neither a kernel nor a loss: schedules, group accuracy.
extension GoldenOperations {
  static let others: [String: Operation] = ["group_accuracy": groupAccuracy, "lr_schedule": learningRates]

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

  private static let learningRates: Operation = { golden in
    let epochs = try golden.integer("epochs")
    let schedule = try Schedule.published(
      rate: try golden.number("lr"), epochs: epochs, warmUp: try golden.integer("warm_up"),
      minimum: try golden.number("lr_min"), firstMinimum: try golden.number("lr_min_stage1"),
      secondMaximum: try golden.number("lr_max_stage2"))
    var results = GoldenResults()
    results["lr"] = (0..<epochs).map { schedule.value(at: Moment(epoch: $0, batchesPerEpoch: 1).epochEnd) }
    return results
  }
}
