/// `x != none` tells that `x` has a value: where the test has come out so, its type is `T`, not `T?`. This is sound
/// because values never change.
extension Checker {
  /// Runs `body` in a block in which the test is known to have come out as `outcome`.
  func given<T>(_ test: Expression, is outcome: Bool, _ body: () -> T) -> T {
    scope.push()
    defer { scope.pop() }
    assume(test, is: outcome)
    return body()
  }

  /// In the rest of the block the test is known to have come out as `outcome`.
  func assume(_ test: Expression, is outcome: Bool) {
    switch test.kind {
    case .not(let operand): assume(operand, is: !outcome)
    case .binary(.and, _, let left, let right) where outcome, .binary(.or, _, let left, let right) where !outcome:
      assume(left, is: outcome)
      assume(right, is: outcome)
    case .binary(.notEqual, _, let left, let right) where outcome, .binary(.equal, _, let left, let right) where !outcome:
      if case .none = right.kind { narrow(left) } else if case .none = left.kind { narrow(right) }
    default: break
    }
  }

  private func narrow(_ expression: Expression) {
    guard let path = expression.path else { return }
    let reports = sink
    sink = DiagnosticSink(limit: 1)
    let type = check(expression).type
    sink = reports
    if case .optional(let wrapped) = type { scope.narrow(path, to: wrapped) }
  }
}

extension Expression {
  /// `a.b.c`, for an expression that is nothing but names.
  var path: String? {
    switch kind {
    case .name(let name): name
    case .select(let base, let name): base.path.map { "\($0).\(name.text)" }
    default: nil
    }
  }
}
