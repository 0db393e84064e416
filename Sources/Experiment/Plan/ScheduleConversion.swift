import RecipeLanguage
import Training

/// Schedules of recipes as the trainer's: the same curves, times in epochs.
package struct ScheduleConversion {
  /// Length in epochs and batches an epoch of the run.
  let context: ScheduleContext

  package init(context: ScheduleContext) { self.context = context }

  /// - Parameters:
  ///   - start: epochs from the start of the run at which the schedule's own time begins; it holds its first value
  ///     before that.
  ///   - lasting: whether its last value lasts when it ends before the run.
  /// - Throws: `ScheduleProblems` where it does not cover the run.
  package func convert(
    _ schedule: ScheduleValue, startingAt start: Int = 0, lasting: Bool = false
  ) throws -> Schedule {
    if let constant = schedule.constant { return .constant(constant) }
    var spans = try spans(of: lasting ? Self.open(schedule) : schedule, context)
    if lasting, let last = spans.last, last.end <= last.start { spans.removeLast() }
    guard start > 0, let first = spans.first else { return try Schedule(spans) }
    let lead = Schedule.Span(.hold(Self.startValue(first)), from: 0, to: Double(start))
    let shifted = spans.map { Schedule.Span($0.curve, from: $0.start + Double(start), to: $0.end + Double(start)) }
    return try Schedule([lead] + shifted)
  }

  private func spans(of schedule: ScheduleValue, _ context: ScheduleContext) throws -> [Schedule.Span] {
    let pieces = try schedule.resolve(context).get().pieces
    return try pieces.flatMap { piece in
      let (start, end) = (epochs(piece.start), epochs(piece.end))
      switch piece.shape {
      case .hold(let value): return [Schedule.Span(.hold(value), from: start, to: end)]
      case .ramp(let way): return [Schedule.Span(.ramp(from: way.start, to: way.end), from: start, to: end)]
      case .cosine(let way): return [Schedule.Span(.cosine(from: way.start, to: way.end), from: start, to: end)]
      case .exponential(let way):
        return [Schedule.Span(.exponential(from: way.start, to: way.end), from: start, to: end)]
      case .stairs(let value, let factor, let milestones):
        return stairs(value, factor, milestones, from: start, to: end)
      case .cycle(let inner, _):
        let cycle = try spans(of: inner, ScheduleContext(
          stepsPerEpoch: context.stepsPerEpoch, imagesPerStep: context.imagesPerStep, length: nil))
        let period = cycle.last?.end ?? 0
        return [Schedule.Span(.repeating(try Schedule(cycle), every: period), from: start, to: end)]
      }
    }
  }

  /// A hold for each step of the stairs that lies within the span.
  private func stairs(
    _ value: Double, _ factor: Double, _ milestones: [Quantity], from start: Double, to end: Double
  ) -> [Schedule.Span] {
    let falls = milestones.compactMap { context.steps($0) }.map { start + epochs($0) }.filter { $0 < end }.sorted()
    var spans: [Schedule.Span] = []
    var (place, height) = (start, value)
    for fall in falls {
      if fall > place { spans.append(Schedule.Span(.hold(height), from: place, to: fall)) }
      (place, height) = (max(place, fall), height * factor)
    }
    return spans + [Schedule.Span(.hold(height), from: place, to: end)]
  }

  /// With a last segment that reaches the end of the run.
  private static func open(_ schedule: ScheduleValue) -> ScheduleValue {
    guard let last = schedule.segments.last, last.end != .open else { return schedule }
    let value: Double
    switch last.shape {
    case .hold(let held): value = held
    case .ramp(let way), .cosine(let way), .exponential(let way): value = way.end
    case .stairs(let start, let factor, let milestones):
      value = milestones.reduce(start) { height, _ in height * factor }
    case .cycle: return schedule
    }
    return schedule.then(ScheduleValue(constant: value))
  }

  private func epochs(_ steps: Rational) -> Double {
    let perEpoch = Rational(context.stepsPerEpoch ?? 1)
    return steps.divided(by: perEpoch)?.doubleValue ?? steps.doubleValue / Double(context.stepsPerEpoch ?? 1)
  }

  private static func startValue(_ span: Schedule.Span) -> Double {
    switch span.curve {
    case .hold(let value), .ramp(let value, _), .cosine(let value, _), .exponential(let value, _),
      .stairs(let value, _, _):
      value
    case .repeating(let inner, _): inner.value(at: 0)
    }
  }
}
