/// How large values are. Parts may be shared in memory, but whoever walks or prints a value meets every one of them, so
/// sizes are counted as if nothing were shared, and limited.
extension Value {
  /// How many values it holds, itself included; saturates.
  var weight: Int {
    switch self {
    case .string(let text): 1 + text.utf8.count / 64
    case .list(let elements): elements.reduce(1) { Value.add($0, $1.weight) }
    case .map(let entries): entries.reduce(1) { Value.add($0, $1.value.weight) }
    case .record(let record): record.weight
    case .schedule(let schedule): schedule.weight
    default: 1
    }
  }

  /// How deep records and schedules are nested in it. (Lists nest as deep as their type, which is limited.)
  var depth: Int {
    switch self {
    case .list(let elements): elements.reduce(0) { max($0, $1.depth) }
    case .map(let entries): entries.reduce(0) { max($0, $1.value.depth) }
    case .record(let record): record.depth
    case .schedule(let schedule): schedule.depth
    default: 0
    }
  }

  static func add(_ a: Int, _ b: Int) -> Int {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? Int.max : sum
  }
}

extension ScheduleValue.Shape {
  var weight: Int {
    switch self {
    case .stairs(_, _, let milestones): 1 + milestones.count
    case .cycle(let inner, _): Value.add(1, inner.weight)
    default: 1
    }
  }
  var depth: Int { if case .cycle(let inner, _) = self { inner.depth } else { 0 } }
}

extension ValueType {
  /// How deep the type is nested.
  var depth: Int {
    switch self {
    case .list(let type), .map(let type), .optional(let type), .transition(let type), .schedule(let type),
      .schedulable(let type):
      1 + type.depth
    case .oneOf(let types): 1 + (types.map(\.depth).max() ?? 0)
    default: 0
    }
  }
}
