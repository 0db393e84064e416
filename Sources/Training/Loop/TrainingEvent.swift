import Foundation

/// What observers of a training are told: values only.
public enum TrainingEvent: Sendable {
  /// The loop begins, or goes on from a checkpoint.
  case started(Start)
  case step(StepReport, Progress)
  /// After an epoch's last step, before the hooks of that epoch; with the time of that epoch.
  case epoch(EpochReport, TimeUse)
  case saved(URL, Moment)
  /// With the time of all epochs.
  case ended(Outcome, Moment, TimeUse)

  public struct Start: Hashable, Sendable {
    public let moment: Moment
    public let resumed: Bool
    public let epochs: Int
    public let samples: Int
    public let parameters: Int
  }

  /// The pace, for a progress line. Times count this process only.
  public struct Progress: Hashable, Sendable {
    public let totalSteps: Int
    /// Samples a second over the last steps, waiting included; each sample is all its views.
    public let imagesPerSecond: Double
    /// Seconds until the last step at this pace, time of hooks not included.
    public let secondsLeft: Double
    /// Seconds of this step spent waiting for the batch.
    public let waited: Double
    /// Seconds since the loop began.
    public let elapsed: Double
  }

  /// How the loop's time was spent. Times count this process only: after a resume, what came before is not in them.
  public struct TimeUse: Hashable, Sendable {
    /// Seconds in which the loop stood still until data gave the next batch.
    public let dataWait: Double
    /// Seconds in all: waiting, steps, and checkpoints within epochs; not what is done between epochs.
    public let total: Double

    public init(dataWait: Double, total: Double) {
      self.dataWait = dataWait
      self.total = total
    }

    /// What part of the time was spent waiting, 0…1.
    public var dataWaitShare: Double { total > 0 ? dataWait / total : 0 }
  }

  public struct EpochReport: Hashable, Sendable {
    /// Epochs finished, this one included.
    public let epoch: Int
    /// Updates finished in all.
    public let step: Int
    public let learningRate: Double
    /// Mean over the epoch's samples of the whole loss.
    public let loss: Double
    /// Means of the loss's parts before their weights, over the samples they took part for.
    public let parts: [String: Double]
  }
}

/// How a training ended.
public enum Outcome: String, Hashable, Sendable {
  case finished
  /// Asked to stop; the state is saved.
  case interrupted
}
