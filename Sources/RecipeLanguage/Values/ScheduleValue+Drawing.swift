extension ScheduleValue {
  /// The segments with their ends on one line: `0 ─ ramp ─ 10ep ─ cosine ─ 500ep │ the run ends at 1000ep`.
  public func drawing(length: Quantity) -> String {
    var text = "0"
    var at: Quantity? = Quantity(Rational(0), length.dimension)
    for segment in segments {
      switch segment.end {
      case .until(let time): at = time
      case .over(let time):
        if let start = at, start.dimension == time.dimension, let sum = start.amount.adding(time.amount) {
          at = Quantity(sum, time.dimension)
        } else {
          at = nil
        }
      case .open: at = length
      case .natural: at = nil
      }
      text += " ─ \(segment.shape.name) ─ \(at.map { "\($0)" } ?? "?")"
    }
    return text + " │ the run ends at \(length)"
  }
}

extension ScheduleValue.Shape {
  /// The word it is written with.
  public var name: String {
    switch self {
    case .hold: "hold"
    case .ramp: "ramp"
    case .cosine: "cosine"
    case .exponential: "exponential"
    case .stairs: "stairs"
    case .cycle: "repeat"
    }
  }
}
