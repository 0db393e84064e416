/// The numbers a field accepts. Quantities are compared in base units (percent as a fraction of one).
public struct ValueRange: Sendable, Hashable, CustomStringConvertible {
  /// One end of a range.
  public struct Bound: Sendable, Hashable {
    /// The number.
    public let value: Double
    /// Whether the number itself is allowed.
    public let isInclusive: Bool
  }

  /// The least value, if there is one.
  public let lower: Bound?
  /// The greatest value, if there is one.
  public let upper: Bound?

  /// `low…high`, both included.
  public static func between(_ low: Double, _ high: Double) -> ValueRange {
    ValueRange(lower: Bound(value: low, isInclusive: true), upper: Bound(value: high, isInclusive: true))
  }
  /// `low` or more.
  public static func atLeast(_ low: Double) -> ValueRange {
    ValueRange(lower: Bound(value: low, isInclusive: true), upper: nil)
  }
  /// More than `low`.
  public static func above(_ low: Double) -> ValueRange {
    ValueRange(lower: Bound(value: low, isInclusive: false), upper: nil)
  }
  /// `high` or less.
  public static func atMost(_ high: Double) -> ValueRange {
    ValueRange(lower: nil, upper: Bound(value: high, isInclusive: true))
  }
  /// `low` or more, less than `high`.
  public static func from(_ low: Double, below high: Double) -> ValueRange {
    ValueRange(lower: Bound(value: low, isInclusive: true), upper: Bound(value: high, isInclusive: false))
  }
  /// More than `low`, `high` or less.
  public static func above(_ low: Double, to high: Double) -> ValueRange {
    ValueRange(lower: Bound(value: low, isInclusive: false), upper: Bound(value: high, isInclusive: true))
  }
  /// More than `low`, less than `high`.
  public static func above(_ low: Double, below high: Double) -> ValueRange {
    ValueRange(lower: Bound(value: low, isInclusive: false), upper: Bound(value: high, isInclusive: false))
  }

  /// Whether a number lies in the range; NaN never does.
  public func contains(_ value: Double) -> Bool {
    if let lower, lower.isInclusive ? !(value >= lower.value) : !(value > lower.value) { return false }
    if let upper, upper.isInclusive ? !(value <= upper.value) : !(value < upper.value) { return false }
    return !value.isNaN
  }

  /// The range in words a reader knows: `0.01…10`, `at least 1`, `above 0`.
  public var description: String { describe { $0 } }

  /// The range with numbers written as a field of this type would write them.
  func description(for type: ValueType) -> String {
    if case .quantity(.percent) = type.scalar { return describe { $0 * 100 } + "%" }
    return describe { $0 }
  }

  private func describe(_ scale: (Double) -> Double) -> String {
    func show(_ value: Double) -> String {
      let value = scale(value)
      return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }
    switch (lower, upper) {
    case (let low?, let high?) where low.isInclusive && high.isInclusive:
      return "\(show(low.value))…\(show(high.value))"
    case (let low?, let high?):
      let left = low.isInclusive ? "at least" : "above"
      let right = high.isInclusive ? "at most" : "below"
      return "\(left) \(show(low.value)) and \(right) \(show(high.value))"
    case (let low?, nil): return "\(low.isInclusive ? "at least" : "above") \(show(low.value))"
    case (nil, let high?): return "\(high.isInclusive ? "at most" : "below") \(show(high.value))"
    case (nil, nil): return "any number"
    }
  }
}

extension ValueType {
  /// The type of the single numbers in a field: what is left without optional, list and schedule.
  var scalar: ValueType {
    switch self {
    case .optional(let type), .list(let type), .map(let type), .transition(let type), .schedule(let type),
      .schedulable(let type):
      type.scalar
    default: self
    }
  }
}
