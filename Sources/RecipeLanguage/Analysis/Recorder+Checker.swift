/// What needs a look at the checker's state.
extension Recorder {
  /// An expression that is about to be checked, in case it stands where alternatives are asked for.
  func note(_ expression: Expression, expecting want: ValueType?, _ checker: Checker) {
    let span: SourceSpan
    switch expression.kind {
    case .name, .int, .float, .quantity, .invalid: span = expression.span
    case .call(let callee, _):
      guard case .name = callee.kind else { return }
      span = callee.span
    default: return
    }
    guard isTarget(span) else { return }
    let variables = checker.scope.visible.map { name, variable in
      Local(name: name, type: variable.type, value: nil, span: variable.span ?? span)
    }
    offer(.value(expected: want, variables: variables, in: checker.module), at: span)
  }

  /// A field of a record, by the record's definition.
  func field(_ name: Name, of definition: RecordDefinition) {
    offer(.fields(definition.fields), at: name.span)
    if let field = definition.field(name.text) { use(name, .field(field, of: definition.name)) }
  }

  /// A field of some record of a kind.
  func use(_ name: Name, ofKind kind: String, _ checker: Checker) {
    for definition in checker.constructors(of: kind) {
      guard let field = definition.field(name.text) else { continue }
      return use(name, .field(field, of: definition.name))
    }
  }
}
