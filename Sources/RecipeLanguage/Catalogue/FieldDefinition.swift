/// What a field has when it is not written.
public enum FieldDefault: Sendable {
  /// It must be written (an optional field: it is `none`).
  case required
  /// A value.
  case value(Value)
  /// An expression in the recipe language, such as `sgd(lr: 0.5)` or `.cifar`; checked like source.
  case source(String)
}

extension FieldDefault: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByNilLiteral
{
  public init(booleanLiteral value: Bool) { self = .value(.bool(value)) }
  public init(integerLiteral value: Int) { self = .value(.int(value)) }
  public init(floatLiteral value: Double) { self = .value(.float(value)) }
  public init(nilLiteral: ()) { self = .value(.none) }
}

/// A field of a record, or a parameter of a function: everything the checker, the reference page and completion need.
public struct FieldDefinition: Sendable {
  /// The label.
  public let name: String
  /// The type.
  public let type: ValueType
  /// What it has when it is not written.
  public let defaultValue: FieldDefault
  /// The numbers it accepts; for a schedule, all its values; for a list, every element.
  public let range: ValueRange?
  /// Whether it may be written without its label (in order, before labelled arguments).
  public let isPositional: Bool
  /// Other names people use for it; only for did-you-mean.
  public let aliases: [String]
  /// A further rule for the value: nil when it is fine, else the reason (`must not be empty`).
  public let constraint: (@Sendable (Value) -> String?)?
  /// What the number measures, for the reference (`pixels`).
  public let unit: String?
  /// Whether a schedule in this field has a time of its own, which the host knows: it is not held against the run's
  /// length, and may end with a value that lasts.
  public let hasOwnTime: Bool
  /// One or two sentences.
  public let doc: String

  /// A field.
  ///
  /// An integer default of a `Float` field may be given as such. A `schedulable(.float)` type accepts a plain number or
  /// a schedule.
  public init(
    _ name: String, _ type: ValueType, default defaultValue: FieldDefault = .required, range: ValueRange? = nil,
    positional: Bool = false, aliases: [String] = [], unit: String? = nil, ownTime: Bool = false, doc: String = "",
    constraint: (@Sendable (Value) -> String?)? = nil
  ) {
    self.name = name
    self.type = type
    self.range = range
    isPositional = positional
    self.aliases = aliases
    self.unit = unit
    hasOwnTime = ownTime
    self.doc = doc
    self.constraint = constraint
    if case .required = defaultValue, case .optional = type {
      self.defaultValue = .value(.none)
    } else {
      self.defaultValue = defaultValue
    }
  }

  /// Whether it has to be written.
  public var isRequired: Bool { if case .required = defaultValue { true } else { false } }
}
