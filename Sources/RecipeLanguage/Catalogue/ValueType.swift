/// A static type of the recipe language.
public indirect enum ValueType: Sendable, Hashable {
  /// Any value; for parameters of host functions.
  case any
  case bool, int, float, string
  /// A number with a unit.
  case quantity(Dimension)
  case list(ValueType)
  /// Keys are strings.
  case map(ValueType)
  /// `T?`: the type or `none`.
  case optional(ValueType)
  /// A registered enum.
  case enumeration(String)
  /// A constructor's record, or any record of a kind.
  case record(String)
  /// An opaque type of the host.
  case host(String)
  /// `a -> b` of a scalar.
  case transition(ValueType)
  /// A schedule of a scalar.
  case schedule(ValueType)
  /// A scalar or a schedule of it.
  case schedulable(ValueType)
  /// One of several; for fields and host functions.
  case oneOf([ValueType])
  /// The type of `none`.
  case none
  /// The type of a call that returns nothing.
  case nothing
  /// Unknown because of an error that has been reported; fits everything, silently.
  case unknown
}

extension ValueType: CustomStringConvertible {
  /// The type as diagnostics and the reference write it.
  public var description: String {
    switch self {
    case .any: "any value"
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Float"
    case .string: "String"
    case .quantity(let dimension): dimension.title
    case .list(let element): "[\(element)]"
    case .map(let element): "[String: \(element)]"
    case .optional(let wrapped):
      switch wrapped {
      case .oneOf, .schedulable: "\(wrapped) or none"
      default: "\(wrapped)?"
      }
    case .enumeration(let name), .record(let name), .host(let name): name
    case .transition(let element): "transition of \(element)"
    case .schedule(let element): "schedule of \(element)"
    case .schedulable(let element): "\(element) or schedule"
    case .oneOf(let types): types.map(\.description).joined(separator: " or ")
    case .none: "none"
    case .nothing: "nothing"
    case .unknown: "unknown"
    }
  }

  /// The type without `?`.
  var unwrapped: ValueType { if case .optional(let wrapped) = self { wrapped.unwrapped } else { self } }

  /// Whether it is known only as the result of an earlier error.
  var isUnknown: Bool { self == .unknown }

  /// Whether it is Int or Float.
  var isNumber: Bool { self == .int || self == .float }
}
