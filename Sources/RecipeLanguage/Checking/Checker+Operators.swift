extension Checker {
  func negate(_ operand: Expression, _ span: SourceSpan, expecting want: ValueType?) -> Code {
    let code = check(operand, expecting: want)
    if code.isPoison { return .poison(span) }
    guard code.type.isNumber || code.type.isQuantity || code.type.isUnknown else {
      sink.report(.operatorTypes, "`-` is for numbers, not \(code.type)", at: span)
      return .poison(span)
    }
    return Code(node: .negate(code), type: code.type, span: span)
  }

  func binary(
    _ symbol: BinaryOperator, _ place: SourceSpan, _ left: Expression, _ right: Expression, _ span: SourceSpan,
    expecting want: ValueType?
  ) -> Code {
    switch symbol {
    case .and, .or:
      let a = condition(left, what: "the left side of `\(symbol.rawValue)`")
      let b = given(left, is: symbol == .and) {
        condition(right, what: "the right side of `\(symbol.rawValue)`")
      }
      if a.isPoison || b.isPoison { return .poison(span) }
      return Code(node: symbol == .and ? .and(a, b) : .or(a, b), type: .bool, span: span)
    case .equal, .notEqual: return equality(symbol, place, left, right, span)
    case .less, .lessEqual, .greater, .greaterEqual: return order(symbol, place, left, right, span)
    case .nearly:
      sink.report(
        .nearlyOutsideExpect, "`~=` can only be written in `expect a ~= b within tolerance`", at: place,
        help: "elsewhere write `abs(a - b) < tolerance`")
      _ = check(left, expecting: .unknown)
      _ = check(right, expecting: .unknown)
      return .poison(span)
    case .add, .subtract, .multiply, .divide, .remainder: return arithmetic(symbol, place, left, right, span, want)
    }
  }

  /// Both sides of a comparison, with whole numbers made Floats where the other side is one.
  func sides(_ left: Expression, _ right: Expression) -> (Code, Code) {
    var a: Code
    var b: Code
    if case .member = left.kind {
      b = check(right)
      a = check(left, expecting: b.type)
    } else {
      a = check(left)
      b = check(right, expecting: a.type)
    }
    a = converted(a, to: b.type)
    b = converted(b, to: a.type)
    return (a, b)
  }

  private func equality(
    _ symbol: BinaryOperator, _ place: SourceSpan, _ left: Expression, _ right: Expression, _ span: SourceSpan
  ) -> Code {
    let (a, b) = sides(left, right)
    if a.isPoison || b.isPoison { return .poison(span) }
    if case .optional = a.type, b.type == .none {
    } else if case .optional = b.type, a.type == .none {
    } else if a.type.unwrapped == .float, b.type.unwrapped == .float,
      isComputed(a) || isComputed(b) || a.constant == nil && b.constant == nil
    {
      sink.report(
        .floatEquality, "`\(symbol.rawValue)` on computed Floats is decided by the last bit", at: place,
        help: scope.allowsExpect ? "write `expect a ~= b within tolerance`" : "write `abs(a - b) < tolerance`")
      return .poison(span)
    }
    guard accepts(a.type, b.type) || accepts(b.type, a.type) else {
      report(symbol, place, a, b)
      return .poison(span)
    }
    if case .host(let name) = a.type.unwrapped {
      sink.report(.operatorTypes, "values of \(name) are compared with `expect a ~= b within tolerance`", at: place)
      return .poison(span)
    }
    return Code(node: .compare(symbol, a, b), type: .bool, span: span)
  }

  /// Whether a Float comes from a computation, so that its last bits are chance.
  private func isComputed(_ code: Code) -> Bool {
    switch code.node {
    case .constant, .global, .local, .select, .property, .index: false
    default: true
    }
  }

  private func order(
    _ symbol: BinaryOperator, _ place: SourceSpan, _ left: Expression, _ right: Expression, _ span: SourceSpan
  ) -> Code {
    let (a, b) = sides(left, right)
    if a.isPoison || b.isPoison { return .poison(span) }
    if a.type.isUnknown || b.type.isUnknown || a.type == .any || b.type == .any {
      return Code(node: .compare(symbol, a, b), type: .bool, span: span)
    }
    let isFine = a.type == b.type && (a.type.isNumber || a.type.isQuantity && a.type != .quantity(.training))
    guard isFine else {
      if a.type.isQuantity || b.type.isQuantity || a.type.isNumber && b.type.isNumber {
        report(symbol, place, a, b)
      } else {
        let both = a.type == b.type ? "\(a.type) has no order" : "\(a.type) and \(b.type) cannot be compared"
        sink.report(.notOrdered, both, at: place, secondary: labels(a, b))
      }
      return .poison(span)
    }
    return Code(node: .compare(symbol, a, b), type: .bool, span: span)
  }

  private func labels(_ a: Code, _ b: Code) -> [Diagnostic.Label] {
    [Diagnostic.Label(a.span, "\(a.type)"), Diagnostic.Label(b.span, "\(b.type)")]
  }

  private func report(_ symbol: BinaryOperator, _ place: SourceSpan, _ a: Code, _ b: Code) {
    let help: String?
    var code = DiagnosticCode.operatorTypes
    switch (a.type, b.type) {
    case (.quantity(let x), .quantity(let y)):
      code = .unitMismatch
      help =
        x == y
        ? "a product of two has no unit here; multiply by a plain number or by a percentage"
        : UnitGuess.conversion(from: y, to: x) ?? "write both in one unit"
    case (.quantity(let dimension), let other) where other.isNumber:
      code = .missingUnit
      help = unitHelp(b, dimension)
    case (let other, .quantity(let dimension)) where other.isNumber:
      code = .missingUnit
      help = unitHelp(a, dimension)
    case (.int, .float), (.float, .int): help = "write `float(x)` around the Int"
    case (.string, _), (_, .string): help = #"text is put together by "\(value)""#
    case (.optional, _), (_, .optional): help = "one side may be none"
    default: help = nil
    }
    sink.report(
      code, "`\(symbol.rawValue)` does not fit \(a.type) and \(b.type)", at: place, secondary: labels(a, b), help: help)
  }

  private func unitHelp(_ number: Code, _ dimension: Dimension) -> String {
    number.constant.flatMap { UnitGuess.quantity($0, dimension) }?.help
      ?? "write the number with its unit, for example `\(dimension.example)`"
  }

  private func arithmetic(
    _ symbol: BinaryOperator, _ place: SourceSpan, _ left: Expression, _ right: Expression, _ span: SourceSpan,
    _ want: ValueType?
  ) -> Code {
    let wanted = want.flatMap { isListOrRecord($0) ? $0 : nil }
    var a = check(left, expecting: wanted)
    var b = check(right, expecting: wanted)
    if a.isPoison || b.isPoison { return .poison(span) }
    if a.type.isUnknown || b.type.isUnknown {
      return Code(node: .arithmetic(symbol, place, a, b), type: .unknown, span: span)
    }
    if let definition = hostOperator(symbol, a, b) {
      if case .function(let effects, _) = definition.meaning, !allow(effects, symbol.rawValue, place) {
        return .poison(span)
      }
      a = converted(a, to: definition.left)
      b = converted(b, to: definition.right)
      return Code(node: .hostOperator(definition, a, b), type: definition.result, span: span)
    }
    if a.isIntegerLiteral, b.isIntegerLiteral, symbol != .divide {
      if let value = folded(symbol, a, b, place, span) { return want.map { converted(value, to: $0) } ?? value }
      return .poison(span)
    }
    a = converted(a, to: b.type)
    b = converted(b, to: a.type)
    guard let type = resultType(symbol, a.type, b.type) else {
      report(symbol, place, a, b)
      return .poison(span)
    }
    return Code(node: .arithmetic(symbol, place, a, b), type: type, span: span)
  }

  private func isListOrRecord(_ type: ValueType) -> Bool {
    switch type {
    case .list, .record: true
    case .optional(let wrapped): isListOrRecord(wrapped)
    default: false
    }
  }

  /// Whole numbers written in digits are computed at once and stay such, so that `2 * 5` may become a Float.
  private func folded(_ symbol: BinaryOperator, _ a: Code, _ b: Code, _ place: SourceSpan, _ span: SourceSpan) -> Code?
  {
    guard let x = a.constant, let y = b.constant else { return nil }
    do {
      let value = try Arithmetic.apply(symbol, x, y)
      return Code(node: .constant(value), type: .int, span: span, isIntegerLiteral: true)
    } catch let error as CallError {
      sink.report(error.code ?? .overflow, error.message, at: place)
    } catch {}
    return nil
  }

  private func hostOperator(_ symbol: BinaryOperator, _ a: Code, _ b: Code) -> OperatorDefinition? {
    catalogue.operators.first {
      $0.symbol == symbol.rawValue && accepts($0.left, a.type, literal: a.isIntegerLiteral)
        && accepts($0.right, b.type, literal: b.isIntegerLiteral)
    }
  }

  /// The type of `a symbol b` for the language's own types.
  private func resultType(_ symbol: BinaryOperator, _ a: ValueType, _ b: ValueType) -> ValueType? {
    switch (symbol, a, b) {
    case (.add, .string, .string): return .string
    case (.add, .list(let x), .list(let y)):
      return accepts(x, y) ? (x.isUnknown ? b : a) : accepts(y, x) ? b : nil
    case (.divide, .int, .int), (.divide, .float, .float): return .float
    case (.remainder, .int, .int): return .int
    case (.remainder, _, _): return nil
    case (_, .int, .int): return .int
    case (_, .float, .float): return .float
    case (.add, .quantity(let x), .quantity(let y)), (.subtract, .quantity(let x), .quantity(let y)):
      return x == y && x != .training ? a : nil
    case (.divide, .quantity(let x), .quantity(let y)) where x == y && x != .training: return .float
    case (.multiply, .quantity(.percent), .quantity): return b
    case (.multiply, .quantity, .quantity(.percent)): return a
    case (.multiply, .quantity, .int), (.multiply, .quantity, .float), (.divide, .quantity, .int),
      (.divide, .quantity, .float):
      return a
    case (.multiply, .int, .quantity), (.multiply, .float, .quantity): return b
    default: return nil
    }
  }

  func subscripted(_ base: Expression, _ index: Expression, _ span: SourceSpan) -> Code {
    let list = check(base)
    switch list.type {
    case .list(let element):
      let position = check(index, as: .int, what: "the index of a list")
      if list.isPoison || position.isPoison { return .poison(span) }
      return Code(node: .index(list, position), type: element, span: span)
    case .map(let element):
      let key = check(index, as: .string, what: "the key of a map")
      if list.isPoison || key.isPoison { return .poison(span) }
      return Code(node: .index(list, key), type: element, span: span)
    default:
      if !list.isPoison, !list.type.isUnknown {
        sink.report(.typeMismatch, "only lists and maps have elements, not \(list.type)", at: list.span)
      }
      _ = check(index, expecting: .unknown)
      return .poison(span)
    }
  }

  /// `base with { path = value }`
  func with(_ base: Expression, _ amendments: [Amendment], _ span: SourceSpan, expecting want: ValueType?) -> Code {
    let code = check(base, expecting: want)
    var changes: [AmendmentCode] = []
    var isFine = !code.isPoison
    var seen: [String: SourceSpan] = [:]
    for amendment in amendments {
      if let first = seen[amendment.pathText] {
        sink.report(
          .assignedTwice, "`\(amendment.pathText)` is assigned twice", at: amendment.span,
          secondary: [Diagnostic.Label(first, "first here")])
        isFine = false
      }
      seen[amendment.pathText] = amendment.span
      guard !code.isPoison, let type = pathType(code.type, amendment.path) else {
        _ = check(amendment.value, expecting: .unknown)
        isFine = false
        continue
      }
      let value = check(amendment.value, as: type, what: "`\(amendment.pathText)`")
      isFine = isFine && !value.isPoison
      changes.append(AmendmentCode(path: amendment.path, value: value))
    }
    guard isFine else { return .poison(span) }
    return Code(node: .with(code, changes), type: code.type, span: span)
  }

  /// The declared type at a path below a type; nil after a report.
  private func pathType(_ root: ValueType, _ path: [Name]) -> ValueType? {
    var current = root
    for (index, name) in path.enumerated() {
      let kinds: [String]
      switch current.unwrapped {
      case .record(let kind): kinds = [kind]
      case .oneOf(let types): kinds = types.compactMap { if case .record(let kind) = $0 { kind } else { nil } }
      default: kinds = []
      }
      guard !kinds.isEmpty else {
        let holder = index > 0 ? "`\(path[index - 1].text)` is \(current)" : "this is \(current)"
        sink.report(.pathNotRecord, "\(holder), which has no fields", at: name.span)
        return nil
      }
      for kind in kinds { recorder?.use(name, ofKind: kind, self) }
      recorder?.offer(.fields(kinds.flatMap { constructors(of: $0).flatMap(\.fields) }), at: name.span)
      guard let type = kinds.lazy.compactMap({ self.fieldType($0, name.text) }).first else {
        let known = kinds.flatMap { constructors(of: $0).flatMap { $0.fields.map(\.name) } }
        let guess = sink.closest(to: name.text, among: known)
        sink.report(
          .unknownField, "\(kinds.joined(separator: " or ")) has no field `\(name.text)`", at: name.span,
          help: guess.map { "did you mean `\($0)`?" }, fix: guess.map { Diagnostic.Fix(name.span, replacement: $0) })
        return nil
      }
      current = type
    }
    return current
  }
}
