/// Where training stands, in whole numbers.
public struct Moment: Hashable, Sendable {
  /// Epochs finished before this one.
  public var epoch: Int
  /// Batches of this epoch finished.
  public var batch: Int
  /// Optimiser updates finished in all.
  public var step: Int
  public let batchesPerEpoch: Int

  public init(epoch: Int = 0, batch: Int = 0, step: Int = 0, batchesPerEpoch: Int) {
    self.epoch = epoch
    self.batch = batch
    self.step = step
    self.batchesPerEpoch = batchesPerEpoch
  }

  /// The epoch's beginning: for values that belong to an epoch as a whole (momentum of the scores).
  public var epochStart: Double { Double(epoch) }

  /// The epoch's end: what published schedules, which count epochs from 1, are written for.
  public var epochEnd: Double { Double(epoch + 1) }

  /// The end of the batch under way, a fraction of an epoch; equal to ``epochEnd`` in the last one.
  public var stepEnd: Double { Double(epoch) + Double(batch + 1) / Double(batchesPerEpoch) }
}

/// How often a schedule is asked for its value.
public enum ScheduleUpdate: String, Hashable, Sendable, CaseIterable {
  /// Once an epoch, at ``Moment/epochEnd``.
  case everyEpoch
  /// Before every update, at ``Moment/stepEnd``.
  case everyStep
}

extension Schedule {
  public func value(at moment: Moment, _ update: ScheduleUpdate) -> Double {
    value(at: update == .everyEpoch ? moment.epochEnd : moment.stepEnd)
  }
}
