extension Evaluator {
  /// How a list of statements ended.
  enum Flow {
    case normal
    case returned(Value?)
  }

  /// Runs statements until one returns.
  func run(_ statements: [StatementCode]) -> Flow {
    for statement in statements {
      if case .returned(let value) = run(statement) { return .returned(value) }
    }
    return .normal
  }

  private func run(_ statement: StatementCode) -> Flow {
    guard burn(1, at: statement.span) else { return .returned(nil) }
    let before = held
    switch statement.node {
    case .poison: break
    case .bind(let slot, let code): frame[slot] = evaluate(code)
    case .loop(let slot, let sequence, let body):
      guard let values = evaluate(sequence)?.listValue else { break }
      let before = held
      for value in values {
        guard burn(1, at: statement.span) else { return .returned(nil) }
        held = before
        frame[slot] = value
        if case .returned(let result) = run(body) { return .returned(result) }
      }
    case .conditional(let test, let first, let second):
      guard let condition = evaluate(test)?.boolValue else { return .returned(nil) }
      return run(condition ? first : second)
    case .result(let code): return .returned(code.flatMap(evaluate))
    case .evaluate(let code):
      _ = evaluate(code)
      release(to: before)
    case .expect(let code):
      expect(code, statement.span)
      release(to: before)
    case .expectNearly(let left, let right, let tolerance): expectNearly(left, right, tolerance, statement.span)
    case .expectFailure(let code, let staticCodes, let body): expectFailure(code, staticCodes, body, statement.span)
    }
    return .normal
  }

  private func expect(_ code: Code, _ span: SourceSpan) {
    expectations += 1
    let (value, parts) = observe { evaluate(code) }
    guard value?.boolValue == false else { return }
    sink.report(
      .expectationFailed, "expectation failed: \(Self.short(code.span.text))", at: code.span, label: "is false",
      values: labels(parts))
  }

  /// Runs `body` and notes the value of every part of the expressions in it.
  private func observe<T>(_ body: () -> T) -> (T, [Observation]) {
    observed = []
    defer { observed = nil }
    let result = body()
    return (result, observed ?? [])
  }

  private func labels(_ parts: [Observation]) -> [Diagnostic.Label] {
    // The value of the whole says nothing new by itself.
    parts.count < 2 ? [] : parts.map { Diagnostic.Label($0.place, Self.short(describe($0.value), 72)) }
  }

  /// The text on one line, cut where it is long.
  private static func short(_ text: String, _ length: Int = 80) -> String {
    let line = text.split { $0.isNewline }.map { $0.drop { $0 == " " } }.joined(separator: " ")
    return line.count > length ? line.prefix(length) + "…" : line
  }

  private func expectNearly(_ left: Code, _ right: Code, _ tolerance: Code, _ span: SourceSpan) {
    expectations += 1
    let (values, parts) = observe { (evaluate(left), evaluate(right), evaluate(tolerance)?.doubleValue) }
    guard case (let a?, let b?, let limit?) = values else { return }
    let difference: Double
    do {
      guard burn(goingThrough: [a, b], at: span) else { return }
      difference = try self.difference(a, b)
    } catch {
      let reason = (error as? CallError)?.message ?? "\(error)"
      sink.report(.expectationFailed, "the values cannot be compared: \(reason)", at: span, values: labels(parts))
      return
    }
    if difference <= limit { return }
    sink.report(
      .expectationFailed, "expectation failed: they differ by \(difference), more than \(limit)", at: span,
      values: labels(parts))
  }

  /// The largest absolute difference of two values.
  private func difference(_ a: Value, _ b: Value) throws -> Double {
    switch (a, b) {
    case (.host(let value), _):
      guard let measure = catalogue.hostTypes[value.type]?.difference else {
        throw CallError("\(value.type) has no difference")
      }
      return try measure(value, b)
    case (.list(let x), .list(let y)):
      guard x.count == y.count else { throw CallError("lists of \(x.count) and \(y.count) elements") }
      return try zip(x, y).reduce(0) { worst, pair in
        let next = try difference(pair.0, pair.1)
        return next.isNaN || next > worst ? next : worst
      }
    default:
      guard let x = a.doubleValue, let y = b.doubleValue else { throw CallError("they are no numbers") }
      return x == y ? 0 : abs(x - y)
    }
  }

  /// A value for a failure message.
  func describe(_ value: Value) -> String {
    if case .host(let object) = value, let type = catalogue.hostTypes[object.type] { return type.describe(object) }
    let text = CanonicalText.text(value)
    return text.count > 200 ? text.prefix(200) + "…" : text
  }

  private func expectFailure(_ code: Name, _ staticCodes: [String], _ body: [StatementCode], _ span: SourceSpan) {
    expectations += 1
    var codes = staticCodes
    if codes.isEmpty {
      let outer = sink
      sink = DiagnosticSink(limit: limits.diagnostics)
      _ = run(body)
      codes = sink.diagnostics.filter { $0.severity == .error }.map(\.code.id)
      sink = outer
    }
    if codes.contains(code.text) { return }
    if codes.isEmpty {
      sink.report(.noFailure, "this was expected to fail with \(code.text), but did not", at: span)
    } else {
      sink.report(
        .otherFailure, "this was expected to fail with \(code.text), but failed with \(codes.joined(separator: ", "))",
        at: span)
    }
  }
}
