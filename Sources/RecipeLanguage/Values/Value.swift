/// A value of the recipe language.
public indirect enum Value: Sendable {
  /// The absent value of an optional field.
  case none
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
  /// A number with a unit (`500ep`, `10%`, `2h`, `512KiB`), kept exactly.
  case quantity(Quantity)
  case list([Value])
  /// Keys in the order they were written.
  case map([MapEntry])
  /// `.cifar` of a registered enum.
  case member(EnumMember)
  /// What a constructor made.
  case record(RecordValue)
  /// `a -> b`.
  case transition(Transition)
  /// A curve over training time.
  case schedule(ScheduleValue)
  /// An opaque value of the host, such as a tensor.
  case host(HostValue)
}

/// One key of a map with its value.
public struct MapEntry: Sendable, Equatable {
  /// The key.
  public let key: String
  /// The value.
  public let value: Value

  /// An entry.
  public init(key: String, value: Value) {
    self.key = key
    self.value = value
  }
}

/// A member of a registered enum.
public struct EnumMember: Sendable, Hashable {
  /// The enum's name.
  public let type: String
  /// The member's name without the dot.
  public let name: String

  /// `.name` of `type`.
  public init(type: String, name: String) {
    self.type = type
    self.name = name
  }
}

/// An opaque value of a host type.
public struct HostValue: Sendable {
  /// The registered name of the host type.
  public let type: String
  /// The host's object; cast it back with `as?`.
  public let object: any Sendable

  /// Wraps an object of the host type `type`.
  public init(type: String, _ object: any Sendable) {
    self.type = type
    self.object = object
  }
}

extension Value: Equatable {
  /// Equal in meaning: provenance does not count, and two host values are never equal.
  public static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.float(let a), .float(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.quantity(let a), .quantity(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    case (.member(let a), .member(let b)): a == b
    case (.record(let a), .record(let b)): a == b
    case (.transition(let a), .transition(let b)): a == b
    case (.schedule(let a), .schedule(let b)): a == b
    default: false
    }
  }
}

extension Value: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByStringLiteral, ExpressibleByNilLiteral
{
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .int(value) }
  public init(floatLiteral value: Double) { self = .float(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(nilLiteral: ()) { self = .none }
}

extension Value {
  /// The number in an int, a float or a quantity (in base units; percent as a fraction), else nil.
  public var doubleValue: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    case .quantity(let value): value.doubleValue
    default: nil
    }
  }
  /// The integer, or nil for every other kind of value.
  public var intValue: Int? { if case .int(let value) = self { value } else { nil } }
  /// The string, or nil for every other kind of value.
  public var stringValue: String? { if case .string(let value) = self { value } else { nil } }
  /// The truth value, or nil for every other kind of value.
  public var boolValue: Bool? { if case .bool(let value) = self { value } else { nil } }
  /// The quantity, or nil for every other kind of value.
  public var quantityValue: Quantity? { if case .quantity(let value) = self { value } else { nil } }
  /// The elements, or nil for every other kind of value.
  /// The entries of a map.
  public var mapValue: [MapEntry]? { if case .map(let entries) = self { entries } else { nil } }
  public var listValue: [Value]? { if case .list(let value) = self { value } else { nil } }
  /// The record, or nil for every other kind of value.
  public var recordValue: RecordValue? { if case .record(let value) = self { value } else { nil } }
  /// The member's name without its dot, or nil for every other kind of value.
  public var memberName: String? { if case .member(let value) = self { value.name } else { nil } }
  /// Whether it is `none`.
  public var isNone: Bool { if case .none = self { true } else { false } }
  /// The host's object as `T`, or nil when it is another kind of value.
  public func hostObject<T>(_ type: T.Type = T.self) -> T? {
    if case .host(let value) = self { value.object as? T } else { nil }
  }
  /// A schedule; a plain number or percentage counts as constant. Nil for other kinds.
  public var scheduleValue: ScheduleValue? {
    switch self {
    case .schedule(let schedule): schedule
    case .int, .float: ScheduleValue(constant: doubleValue ?? 0)
    case .quantity(let quantity) where quantity.dimension == .percent:
      ScheduleValue(constant: quantity.doubleValue, isPercent: true)
    default: nil
    }
  }
}
