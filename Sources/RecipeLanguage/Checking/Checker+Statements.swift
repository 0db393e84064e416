extension Checker {
  /// Checks the body of a function, test or task whose parameters are declared in `scope` already.
  func checkBody(_ statements: [Statement]) -> BodyCode {
    let code = block(statements)
    return BodyCode(statements: code, slots: scope.slots, effects: scope.effects)
  }

  private func block(_ statements: [Statement]) -> [StatementCode] {
    scope.push()
    defer { scope.pop() }
    return statements.map { StatementCode(node: self.check($0), span: $0.span) }
  }

  private func check(_ statement: Statement) -> StatementNode {
    switch statement.kind {
    case .invalid: return .poison
    case .binding(let name, let type, let value):
      let code: Code
      if let type {
        code = check(value, as: resolve(type), what: "`\(name.text)`")
      } else {
        code = check(value)
      }
      let declared = type.map { resolve($0) } ?? code.type
      let slot = declare(name, code.isPoison ? .unknown : declared)
      recorder?.declare(name.text, declared, at: name.span, value: code.constant)
      return .bind(slot, code)
    case .loop(let name, let sequence, let body):
      let list = check(sequence)
      scope.push()
      defer { scope.pop() }
      let slot = declare(name, iterated(list))
      return .loop(slot, list, block(body))
    case .conditional(let test, let first, let second):
      let condition = condition(test, what: "the condition of `if`")
      let parts = (given(test, is: true) { block(first) }, given(test, is: false) { block(second) })
      // After `if x == none { return … }` the rest has a value of x.
      if returns(first) { assume(test, is: false) }
      if returns(second) { assume(test, is: true) }
      return .conditional(condition, parts.0, parts.1)
    case .result(let value): return result(value, statement.span)
    case .expression(let value):
      let code = check(value)
      if !code.isPoison, !isEffect(code) {
        sink.report(
          .unusedResult, "the result of this is not used", at: code.span,
          help: scope.allowsExpect ? "write `expect …`, or `let name = …`" : "write `let name = …` or `return …`")
      }
      return .evaluate(code)
    case .expect(let value, let tolerance): return expectation(value, tolerance, statement.span)
    case .expectFailure(let code, let body): return expectFailure(code, body, statement.span)
    }
  }

  private func isEffect(_ code: Code) -> Bool {
    if code.type == .nothing { return true }
    switch code.node {
    case .callHost(let function, _): return !function.effects.isEmpty
    case .callFunction(let index, _): return !functions[index].body.effects.isEmpty
    default: return false
    }
  }

  private func result(_ value: Expression?, _ span: SourceSpan) -> StatementNode {
    guard let want = scope.result else {
      sink.report(.resultMismatch, "`return` stands only in a `func`", at: span)
      return .poison
    }
    guard let value else {
      if want != .nothing { sink.report(.resultMismatch, "this function returns \(want)", at: span) }
      return .result(nil)
    }
    if want == .nothing {
      sink.report(
        .resultMismatch, "this function returns nothing", at: value.span, help: "declare its result: `-> Float`")
      _ = check(value)
      return .poison
    }
    return .result(check(value, as: want, what: "the result"))
  }

  /// Whether every path through the statements returns.
  func returns(_ statements: [Statement]) -> Bool {
    statements.contains { statement in
      switch statement.kind {
      case .result, .invalid: true
      case .conditional(_, let first, let second): returns(first) && returns(second)
      default: false
      }
    }
  }

  private func expectation(_ value: Expression, _ tolerance: Expression?, _ span: SourceSpan) -> StatementNode {
    guard allowExpect(span) else { return .poison }
    guard case .binary(.nearly, let place, let left, let right) = value.kind else {
      if let tolerance {
        sink.report(
          .expectedToken, "`within` belongs to `expect a ~= b within tolerance`", at: tolerance.span,
          help: "compare with `~=`")
      }
      let code = condition(value, what: "what is expected")
      return .expect(code)
    }
    let (a, b) = sides(left, right)
    guard let tolerance else {
      sink.report(.expectedToken, "`~=` needs a tolerance", at: place, help: "write `expect a ~= b within 1e-6`")
      return .poison
    }
    let limit = check(tolerance, as: .float, what: "the tolerance")
    if a.isPoison || b.isPoison || limit.isPoison { return .poison }
    guard isNearlyComparable(a.type, b.type) else {
      sink.report(
        .operatorTypes, "`~=` does not fit \(a.type) and \(b.type)", at: place,
        secondary: [Diagnostic.Label(a.span, "\(a.type)"), Diagnostic.Label(b.span, "\(b.type)")])
      return .poison
    }
    return .expectNearly(a, b, within: limit)
  }

  private func isNearlyComparable(_ a: ValueType, _ b: ValueType) -> Bool {
    if a.isUnknown || b.isUnknown || a == .any || b == .any { return true }
    switch (a, b) {
    case (.float, .float), (.int, .int), (.float, .int), (.int, .float): return true
    case (.quantity(let x), .quantity(let y)): return x == y
    case (.list(let x), .list(let y)): return isNearlyComparable(x, y)
    case (.host(let name), _): return catalogue.hostTypes[name]?.difference != nil
    default: return false
    }
  }

  private func allowExpect(_ span: SourceSpan) -> Bool {
    if scope.allowsExpect { return true }
    sink.report(.expectedDeclaration, "`expect` stands only in a `test`", at: span)
    return false
  }

  private func expectFailure(_ code: Name, _ body: [Statement], _ span: SourceSpan) -> StatementNode {
    guard allowExpect(span) else { return .poison }
    let known = DiagnosticCode.all + catalogue.codes
    if !known.contains(where: { $0.id == code.text }) {
      let guess = sink.closest(to: code.text, among: known.map(\.id))
      sink.report(
        .unknownName, "there is no code \"\(code.text)\"", at: code.span, help: guess.map { "did you mean \"\($0)\"?" })
      return .poison
    }
    let outer = sink
    sink = DiagnosticSink(limit: limits.diagnostics)
    let checked = block(body)
    let codes = sink.diagnostics.filter { $0.severity == .error }.map(\.code.id)
    sink = outer
    return .expectFailure(code: code, staticCodes: codes, checked)
  }
}
