/// Places the segments of a schedule one after the other, collecting everything that does not fit.
struct SchedulePlacement {
  let context: ScheduleContext
  private(set) var problems: [ScheduleProblem] = []

  init(context: ScheduleContext) { self.context = context }

  /// A time in steps; or, with no context but a length, in the unit of the length.
  private func convert(_ time: Quantity) -> Rational? {
    guard context.stepsPerEpoch == nil, context.imagesPerStep == nil, let length = context.length else {
      return context.steps(time)
    }
    return time.dimension == length.dimension ? time.amount : nil
  }

  /// The run's end in the unit of `convert`, if it is known.
  private var runEnd: Rational? { context.length.flatMap(convert) }

  private mutating func report(_ kind: ScheduleProblem.Kind, _ segment: Int, _ message: String) {
    problems.append(ScheduleProblem(kind: kind, message: message, segment: segment))
  }

  /// Places a whole schedule from 0 to the end of the run.
  mutating func place(_ schedule: ScheduleValue) -> [ResolvedSchedule.Piece] {
    let pieces = place(schedule.segments, within: runEnd)
    guard problems.isEmpty, let last = pieces.last, let end = runEnd else { return pieces }
    let count = schedule.segments.count - 1
    if last.end < end {
      report(.gap, count, "the schedule ends at \(show(last.end)), but the run goes on to \(show(end))")
    } else if end < last.end {
      report(.beyondEnd, count, "the schedule goes on to \(show(last.end)), but the run ends at \(show(end))")
    }
    return pieces
  }

  private func show(_ time: Rational) -> String {
    if context.stepsPerEpoch != nil || context.imagesPerStep != nil { return "\(Quantity(time, .steps))" }
    return "\(Quantity(time, context.length?.dimension ?? .steps))"
  }

  private mutating func place(
    _ segments: [ScheduleValue.Segment], within end: Rational?
  ) -> [ResolvedSchedule.Piece] {
    var pieces: [ResolvedSchedule.Piece] = []
    var start = Rational(0)
    for (index, segment) in segments.enumerated() {
      var cycle: [ResolvedSchedule.Piece] = []
      var milestones: [Double] = []
      switch segment.shape {
      case .cycle(let inner, _): cycle = place(inner.segments, within: nil)
      case .stairs(_, _, let times):
        for time in times {
          guard let converted = convert(time) else {
            report(.unknownUnit, index, unknown(time))
            return pieces
          }
          milestones.append(converted.doubleValue)
        }
      case .exponential(let way) where !(way.start > 0 && way.end > 0):
        report(.shape, index, "an exponential curve needs both ends above zero, not \(way.start) -> \(way.end)")
      default: break
      }
      guard
        let stop = self.end(of: segment, at: index, from: start, last: index == segments.count - 1, within: end, cycle)
      else { return pieces }
      if stop < start {
        if case .open = segment.end {
          report(.beyondEnd, index, "the last segment begins at \(show(start)), but the run ends at \(show(stop))")
          return pieces
        }
        report(.overlap, index, "the segment would end at \(show(stop)), before it starts at \(show(start))")
        return pieces
      }
      pieces.append(
        ResolvedSchedule.Piece(
          shape: segment.shape, start: start, end: stop, span: segment.span, milestones: milestones, cycle: cycle))
      start = stop
    }
    return pieces
  }

  private mutating func end(
    of segment: ScheduleValue.Segment, at index: Int, from start: Rational, last: Bool, within end: Rational?,
    _ cycle: [ResolvedSchedule.Piece]
  ) -> Rational? {
    switch segment.end {
    case .until(let time), .over(let time):
      guard let converted = convert(time) else {
        report(.unknownUnit, index, unknown(time))
        return nil
      }
      if case .until = segment.end { return converted }
      return start.adding(converted)
    case .natural:
      guard case .cycle(_, let times?) = segment.shape, let period = cycle.last?.end else { return nil }
      guard let length = period.multiplied(by: Rational(times)) else { return nil }
      return start.adding(length)
    case .open:
      if last, end == nil, let length = context.length, runEnd == nil {
        report(.unknownUnit, index, unknown(length))
        return nil
      }
      guard last, let end else {
        let reason = last ? "needs `until:` or `over:` here" : "needs `until:` or `over:`, because another one follows"
        report(.openInside, index, "the segment \(reason)")
        return nil
      }
      return end
    }
  }

  private func unknown(_ time: Quantity) -> String {
    let length = context.length.map { " with a length of \($0)" } ?? ""
    return "\(time) cannot be placed\(length): the conversion is not known"
  }
}
