import Foundation

/// A number that follows the course of training: a pure function of time in epochs.
///
/// Spans follow one another from time 0 without a gap; each owns its start but not its end, except
/// the last one, whose end value holds from then on. Which time is asked for is the user's choice,
/// see ``Moment``.
public struct Schedule: Hashable, Sendable {
  /// How a value moves across a span.
  public indirect enum Curve: Hashable, Sendable {
    case hold(Double)
    /// In a straight line.
    case ramp(from: Double, to: Double)
    /// Along half a cosine: `to + (from − to)·(1 + cos πp)/2` for progress p in 0…1.
    case cosine(from: Double, to: Double)
    /// By an equal factor an epoch; both values above 0.
    case exponential(from: Double, to: Double)
    /// `from`, multiplied by `factor` after every `every` epochs of the span.
    case stairs(from: Double, factor: Double, every: Double)
    /// Another schedule, begun anew every `every` epochs of the span.
    case repeating(Schedule, every: Double)
  }

  public struct Span: Hashable, Sendable {
    public var curve: Curve
    /// Epochs from the beginning of training.
    public var start: Double
    /// Infinite for a span without end (only the last may be; a moving curve may not).
    public var end: Double

    public init(_ curve: Curve, from start: Double, to end: Double) {
      self.curve = curve
      self.start = start
      self.end = end
    }
  }

  public let spans: [Span]

  /// Throws ``ScheduleError`` for spans that leave a gap or overlap, and for curves that mean nothing.
  public init(_ spans: [Span]) throws {
    guard let first = spans.first else { throw ScheduleError("a schedule needs at least one span") }
    guard first.start == 0 else {
      throw ScheduleError("the first span starts at \(first.start) epochs; nothing covers the time before")
    }
    for (index, span) in spans.enumerated() {
      if index > 0, spans[index - 1].end != span.start {
        let before = spans[index - 1].end
        throw ScheduleError(
          span.start > before
            ? "nothing covers the epochs from \(before) to \(span.start)"
            : "two spans cover the epochs from \(span.start) to \(before)")
      }
      try span.check()
    }
    self.spans = spans
  }

  private init(trusted spans: [Span]) { self.spans = spans }

  /// One value throughout.
  public static func constant(_ value: Double) -> Schedule {
    Schedule(trusted: [Span(.hold(value), from: 0, to: .infinity)])
  }

  /// The value of a schedule that holds one throughout; else nil.
  public var constantValue: Double? {
    guard spans.count == 1, case .hold(let value) = spans[0].curve else { return nil }
    return value
  }

  /// The value at a time in epochs (before 0: as at 0).
  public func value(at time: Double) -> Double {
    let span = spans.last { $0.start <= time } ?? spans[0]
    return span.value(at: max(time, span.start))
  }

  /// The last span's end; infinite for a schedule that never ends.
  public var end: Double { spans[spans.count - 1].end }
}

extension Schedule.Span {
  fileprivate func value(at time: Double) -> Double {
    let elapsed = min(time, end) - start
    let progress = end.isFinite ? elapsed / (end - start) : 0
    switch curve {
    case .hold(let value): return value
    case .ramp(let from, let to): return progress == 1 ? to : from + (to - from) * progress
    case .cosine(let from, let to): return to + (from - to) * (1 + cos(.pi * progress)) / 2
    case .exponential(let from, let to): return from * pow(to / from, progress)
    case .stairs(let from, let factor, let every): return from * pow(factor, (elapsed / every).rounded(.down))
    case .repeating(let inner, let every):
      return inner.value(at: elapsed.truncatingRemainder(dividingBy: every))
    }
  }

  fileprivate func check() throws {
    guard start.isFinite, start >= 0, end > start else {
      throw ScheduleError("a span from \(start) to \(end) epochs has no length")
    }
    func moving(_ name: String) throws {
      guard end.isFinite else { throw ScheduleError("\(name) from epoch \(start) needs an end") }
    }
    switch curve {
    case .hold: break
    case .ramp: try moving("ramp")
    case .cosine: try moving("cosine")
    case .exponential(let from, let to):
      try moving("exponential")
      guard from > 0, to > 0 else { throw ScheduleError("exponential \(from) -> \(to) needs values above 0") }
    case .stairs(_, let factor, let every):
      guard every > 0, factor > 0 else {
        throw ScheduleError("stairs need a factor above 0 and steps longer than 0 epochs")
      }
    case .repeating(_, let every):
      guard every > 0 else { throw ScheduleError("repeat needs a period longer than 0 epochs") }
    }
  }
}

/// Spans that make no schedule.
public struct ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}
