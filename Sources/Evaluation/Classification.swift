/// Predictions beside the truth, counted. Accuracies are shares, 0…1.
public struct Classification: Hashable, Sendable {
  /// The class given to each sample.
  public let predictions: [Int]
  /// Test samples of each class.
  public let counts: [Int]
  /// Of those, the ones that got their class.
  public let correct: [Int]

  /// Programmer error: lists of different length, or a label outside `0..<classes`, trap.
  public init(predictions: [Int], labels: [Int], classes: Int) {
    precondition(predictions.count == labels.count, "\(predictions.count) predictions, \(labels.count) labels")
    var counts = [Int](repeating: 0, count: classes)
    var correct = counts
    for (prediction, label) in zip(predictions, labels) {
      counts[label] += 1
      if prediction == label { correct[label] += 1 }
    }
    self.predictions = predictions
    self.counts = counts
    self.correct = correct
  }

  public var classes: Int { counts.count }

  /// Share of all samples that got their class; NaN without samples.
  public var top1: Double { Double(correct.reduce(0, +)) / Double(counts.reduce(0, +)) }

  /// Share of each class; NaN where a class has no test sample.
  public var perClass: [Double] { zip(correct, counts).map { Double($0) / Double($1) } }
}
