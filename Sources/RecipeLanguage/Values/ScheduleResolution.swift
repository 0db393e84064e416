import Foundation

/// What turns training time into steps. The host knows it; the language only passes it on.
public struct ScheduleContext: Sendable, Hashable {
  /// Optimiser steps in one epoch, if known.
  public let stepsPerEpoch: Int?
  /// Images in one step, if known.
  public let imagesPerStep: Int?
  /// The run's length, in any unit of training time.
  public let length: Quantity?

  /// A context. Without `stepsPerEpoch` and `imagesPerStep` only times in the unit of `length` can be compared.
  public init(stepsPerEpoch: Int?, imagesPerStep: Int?, length: Quantity?) {
    self.stepsPerEpoch = stepsPerEpoch
    self.imagesPerStep = imagesPerStep
    self.length = length
  }

  /// A time in steps, exactly; nil when the context does not know the conversion.
  public func steps(_ time: Quantity) -> Rational? {
    switch time.dimension {
    case .steps: time.amount
    case .epochs: stepsPerEpoch.flatMap { time.amount.multiplied(by: Rational($0)) }
    case .images: imagesPerStep.flatMap { time.amount.divided(by: Rational($0)) }
    default: nil
    }
  }

  /// A context that counts in the unit of `length` itself, for checks before the batches are known.
  static func unitless(length: Quantity?) -> ScheduleContext {
    ScheduleContext(stepsPerEpoch: nil, imagesPerStep: nil, length: length)
  }
}

/// Something wrong with the times of a schedule.
public struct ScheduleProblem: Sendable, Error {
  /// What it is.
  public enum Kind: Sendable {
    /// The segments end before the run does.
    case gap
    /// A segment would end before it starts.
    case overlap
    /// The segments go on after the run.
    case beyondEnd
    /// A segment other than the last has no end.
    case openInside
    /// A time is not a whole number of steps where one is needed, or the conversion is not known.
    case unknownUnit
    /// A curve that cannot be drawn: exponential through zero, a repeat of nothing.
    case shape
  }
  /// What it is.
  public let kind: Kind
  /// One sentence.
  public let message: String
  /// The index of the segment.
  public let segment: Int
}

/// A schedule whose segments have their places in steps.
public struct ResolvedSchedule: Sendable {
  /// A segment from `start` to `end`, in steps since the start of the run.
  public struct Piece: Sendable {
    /// The curve.
    public let shape: ScheduleValue.Shape
    /// The first step of the segment.
    public let start: Rational
    /// The step after the last one.
    public let end: Rational
    /// Where it was written.
    public let span: SourceSpan?
    /// The milestones of stairs in steps after `start`; the cycle of a repeat.
    let milestones: [Double]
    let cycle: [Piece]
  }

  /// The pieces, without gaps, from step 0 to the end of the run.
  public let pieces: [Piece]

  /// The value at a step; before the first it is the first value, after the end the last one.
  public func value(atStep step: Int) -> Double { value(at: Double(step)) }

  /// The value at any point of training time, in steps (half steps included).
  public func value(at step: Double) -> Double { ResolvedSchedule.value(of: pieces, at: step) }

  private static func value(of pieces: [Piece], at step: Double) -> Double {
    guard let last = pieces.last else { return 0 }
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if step < pieces[middle].end.doubleValue { high = middle } else { low = middle + 1 }
    }
    let piece = low < pieces.count ? pieces[low] : last
    let start = piece.start.doubleValue
    let length = piece.end.doubleValue - start
    let elapsed = max(0, min(step - start, length))
    let t = length > 0 ? elapsed / length : 1
    switch piece.shape {
    case .hold(let value): return value
    case .ramp(let way): return t >= 1 ? way.end : way.start + (way.end - way.start) * t
    case .cosine(let way): return way.end + (way.start - way.end) * 0.5 * (1 + cos(.pi * t))
    case .exponential(let way): return way.start * pow(way.end / way.start, t)
    case .stairs(let start, let factor, _):
      return piece.milestones.reduce(start) { elapsed >= $1 ? $0 * factor : $0 }
    case .cycle:
      guard let period = piece.cycle.last?.end.doubleValue, period > 0 else { return 0 }
      let turns = (elapsed / period).rounded(.down)
      let atEnd = elapsed >= length && elapsed == turns * period && turns > 0
      return value(of: piece.cycle, at: atEnd ? period : elapsed - turns * period)
    }
  }
}

extension ScheduleValue {
  /// Places every segment in steps, exactly, and reports everything that does not fit.
  ///
  /// - Parameter context: how many steps an epoch has, how many images a step, and how long the run is.
  /// - Returns: the schedule, ready to be asked for values; or the problems.
  public func resolve(_ context: ScheduleContext) -> Result<ResolvedSchedule, ScheduleProblems> {
    var placement = SchedulePlacement(context: context)
    let pieces = placement.place(self)
    return placement.problems.isEmpty
      ? .success(ResolvedSchedule(pieces: pieces)) : .failure(ScheduleProblems(problems: placement.problems))
  }

  /// The value at a step, for one-off questions; a loop resolves once and asks the result.
  public func value(atStep step: Int, context: ScheduleContext) throws -> Double {
    try resolve(context).get().value(atStep: step)
  }
}

/// Everything wrong with the times of one schedule.
public struct ScheduleProblems: Error, Sendable, CustomStringConvertible {
  /// At least one.
  public let problems: [ScheduleProblem]
  /// The sentences, one after the other.
  public var description: String { problems.map(\.message).joined(separator: "; ") }
}
