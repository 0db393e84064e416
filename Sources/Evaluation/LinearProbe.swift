import Foundation
import Kernels

/// Trains a linear classifier on frozen representations: how much a straight line can read from them.
///
/// Softmax cross-entropy with Adam; the rate falls by the same factor each epoch; the weights of the last
/// epoch are kept. Features are used as they are. The same seed gives the same bits for any number of
/// threads.
/// Source: METHOD 4.1 (the linear evaluation of the Geometric Harmonization code).
public enum LinearProbe {
  /// Settings; the defaults are the published ones.
  public struct Options: Hashable, Sendable {
    public var epochs: Int
    /// Samples a step; the last one of an epoch may have fewer.
    public var batch: Int
    /// Rate of the first epoch.
    public var rate: Double
    /// Rate that would follow the last epoch: epoch e has rate · (finalRate / rate)^(e / epochs).
    public var finalRate: Double
    /// L2, added to the gradient of weights and biases.
    public var weightDecay: Double
    /// Of the first weights and of the order of samples.
    public var seed: UInt64

    public init(
      epochs: Int = 500, batch: Int = 1000, rate: Double = 1e-2, finalRate: Double = 1e-6,
      weightDecay: Double = 5e-6, seed: UInt64 = 0
    ) {
      self.epochs = epochs
      self.batch = batch
      self.rate = rate
      self.finalRate = finalRate
      self.weightDecay = weightDecay
      self.seed = seed
    }

    /// The rate of an epoch, counted from 0.
    public func rate(epoch: Int) -> Double {
      epochs > 0 ? rate * pow(finalRate / rate, Double(epoch) / Double(epochs)) : rate
    }

    /// - Throws: ``EvaluationError`` naming the option that is out of its range.
    public func validate() throws {
      func require(_ holds: Bool, _ text: @autoclosure () -> String) throws {
        if !holds { throw EvaluationError("linear probe", text()) }
      }
      try require(epochs >= 1, "epochs is \(epochs), expected at least 1")
      try require(batch >= 1, "batch is \(batch), expected at least 1")
      try require(rate > 0 && rate.isFinite, "rate is \(rate), expected a positive number")
      try require(
        finalRate > 0 && finalRate <= rate, "finalRate is \(finalRate), expected above 0 and at most rate \(rate)")
      try require(weightDecay >= 0 && weightDecay.isFinite, "weightDecay is \(weightDecay), expected 0 or more")
    }
  }

  public struct Result: Sendable {
    public let classifier: LinearClassifier
    /// Mean training loss of each epoch (nats), as met on the way.
    public let losses: [Double]
  }

  /// - Parameters:
  ///   - training: labelled features, at least one.
  ///   - classes: C; labels are in `0..<classes`. A class without a sample is allowed.
  ///   - progress: called after each epoch with its number from 1 and its loss; may throw to stop.
  /// - Throws: ``EvaluationError`` for an option out of range, missing or wrong labels, features that are not
  ///   finite; what `progress` throws.
  public static func train(
    on training: Features, classes: Int, options: Options = Options(),
    progress: (_ epoch: Int, _ loss: Double) throws -> Void = { _, _ in }
  ) throws -> Result {
    try options.validate()
    guard classes >= 1 else { throw EvaluationError("linear probe", "\(classes) classes") }
    try training.requireLabels(below: classes, in: "linear probe", "training")
    var trainer = try ProbeTrainer(training, classes: classes, options: options)
    var losses: [Double] = []
    for epoch in 0..<options.epochs {
      losses.append(try trainer.epoch(epoch))
      try progress(epoch + 1, losses[epoch])
    }
    return Result(classifier: trainer.classifier, losses: losses)
  }
}
