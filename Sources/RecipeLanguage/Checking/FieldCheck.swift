/// The checks of a value against the range and rule of its field.
enum FieldCheck {
  struct Problem {
    let code: DiagnosticCode
    let message: String
    let notes: [String]
  }

  /// What is wrong with a value of the right type, or nil.
  static func problem(_ value: Value, _ field: FieldDefinition, _ what: String) -> Problem? {
    if let range = field.range, let bad = first(outside: range, in: value) {
      let shown = CanonicalText.number(bad, like: field.type.scalar)
      let notes = field.doc.isEmpty ? [] : ["`\(field.name)`: \(field.doc)"]
      return Problem(
        code: .outOfRange,
        message: "\(what) \(value.varies ? "reaches" : "is") \(shown), but must be "
          + range.description(for: field.type),
        notes: notes)
    }
    if let reason = field.constraint?(value) {
      return Problem(code: .constraint, message: "\(what) \(reason)", notes: [])
    }
    return nil
  }

  /// The first number in a value that lies outside the range.
  private static func first(outside range: ValueRange, in value: Value) -> Double? {
    switch value {
    case .int, .float, .quantity:
      guard let number = value.doubleValue, !range.contains(number) else { return nil }
      return number
    case .list(let elements): return elements.lazy.compactMap { first(outside: range, in: $0) }.first
    case .map(let entries): return entries.lazy.compactMap { first(outside: range, in: $0.value) }.first
    case .transition(let way): return [way.start, way.end].first { !range.contains($0) }
    case .schedule(let schedule): return schedule.extremes.first { !range.contains($0) }
    default: return nil
    }
  }
}

extension Value {
  /// Whether it takes different values over time.
  fileprivate var varies: Bool {
    switch self {
    case .schedule, .transition: true
    default: false
    }
  }
}

extension ScheduleValue {
  /// Values between which every value of the schedule lies.
  var extremes: [Double] {
    segments.flatMap { segment -> [Double] in
      switch segment.shape {
      case .hold(let value): return [value]
      case .ramp(let way), .cosine(let way), .exponential(let way): return [way.start, way.end]
      case .stairs(let start, let factor, let milestones):
        var values = [start]
        for _ in milestones.prefix(1000) { values.append((values.last ?? start) * factor) }
        return values
      case .cycle(let inner, _): return inner.extremes
      }
    }
  }
}

extension FieldDefinition {
  /// `Float or schedule, 0.01…10, default 0.1`
  public var summary: String {
    var parts = [type.description]
    if let range { parts.append(range.description(for: type)) }
    switch defaultValue {
    case .required: parts.append("required")
    case .value(let value): parts.append("default \(CanonicalText.text(value, as: type))")
    case .source(let text): parts.append("default \(text)")
    }
    return parts.joined(separator: ", ")
  }
}
