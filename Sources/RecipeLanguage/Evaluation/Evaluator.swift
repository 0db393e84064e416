/// Runs checked code. A result of nil means that an error has been reported: what depends on it is left out silently,
/// what does not is still looked at.
final class Evaluator {
  /// Values of top-level declarations, by index.
  var globals: [Value?]
  /// Checked functions, by index.
  var functions: [FunctionCode]
  var catalogue: Catalogue
  let limits: Limits
  var sink: DiagnosticSink
  /// The effects host functions may have.
  var granted: Set<Effect> = []
  var output: @Sendable (String) -> Void = { _ in }
  /// How many expectations were looked at.
  var expectations = 0
  var frame: [Value?] = []
  /// Where the stack ends for calls of functions.
  var stackEnd = StackEnd.unknown
  private var fuel: Int
  /// Bytes of the values that may still be needed.
  var held = 0
  /// Bytes printed.
  var printed = 0
  private var callDepth = 0
  private var isExhausted = false

  init(
    globals: [Value?] = [], functions: [FunctionCode] = [], catalogue: Catalogue, limits: Limits,
    sink: DiagnosticSink
  ) {
    self.globals = globals
    self.functions = functions
    self.catalogue = catalogue
    self.limits = limits
    self.sink = sink
    fuel = limits.fuel
  }

  /// Uses fuel; false, after one report, when none is left.
  func burn(_ amount: Int, at span: SourceSpan) -> Bool {
    if isExhausted { return false }
    fuel = max(-1, fuel) - amount
    if fuel >= 0 { return true }
    isExhausted = true
    sink.report(
      .outOfFuel, "this needs more than \(limits.fuel) calls, loop turns, list elements and as much work of functions", at: span,
      help: "make it smaller, or " + limits.help(.fuel))
    return false
  }

  func fail(_ code: DiagnosticCode, _ message: String, at span: SourceSpan, help: String? = nil) -> Value? {
    sink.report(code, message, at: span, help: help)
    return nil
  }

  /// The values of the parts of the expectation that is looked at; nil while none is.
  var observed: [Observation]?

  /// The value of an expression.
  func evaluate(_ code: Code) -> Value? {
    guard observed != nil else { return compute(code) }
    let value = compute(code)
    if let value, let place = code.place(of: value) { observed?.append(Observation(place: place, value: value)) }
    return value
  }

  /// Computes without watching: the inside of a loop or function has values many times over.
  private func unobserved<T>(_ body: () -> T) -> T {
    let saved = observed
    observed = nil
    defer { observed = saved }
    return body()
  }

  private func compute(_ code: Code) -> Value? {
    guard !isExhausted else { return nil }
    switch code.node {
    case .poison: return nil
    case .constant(let value): return value
    case .global(let index): return globals[index]
    case .local(let slot): return frame[slot]
    case .list(let elements):
      guard burn(elements.count, at: code.span) else { return nil }
      return all(elements).flatMap { admit(.list($0), at: code.span) }
    case .comprehension(let element, let slot, let sequence, let condition):
      return evaluate(sequence)?.listValue.flatMap { values in
        unobserved { comprehension(element, slot, values, condition, code.span) }
      }
    case .map(let items): return map(items)
    case .string(let parts): return string(parts, code.span)
    case .construct(let definition, let arguments): return construct(definition, arguments, code.span)
    case .callHost(let function, let arguments): return call(function, arguments, code.span)
    case .callFunction(let index, let arguments): return call(index, arguments, code.span)
    case .select(let base, let name): return select(base, name, code.span)
    case .property(let base, let property):
      guard case .host(let value)? = evaluate(base) else { return nil }
      return guarded(code.span) { try property.read(value) }
    case .count(let base):
      guard let value = evaluate(base) else { return nil }
      if case .string = value, !burn(goingThrough: [value], at: code.span) { return nil }
      return .int(Arithmetic.count(value))
    case .index(let base, let index): return subscripted(base, index)
    case .negate(let operand):
      return evaluate(operand).flatMap { value in guarded(code.span) { try Arithmetic.negate(value) } }
    case .not(let operand): return evaluate(operand)?.boolValue.map { .bool(!$0) }
    case .and(let left, let right):
      guard let a = evaluate(left)?.boolValue else { return nil }
      return a ? evaluate(right) : .bool(false)
    case .or(let left, let right):
      guard let a = evaluate(left)?.boolValue else { return nil }
      return a ? .bool(true) : evaluate(right)
    case .arithmetic(let symbol, let place, let left, let right):
      guard let a = evaluate(left), let b = evaluate(right) else { return nil }
      guard makesRoom(a, b, at: code.span) else { return nil }
      return guarded(place) { try Arithmetic.apply(symbol, a, b) }
    case .compare(let symbol, let left, let right):
      guard let a = evaluate(left), let b = evaluate(right), burn(goingThrough: [a, b], at: code.span) else { return nil }
      return compare(symbol, a, b, code.span)
    case .hostOperator(let definition, let left, let right): return host(definition, left, right, code.span)
    case .conditional(let test, let first, let second):
      guard let condition = evaluate(test)?.boolValue else { return nil }
      return evaluate(condition ? first : second)
    case .transition(let left, let right): return transition(left, right)
    case .then(let parts): return then(parts)
    case .with(let base, let amendments): return with(base, amendments)
    }
  }

  /// All values, or nil if any has an error; every one is looked at.
  private func all(_ codes: [Code]) -> [Value]? {
    var values: [Value] = []
    values.reserveCapacity(codes.count)
    for code in codes { if let value = evaluate(code) { values.append(value) } }
    return values.count == codes.count ? values : nil
  }

  /// Runs something that throws; an error is reported at `span`, or at the argument it names.
  func guarded(_ span: SourceSpan, _ arguments: [String: SourceSpan] = [:], _ body: () throws -> Value) -> Value? {
    do {
      let value = try body()
      if case .float(let number) = value, !number.isFinite { _ = try Arithmetic.finite(number) }
      return value
    } catch let error as CallError {
      let place = error.argument.flatMap { arguments[$0] } ?? span
      return fail(error.code ?? .hostFunctionFailed, error.message, at: place, help: error.help)
    } catch { return fail(.hostFunctionFailed, "\(error)", at: span) }
  }

  private func comprehension(
    _ element: Code, _ slot: Int, _ values: [Value], _ condition: Code?, _ span: SourceSpan
  ) -> Value? {
    var result: [Value] = []
    for value in values {
      guard burn(1, at: span) else { return nil }
      frame[slot] = value
      if let condition {
        guard let keep = evaluate(condition)?.boolValue else { return nil }
        if !keep { continue }
      }
      guard let made = evaluate(element) else { return nil }
      result.append(made)
    }
    return admit(.list(result), at: span)
  }

  private func map(_ items: [(key: Code, value: Code)]) -> Value? {
    var entries: [MapEntry] = []
    var seen: Set<String> = []
    for item in items {
      guard let key = evaluate(item.key)?.stringValue, let value = evaluate(item.value) else { return nil }
      guard seen.insert(key).inserted else {
        return fail(.duplicateKey, "the key \"\(key)\" is given twice", at: item.key.span)
      }
      entries.append(MapEntry(key: key, value: value))
    }
    return items.first.map { admit(.map(entries), at: $0.key.span) } ?? .map([])
  }

  private func string(_ parts: [StringCode], _ span: SourceSpan) -> Value? {
    var text = ""
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .value(let code):
        guard let value = evaluate(code) else { return nil }
        text += CanonicalText.shown(value)
      }
      guard fits(text.utf8.count, at: span) else { return nil }
    }
    return hold(text.utf8.count, at: span) ? .string(text) : nil
  }

  /// The value, if it is not too large or nested too deeply.
  func admit(_ value: Value, at span: SourceSpan) -> Value? {
    switch value {
    case .list, .map, .record, .schedule: break
    case .host(let object):
      guard let bytes = catalogue.hostTypes[object.type]?.bytes?(object) else { return value }
      return hold(bytes, at: span) ? value : nil
    default: return value
    }
    let weight = value.weight
    guard fits(weight - 1, at: span), hold(weight, each: Evaluator.bytesOfValue, at: span) else { return nil }
    if value.depth > limits.nesting {
      return fail(
        .tooDeep, "records and schedules are nested more than \(limits.nesting) levels deep", at: span,
        help: limits.help(.nesting))
    }
    return value
  }

  /// Whether a value of this many elements is allowed.
  func fits(_ count: Int, at span: SourceSpan) -> Bool {
    if count <= limits.elements { return burn(count / 64, at: span) }
    sink.report(
      .tooManyElements, "a value of \(count) elements is too large; the limit is \(limits.elements)", at: span,
      help: limits.help(.elements))
    return false
  }

  /// Whether there is room for the two lists or strings as one.
  private func makesRoom(_ a: Value, _ b: Value, at span: SourceSpan) -> Bool {
    switch (a, b) {
    case (.list(let x), .list(let y)):
      let count = x.count + y.count
      return fits(count, at: span) && hold(count, each: Evaluator.bytesOfValue, at: span)
    case (.string(let x), .string(let y)):
      let count = x.utf8.count + y.utf8.count
      return fits(count, at: span) && hold(count, at: span)
    default: return true
    }
  }

  private func subscripted(_ base: Code, _ index: Code) -> Value? {
    guard let list = evaluate(base), let position = evaluate(index) else { return nil }
    switch (list, position) {
    case (.list(let elements), .int(let number)):
      guard elements.indices.contains(number) else {
        return fail(
          .indexOutOfBounds, "there is no element \(number) in a list of \(elements.count)", at: index.span,
          help: "elements are counted from 0")
      }
      return elements[number]
    case (.map(let entries), .string(let key)):
      guard burn(entries.count / 64, at: index.span) else { return nil }
      if let entry = entries.first(where: { $0.key == key }) { return entry.value }
      let guess = sink.closest(to: key, among: entries.map(\.key))
      return fail(
        .keyNotFound, "the map has no key \"\(key)\"", at: index.span, help: guess.map { "did you mean \"\($0)\"?" })
    default: return nil
    }
  }

  func compare(_ symbol: BinaryOperator, _ a: Value, _ b: Value, _ span: SourceSpan) -> Value? {
    switch symbol {
    case .equal: return .bool(a == b)
    case .notEqual: return .bool(a != b)
    default:
      guard let order = Arithmetic.compare(a, b) else {
        return fail(.notOrdered, "\(CanonicalText.text(a)) and \(CanonicalText.text(b)) have no order", at: span)
      }
      switch symbol {
      case .less: return .bool(order < 0)
      case .lessEqual: return .bool(order <= 0)
      case .greater: return .bool(order > 0)
      default: return .bool(order >= 0)
      }
    }
  }

  private func transition(_ left: Code, _ right: Code) -> Value? {
    guard let a = evaluate(left), let b = evaluate(right), let start = a.doubleValue, let end = b.doubleValue else {
      return nil
    }
    return .transition(Transition(from: start, to: end, isPercent: a.quantityValue != nil))
  }

  private func then(_ parts: [Code]) -> Value? {
    var result: ScheduleValue?
    for (index, part) in parts.enumerated() {
      guard case .schedule(let schedule)? = evaluate(part) else { return nil }
      if index < parts.count - 1, let last = schedule.segments.last, last.end == .open {
        return fail(
          .scheduleOpen, "this segment needs an end, because another one follows", at: part.span,
          help: "add `until:` (since the start of the run) or `over:` (since the start of the segment)")
      }
      result = result.map { $0.then(schedule) } ?? schedule
    }
    return result.flatMap { admit(.schedule($0), at: parts[0].span) }
  }

  /// Runs `body` in a frame of its own.
  func inFrame<T>(_ values: [Value?], _ body: () -> T) -> T {
    let saved = frame
    frame = values
    defer { frame = saved }
    return body()
  }

  /// Runs `body` in a frame of `count` slots that begins with `values`.
  func withSlots<T>(_ count: Int, _ values: [Value?], _ body: () -> T) -> T {
    inFrame(values + [Value?](repeating: nil, count: max(0, count - values.count)), body)
  }

  private func call(_ index: Int, _ arguments: [BoundArgument], _ span: SourceSpan) -> Value? {
    let function = functions[index]
    guard burn(1, at: span) else { return nil }
    guard callDepth < limits.callDepth, !stackEnd.isReached else {
      return fail(
        .callsTooDeep, "functions call each other more than \(callDepth) deep", at: span,
        help: callDepth < limits.callDepth
          ? "the bodies of these functions are nested too deeply for more calls; name parts with `let`"
          : limits.help(.callDepth))
    }
    var values = [Value?](repeating: nil, count: max(function.body.slots, function.parameters.count))
    var isFine = true
    for argument in arguments {
      values[argument.parameter] = evaluate(argument.code)
      isFine = isFine && values[argument.parameter] != nil
    }
    guard isFine else { return nil }
    callDepth += 1
    defer { callDepth -= 1 }
    let before = held
    let value = unobserved {
      inFrame(values) { () -> Value? in
        if case .returned(let value) = run(function.body.statements) { return value }
        return nil
      }
    }
    release(to: before, after: value)
    return value
  }
}
