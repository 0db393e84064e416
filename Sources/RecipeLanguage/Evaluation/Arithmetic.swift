/// Arithmetic on values: exact on whole numbers and quantities, finite on Floats.
enum Arithmetic {
  /// `a symbol b` for operands the checker let through.
  static func apply(_ symbol: BinaryOperator, _ a: Value, _ b: Value) throws -> Value {
    switch (a, b) {
    case (.int(let x), .int(let y)): return try whole(symbol, x, y)
    case (.float(let x), .float(let y)): return try finite(floating(symbol, x, y))
    case (.string(let x), .string(let y)): return .string(x + y)
    case (.list(let x), .list(let y)): return .list(x + y)
    case (.quantity(let x), .quantity(let y)): return try quantities(symbol, x, y)
    case (.quantity(let x), _):
      guard let factor = rational(b) else { throw tooLarge }
      if symbol == .divide, factor.numerator == 0 { throw CallError("division by zero", code: .divisionByZero) }
      let amount = symbol == .divide ? x.amount.divided(by: factor) : x.amount.multiplied(by: factor)
      guard let amount else { throw tooLarge }
      return .quantity(Quantity(amount, x.dimension))
    case (_, .quantity(let y)):
      guard let factor = rational(a), let amount = y.amount.multiplied(by: factor) else { throw tooLarge }
      return .quantity(Quantity(amount, y.dimension))
    default: throw CallError("`\(symbol.rawValue)` has no meaning here", code: .operatorTypes)
    }
  }

  /// `-a`
  static func negate(_ a: Value) throws -> Value {
    switch a {
    case .int(let x):
      guard x != Int.min else { throw tooLarge }
      return .int(-x)
    case .float(let x): return .float(-x)
    case .quantity(let x): return .quantity(Quantity(x.amount.negated, x.dimension))
    default: throw CallError("`-` has no meaning here", code: .operatorTypes)
    }
  }

  /// -1, 0 or 1; nil where there is no order.
  static func compare(_ a: Value, _ b: Value) -> Int? {
    switch (a, b) {
    case (.int(let x), .int(let y)): return x < y ? -1 : x > y ? 1 : 0
    case (.quantity(let x), .quantity(let y)):
      guard x.dimension == y.dimension else { return nil }
      return x.amount < y.amount ? -1 : y.amount < x.amount ? 1 : 0
    default:
      guard let x = a.doubleValue, let y = b.doubleValue else { return nil }
      return x < y ? -1 : x > y ? 1 : 0
    }
  }

  /// Elements of a list or map, characters of a string.
  static func count(_ value: Value) -> Int {
    switch value {
    case .list(let elements): elements.count
    case .map(let entries): entries.count
    case .string(let text): text.count
    default: 0
    }
  }

  /// A Float that is a number, or an error.
  static func finite(_ value: Double) throws -> Value {
    guard value.isFinite else { throw CallError("the result is \(value), not a finite number", code: .notFinite) }
    return .float(value)
  }

  private static var tooLarge: CallError { CallError("the result does not fit in 64 bits", code: .overflow) }

  private static func rational(_ value: Value) -> Rational? {
    switch value {
    case .int(let x): x == Int.min ? nil : Rational(x)
    case .float(let x): Rational(shownAs: x)
    default: nil
    }
  }

  private static func whole(_ symbol: BinaryOperator, _ x: Int, _ y: Int) throws -> Value {
    if symbol == .divide || symbol == .remainder, y == 0 {
      throw CallError("division by zero", code: .divisionByZero)
    }
    let (result, overflow): (Int, Bool) =
      switch symbol {
      case .add: x.addingReportingOverflow(y)
      case .subtract: x.subtractingReportingOverflow(y)
      case .multiply: x.multipliedReportingOverflow(by: y)
      case .remainder: x.remainderReportingOverflow(dividingBy: y)
      default: (0, false)
      }
    if symbol == .divide { return .float(Double(x) / Double(y)) }
    guard !overflow, result != Int.min else { throw tooLarge }
    return .int(result)
  }

  private static func floating(_ symbol: BinaryOperator, _ x: Double, _ y: Double) throws -> Double {
    switch symbol {
    case .add: return x + y
    case .subtract: return x - y
    case .multiply: return x * y
    default:
      if y == 0 { throw CallError("division by zero", code: .divisionByZero) }
      return x / y
    }
  }

  private static func quantities(_ symbol: BinaryOperator, _ x: Quantity, _ y: Quantity) throws -> Value {
    switch symbol {
    case .add, .subtract:
      guard x.dimension == y.dimension else {
        throw CallError("\(x.dimension.title) and \(y.dimension.title) cannot be added", code: .unitMismatch)
      }
      guard let amount = symbol == .add ? x.amount.adding(y.amount) : x.amount.subtracting(y.amount) else {
        throw tooLarge
      }
      return .quantity(Quantity(amount, x.dimension))
    case .multiply:
      guard let amount = x.amount.multiplied(by: y.amount) else { throw tooLarge }
      return .quantity(Quantity(amount, x.dimension == .percent ? y.dimension : x.dimension))
    default:
      if y.amount.numerator == 0 { throw CallError("division by zero", code: .divisionByZero) }
      guard let ratio = x.amount.divided(by: y.amount) else { throw tooLarge }
      return try finite(ratio.doubleValue)
    }
  }
}
