import VisibleText

/// Values written in the language itself: one writing for one meaning. Reading the text gives the value back.
enum CanonicalText {
  /// The canonical writing of a value.
  static func text(_ value: Value) -> String {
    switch value {
    case .none: return "none"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return "\(value)"
    case .float(let value): return float(value)
    case .string(let value): return quoted(value)
    case .quantity(let value): return value.description
    case .list(let elements): return "[" + elements.map(text).joined(separator: ", ") + "]"
    case .map(let entries):
      if entries.isEmpty { return "[:]" }
      return "[" + entries.map { "\(quoted($0.key)): \(text($0.value))" }.joined(separator: ", ") + "]"
    case .member(let member): return ".\(member.name)"
    case .record(let record): return text(record)
    case .transition(let way): return text(way)
    case .schedule(let schedule): return text(schedule)
    case .host(let value): return "<\(value.type)>"
    }
  }

  /// The writing of a field's value: a whole number of a Float field as a Float.
  static func text(_ value: Value, as type: ValueType) -> String {
    if case .int(let number) = value, type.scalar == .float { return float(Double(number)) }
    return text(value)
  }

  /// What `\( )` shows: strings and members bare.
  static func shown(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .member(let member): member.name
    default: text(value)
    }
  }

  /// A number as a field of this type would be written.
  static func number(_ value: Double, like type: ValueType) -> String {
    switch type {
    case .quantity(.percent): return percent(value)
    case .quantity(let dimension):
      if let amount = Rational(shownAs: value) {
        return Quantity(amount, dimension == .training ? .epochs : dimension).description
      }
      return float(value)
    case .int: return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    default: return float(value)
    }
  }

  private static func float(_ value: Double) -> String { "\(value)" }

  private static func percent(_ value: Double) -> String {
    if let exact = Rational(shownAs: value), let hundred = exact.multiplied(by: Rational(100)) { return "\(hundred)%" }
    return "\(value * 100)%"
  }

  private static func text(_ record: RecordValue) -> String {
    var fields = record.fields[...]
    var head = record.type
    switch record.form {
    case .free: break
    case .member: head = ".\(head)"
    case .method:
      if let receiver = fields.popFirst() { head = "\(text(receiver.value)).\(head)" }
    }
    return head + "(" + fields.map { "\($0.name): \(text($0.value))" }.joined(separator: ", ") + ")"
  }

  private static func scalar(_ value: Double, _ isPercent: Bool) -> String { isPercent ? percent(value) : float(value) }

  private static func text(_ way: Transition) -> String {
    "\(scalar(way.start, way.isPercent)) -> \(scalar(way.end, way.isPercent))"
  }

  private static func text(_ schedule: ScheduleValue) -> String {
    schedule.segments.map { segment in
      var arguments: [String]
      let name: String
      switch segment.shape {
      case .hold(let value): (name, arguments) = ("hold", [scalar(value, schedule.isPercent)])
      case .ramp(let way): (name, arguments) = ("ramp", [text(way)])
      case .cosine(let way): (name, arguments) = ("cosine", [text(way)])
      case .exponential(let way): (name, arguments) = ("exponential", [text(way)])
      case .stairs(let start, let factor, let milestones):
        name = "stairs"
        let times = milestones.map(\.description).joined(separator: ", ")
        arguments = [scalar(start, schedule.isPercent), "factor: \(float(factor))", "at: [\(times)]"]
      case .cycle(let inner, let times):
        (name, arguments) = ("repeat", [text(inner)])
        if let times { arguments.append("times: \(times)") }
      }
      switch segment.end {
      case .until(let time): arguments.append("until: \(time)")
      case .over(let time): arguments.append("over: \(time)")
      case .open, .natural: break
      }
      return "\(name)(\(arguments.joined(separator: ", ")))"
    }.joined(separator: " then ")
  }

  /// A string literal.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.misleads: result += scalar.escape
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A recipe's fields, one a line.
  static func body(of record: RecordValue) -> String {
    record.fields.map { "  \($0.name) = \(text($0.value))\n" }.joined()
  }
}

extension CanonicalText {
  /// A text on one line of at most `limit` characters.
  static func shortened(_ text: String, to limit: Int) -> String {
    text.count <= limit ? text : text.prefix(limit - 1) + "…"
  }
}
