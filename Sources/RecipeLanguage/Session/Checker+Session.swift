extension Checker {
  /// Checks and runs a statement that was entered in a session; an expression has a value to be shown.
  func run(_ statement: Statement) -> Session.Result? {
    module = mainModule
    scope = Scope()
    guard case .expression(let expression) = statement.kind else {
      scope.allowsEffects = true
      scope.allowsExpect = true
      let body = checkBody([statement])
      guard !sink.hasErrors else { return nil }
      machine.catalogue = catalogue
      machine.withSlots(body.slots, []) { _ = machine.run(body.statements) }
      return nil
    }
    let code = withEffectsIfNeeded { check(expression) }
    guard !code.isPoison, !sink.hasErrors, let value = evaluate(code), code.type != .nothing else { return nil }
    return .value(value, code.type)
  }
}
