import RecipeLanguage

/// Epochs, steps and images of one training set and batch.
public struct TrainingClock: Hashable, Sendable {
  /// Images in the training set.
  public let images: Int
  /// Images a step.
  public let batch: Int
  /// Whether an epoch's last, smaller batch is left out.
  public let dropsLast: Bool
  /// Steps an epoch, at least 1.
  public let stepsPerEpoch: Int

  /// Nil where an epoch would have no step: `dropsLast` and fewer images than a batch, or fewer than two images.
  public init?(images: Int, batch: Int, dropsLast: Bool) {
    let (full, rest) = images.quotientAndRemainder(dividingBy: batch)
    let steps = full + (!dropsLast && rest >= 2 ? 1 : 0)
    guard steps > 0 else { return nil }
    self.images = images
    self.batch = batch
    self.dropsLast = dropsLast
    stepsPerEpoch = steps
  }

  /// Images of an epoch that are in no batch: the last ones where they are dropped, or are but one.
  public var dropped: Int {
    let rest = images % batch
    return dropsLast || rest == 1 ? rest : 0
  }

  /// A time in whole epochs; nil if it is not a whole number of them.
  public func wholeEpochs(_ time: Quantity) -> Int? {
    switch time.dimension {
    case .epochs: return time.amount.isWhole ? time.amount.numerator : nil
    case .steps:
      guard time.amount.isWhole, time.amount.numerator % stepsPerEpoch == 0 else { return nil }
      return time.amount.numerator / stepsPerEpoch
    case .images:
      guard time.amount.isWhole, time.amount.numerator % images == 0 else { return nil }
      return time.amount.numerator / images
    default: return nil
    }
  }

  /// For schedules: how times are placed in steps.
  func context(epochs: Int) -> ScheduleContext {
    ScheduleContext(stepsPerEpoch: stepsPerEpoch, imagesPerStep: batch, length: .epochs(epochs))
  }
}
