/// Settles what names mean and what types expressions have, for one load of a program.
///
/// Declarations are checked in an order in which each comes after what it uses, and values are computed as soon as
/// their declaration is checked; so every mistake is found in one pass, and a mistake in one place (poison) does not
/// hide another elsewhere or cause it.
final class Checker {
  var catalogue: Catalogue
  let limits: Limits
  var sink: DiagnosticSink { didSet { machine.sink = sink } }
  var globals: [Global] = []
  /// Computes the values of what has been checked.
  let machine: Evaluator
  var scope = Scope()
  var module: Module
  /// Declared records and enums, by name.
  var typeIndex: [String: Int] = [:]
  /// Types whose declaration has an error.
  var poisonedTypes: Set<String> = []
  /// Defaults of the catalogue that are written as source, once evaluated.
  var sourceDefaults: [String: Value] = [:]
  /// The file that was asked for.
  let mainModule: Module
  var tests: [(declaration: TestDeclaration, body: BodyCode)] = []
  var tasks: [(declaration: TaskDeclaration, body: BodyCode)] = []
  var recipes: [Int: ResolvedRecipe] = [:]
  var sweeps: [Int: ResolvedSweep] = [:]
  /// The overrides of the command line, parsed.
  var overrides: [ParsedOverride] = []
  /// Notes what names mean, for editors.
  let recorder: Recorder?
  /// The session that is checked, if it is one.
  var session: SessionValues?

  init(
    catalogue: Catalogue, limits: Limits, sink: DiagnosticSink, module: Module, recorder: Recorder? = nil
  ) {
    self.catalogue = catalogue
    self.limits = limits
    self.sink = sink
    self.module = module
    mainModule = module
    self.recorder = recorder
    machine = Evaluator(catalogue: catalogue, limits: limits, sink: sink)
  }

  /// Checked functions, by index.
  var functions: [FunctionCode] { machine.functions }

  /// The value of checked code in a frame of its own.
  func evaluate(_ code: Code) -> Value? {
    machine.catalogue = catalogue
    return machine.withSlots(scope.slots, cellFrame ?? []) { machine.evaluate(code) }
  }

  /// The values of a sweep's axes while one of its cells is put together.
  var cellFrame: [Value?]?

  /// The same, kept as a field keeps it.
  func evaluate(_ code: Code, as field: FieldDefinition) -> Value? {
    evaluate(code).flatMap {
      machine.accept($0, field, "`\(field.name)`", at: code.span, wasChecked: code.constant != nil)
    }
  }

  /// The type of a recipe's value.
  var recipeType: ValueType { .record(catalogue.recipe.name) }

  // MARK: Expressions

  /// Checks an expression and fits it to the type its place wants.
  func check(_ expression: Expression, as want: ValueType, what: String, notes: [String] = []) -> Code {
    fit(check(expression, expecting: want), to: want, what: what, notes: notes)
  }

  /// Checks an expression. `expecting` helps where the meaning depends on it (members, numbers, empty lists); whether
  /// the type fits is for the caller to see.
  func check(_ expression: Expression, expecting want: ValueType? = nil) -> Code {
    let span = expression.span
    recorder?.note(expression, expecting: want, self)
    func constant(_ value: Value, _ type: ValueType, literal: Bool = false) -> Code {
      Code(node: .constant(value), type: type, span: span, isIntegerLiteral: literal)
    }
    switch expression.kind {
    case .invalid: return .poison(span)
    case .none: return constant(.none, .none)
    case .bool(let value): return constant(.bool(value), .bool)
    case .int(let value):
      let code = constant(.int(value), .int, literal: true)
      return want.map { converted(code, to: $0) } ?? code
    case .float(let value): return constant(.float(value), .float)
    case .quantity(let value): return constant(.quantity(value), .quantity(value.dimension))
    case .string(let parts): return string(parts, span)
    case .name(let name): return use(name, at: span)
    case .member(let name): return member(name, span, expecting: want)
    case .list(let elements): return list(elements, span, expecting: want)
    case .comprehension(let element, let variable, let sequence, let condition):
      return comprehension(element, variable, sequence, condition, span, expecting: want)
    case .map(let items): return map(items, span, expecting: want)
    case .select(let base, let name): return select(base, name, span)
    case .call(let callee, let arguments): return call(callee, arguments, span, expecting: want)
    case .index(let base, let index): return subscripted(base, index, span)
    case .negate(let operand): return negate(operand, span, expecting: want)
    case .not(let operand):
      let code = condition(operand, what: "the operand of `!`")
      return code.isPoison ? .poison(span) : Code(node: .not(code), type: .bool, span: span)
    case .binary(let symbol, let place, let left, let right):
      return binary(symbol, place, left, right, span, expecting: want)
    case .transition(let left, let right): return transition(left, right, span, expecting: want)
    case .then(let parts): return then(parts, span, expecting: want)
    case .with(let base, let amendments): return with(base, amendments, span, expecting: want)
    case .conditional(let test, let first, let second):
      return conditional(test, first, second, span, expecting: want)
    }
  }

  /// Checks a condition.
  func condition(_ expression: Expression, what: String) -> Code {
    let code = check(expression, expecting: .bool)
    if code.isPoison || code.type.isUnknown || code.type == .bool { return code }
    let help =
      switch code.type {
      case .int, .float, .quantity: "compare it, for example `x > 0`"
      case .string, .list, .map: "write `x.count > 0`"
      case .optional: "write `x != none`"
      default: String?.none
      }
    sink.report(.notBool, "\(what) is a truth value (Bool), but this is \(code.type)", at: code.span, help: help)
    return .poison(code.span)
  }

  private func string(_ parts: [StringPart], _ span: SourceSpan) -> Code {
    var pieces: [StringCode] = []
    var text = ""
    var isConstant = true
    var isPoisoned = false
    for part in parts {
      switch part {
      case .text(let piece):
        text += piece
        pieces.append(.text(piece))
      case .value(let expression):
        isConstant = false
        let code = check(expression)
        if code.isPoison {
          isPoisoned = true
        } else if !isShowable(code.type) {
          sink.report(.notInterpolated, "\(code.type) cannot be shown in a string", at: code.span)
          isPoisoned = true
        }
        pieces.append(.value(code))
      }
    }
    if isPoisoned { return .poison(span) }
    return Code(node: isConstant ? .constant(.string(text)) : .string(pieces), type: .string, span: span)
  }

  private func isShowable(_ type: ValueType) -> Bool {
    switch type {
    case .bool, .int, .float, .string, .quantity, .enumeration, .unknown, .any: true
    case .oneOf(let types): types.allSatisfy(isShowable)
    default: false
    }
  }

  private func list(_ elements: [Expression], _ span: SourceSpan, expecting want: ValueType?) -> Code {
    let expected = want.flatMap(elementType)
    var codes = elements.map { check($0, expecting: expected) }
    if codes.contains(where: \.isPoison) { return .poison(span) }
    guard let type = unify(&codes, "this list"), isShallow(type, span) else { return .poison(span) }
    let values = codes.compactMap(\.constant)
    let node: Node = values.count == codes.count ? .constant(.list(values)) : .list(codes)
    return Code(node: node, type: .list(type), span: span)
  }

  /// Whether lists and maps of this type are not nested too deeply.
  func isShallow(_ type: ValueType, _ span: SourceSpan) -> Bool {
    if type.depth < limits.typeDepth { return true }
    sink.report(
      .tooDeep, "lists and maps are nested more than \(limits.typeDepth) levels deep", at: span,
      help: "make a `record`, or " + limits.help(.typeDepth))
    return false
  }

  /// The element type a list would have where `want` is wanted.
  private func elementType(_ want: ValueType) -> ValueType? {
    switch want {
    case .list(let element), .map(let element): element
    case .optional(let type): elementType(type)
    case .oneOf(let types): types.lazy.compactMap(elementType).first
    default: nil
    }
  }

  /// Finds the common type of elements, turning whole numbers into Floats where needed.
  private func unify(_ codes: inout [Code], _ what: String) -> ValueType? {
    guard var common = codes.first else { return .unknown }
    for code in codes.dropFirst() {
      guard let type = join(common, code) else {
        sink.report(
          .mixedList, "elements of \(what) are of different types: \(common.type) and \(code.type)", at: code.span,
          secondary: [Diagnostic.Label(common.span, "\(common.type)")])
        return nil
      }
      let literal = common.isIntegerLiteral && code.isIntegerLiteral
      common = Code(node: common.node, type: type, span: common.span, isIntegerLiteral: literal)
    }
    let type = common.type
    codes = codes.map { converted($0, to: type) }
    return type
  }

  private func map(_ items: [MapItem], _ span: SourceSpan, expecting want: ValueType?) -> Code {
    let expected = want.flatMap(elementType)
    var keys: [Code] = []
    var values: [Code] = []
    var seen: [String: SourceSpan] = [:]
    var isPoisoned = false
    for item in items {
      let key = check(item.key, as: .string, what: "a key of a map")
      let value = check(item.value, expecting: expected)
      if case .constant(.string(let text)) = key.node {
        if let first = seen[text] {
          sink.report(
            .duplicateKey, "the key \"\(text)\" is given twice", at: key.span,
            secondary: [Diagnostic.Label(first, "first here")])
          isPoisoned = true
        }
        seen[text] = key.span
      }
      isPoisoned = isPoisoned || key.isPoison || value.isPoison
      keys.append(key)
      values.append(value)
    }
    guard !isPoisoned, let type = unify(&values, "this map"), isShallow(type, span) else { return .poison(span) }
    return Code(node: .map(zip(keys, values).map { ($0, $1) }), type: .map(type), span: span)
  }

  private func comprehension(
    _ element: Expression, _ variable: Name, _ sequence: Expression, _ test: Expression?, _ span: SourceSpan,
    expecting want: ValueType?
  ) -> Code {
    let list = check(sequence)
    scope.push()
    defer { scope.pop() }
    let slot = declare(variable, iterated(list))
    let condition = test.map { self.condition($0, what: "the condition of a comprehension") }
    if let test { assume(test, is: true) }
    let code = check(element, expecting: want.flatMap(elementType))
    if list.isPoison || code.isPoison || condition?.isPoison == true || !isShallow(code.type, span) {
      return .poison(span)
    }
    return Code(
      node: .comprehension(element: code, slot: slot, sequence: list, condition: condition), type: .list(code.type),
      span: span)
  }

  /// The type of the elements of a list that is looped over.
  func iterated(_ list: Code) -> ValueType {
    if case .list(let element) = list.type { return element }
    if !list.isPoison, !list.type.isUnknown {
      let help = list.type == .int ? "write `range(n)`" : list.type == .string ? nil : "write a list `[…]`"
      sink.report(.notIterable, "this is \(list.type), not a list", at: list.span, help: help)
    }
    return .unknown
  }

  /// Declares a variable of a block; the name must be new.
  func declare(_ name: Name, _ type: ValueType) -> Int {
    if name.text != "_", let other = scope.declared(name.text) {
      sink.report(
        .duplicateName, "`\(name.text)` is declared already", at: name.span,
        secondary: other.span.map { [Diagnostic.Label($0, "first here")] } ?? [], help: "choose another name")
    }
    recorder?.declare(name.text, type, at: name.span)
    return scope.declare(name.text, type, at: name.span)
  }

  private func transition(
    _ left: Expression, _ right: Expression, _ span: SourceSpan, expecting want: ValueType?
  ) -> Code {
    var element: ValueType?
    if case .transition(let wanted)? = want { element = wanted }
    let hint = element ?? scalarHint(left) ?? .float
    let start = check(left, as: hint, what: "the start of a transition")
    let end = check(right, as: hint, what: "the end of a transition")
    if start.isPoison || end.isPoison { return .poison(span) }
    return Code(node: .transition(start, end), type: .transition(hint), span: span)
  }

  private func then(_ parts: [Expression], _ span: SourceSpan, expecting want: ValueType?) -> Code {
    let element = want.flatMap(scheduleElement) ?? parts.lazy.compactMap { self.scalarHint($0) }.first ?? .float
    let codes = parts.map { check($0, as: .schedule(element), what: "a part of `then`") }
    if codes.contains(where: \.isPoison) { return .poison(span) }
    return Code(node: .then(codes), type: .schedule(element), span: span)
  }

  /// The scalar type of a schedule where `want` is wanted.
  func scheduleElement(_ want: ValueType) -> ValueType? {
    switch want {
    case .schedule(let element), .schedulable(let element): element == .unknown ? nil : element
    case .optional(let type): scheduleElement(type)
    case .oneOf(let types): types.lazy.compactMap(scheduleElement).first
    default: nil
    }
  }

  /// Percent or Float, judged by the first number written in a schedule expression; nil if there is none to see.
  func scalarHint(_ expression: Expression) -> ValueType? {
    switch expression.kind {
    case .quantity(let value): value.dimension == .percent ? .quantity(.percent) : nil
    case .int, .float: .float
    case .transition(let left, let right): scalarHint(left) ?? scalarHint(right)
    case .negate(let operand): scalarHint(operand)
    case .then(let parts): parts.lazy.compactMap { self.scalarHint($0) }.first
    case .call(_, let arguments): arguments.first.flatMap { scalarHint($0.value) }
    case .name(let name):
      switch scope.declared(name)?.type ?? module.names[name].map({ globals[$0].type }) {
      case .float?, .schedule(.float)?, .transition(.float)?: .float
      case .quantity(.percent)?, .schedule(.quantity(.percent))?, .transition(.quantity(.percent))?:
        .quantity(.percent)
      default: nil
      }
    default: nil
    }
  }

  private func conditional(
    _ test: Expression, _ first: Expression, _ second: Expression, _ span: SourceSpan, expecting want: ValueType?
  ) -> Code {
    let condition = condition(test, what: "the condition of `if`")
    var a = given(test, is: true) { check(first, expecting: want) }
    var b = given(test, is: false) { check(second, expecting: want) }
    if condition.isPoison || a.isPoison || b.isPoison { return .poison(span) }
    if let want, accepts(want, a.type, literal: a.isIntegerLiteral), accepts(want, b.type, literal: b.isIntegerLiteral)
    {
      a = converted(a, to: want)
      b = converted(b, to: want)
    }
    guard let type = join(a, b) else {
      sink.report(
        .typeMismatch, "the two values of this `if` are of different types: \(a.type) and \(b.type)", at: b.span,
        secondary: [Diagnostic.Label(a.span, "\(a.type)")])
      return .poison(span)
    }
    return Code(
      node: .conditional(condition, converted(a, to: type), converted(b, to: type)), type: type, span: span,
      isIntegerLiteral: false)
  }
}
