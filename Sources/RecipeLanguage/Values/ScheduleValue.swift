/// `a -> b`: where a curve starts and where it ends. Percentages are stored as fractions of one.
public struct Transition: Sendable, Hashable {
  /// The value at the start.
  public let start: Double
  /// The value at the end.
  public let end: Double
  /// Whether both were written in percent.
  public let isPercent: Bool

  /// A transition.
  public init(from start: Double, to end: Double, isPercent: Bool = false) {
    self.start = start
    self.end = end
    self.isPercent = isPercent
  }
}

/// A scalar as a pure function of training time: segments one after the other.
///
/// Times are kept as they were written (epochs, steps or images); only `resolve` with a context that knows the
/// batches turns them into steps, exactly.
public struct ScheduleValue: Sendable {
  /// The segments, in order; never empty.
  public let segments: [Segment]
  /// Whether the values are percentages (stored as fractions of one).
  public let isPercent: Bool
  /// How many segments it has, those of repeated schedules included.
  let weight: Int
  /// How deep schedules are nested in it.
  let depth: Int

  /// One piece of a schedule.
  public struct Segment: Sendable {
    /// Its curve.
    public let shape: Shape
    /// When it ends.
    public let end: End
    /// Where it was written, if it was.
    public let span: SourceSpan?

    /// A segment.
    public init(_ shape: Shape, end: End, span: SourceSpan? = nil) {
      self.shape = shape
      self.end = end
      self.span = span
    }
  }

  /// The curve of a segment; `t` runs from 0 at its start to 1 at its end.
  public indirect enum Shape: Sendable, Hashable {
    /// A constant.
    case hold(Double)
    /// A straight line: a + (b − a)·t.
    case ramp(Transition)
    /// Half a cosine: b + (a − b)·(1 + cos πt)/2.
    case cosine(Transition)
    /// Geometric: a·(b/a)^t; both ends positive.
    case exponential(Transition)
    /// `start` times `factor` for every milestone that has been reached; milestones count from the segment's start.
    case stairs(start: Double, factor: Double, milestones: [Quantity])
    /// The pieces over and over: `times` times, or until the segment's end.
    case cycle(ScheduleValue, times: Int?)
  }

  /// When a segment ends.
  public enum End: Sendable, Hashable {
    /// At this time since the start of the run.
    case until(Quantity)
    /// This long after the segment's start.
    case over(Quantity)
    /// At the end of the run; only for the last segment.
    case open
    /// When its own pieces are through (a `repeat` with `times:`).
    case natural
  }

  /// A schedule of segments.
  public init(segments: [Segment], isPercent: Bool = false) {
    precondition(!segments.isEmpty, "a schedule needs at least one segment")
    self.segments = segments
    self.isPercent = isPercent
    var weight = 0
    var depth = 0
    for segment in segments {
      weight = Value.add(weight, segment.shape.weight)
      depth = max(depth, segment.shape.depth)
    }
    self.weight = weight
    self.depth = depth + 1
  }

  /// The schedule of a plain number.
  public init(constant: Double, isPercent: Bool = false) {
    self.init(segments: [Segment(.hold(constant), end: .open)], isPercent: isPercent)
  }

  /// Whether it is one plain number for the whole run.
  public var constant: Double? {
    if segments.count == 1, case .hold(let value) = segments[0].shape, segments[0].end == .open { value } else { nil }
  }

  /// This schedule and then another one.
  public func then(_ next: ScheduleValue) -> ScheduleValue {
    ScheduleValue(segments: segments + next.segments, isPercent: isPercent)
  }
}

extension ScheduleValue: Hashable {
  /// Equal in meaning: the places where they were written do not count.
  public static func == (left: ScheduleValue, right: ScheduleValue) -> Bool {
    left.isPercent == right.isPercent && left.segments.count == right.segments.count
      && zip(left.segments, right.segments).allSatisfy { $0.shape == $1.shape && $0.end == $1.end }
  }
  /// Hashes shapes and ends.
  public func hash(into hasher: inout Hasher) {
    for segment in segments {
      hasher.combine(segment.shape)
      hasher.combine(segment.end)
    }
  }
}
