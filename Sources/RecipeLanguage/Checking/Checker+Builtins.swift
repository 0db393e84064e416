extension Checker {
  /// A call of a function of the language.
  func callBuiltin(
    _ builtin: Builtin, _ arguments: [Argument], _ span: SourceSpan, _ place: SourceSpan, expecting want: ValueType?
  ) -> Code {
    let definition = builtin.definition
    var parameters = definition.parameters
    var result = definition.result
    if builtin.typing == .schedule {
      let element = want.flatMap(scheduleElement) ?? arguments.first.flatMap { scalarHint($0.value) } ?? .float
      let scalar: ValueType = element == .quantity(.percent) ? element : .float
      parameters = parameters.map { field in
        FieldDefinition(
          field.name, field.type.replacingFloat(by: scalar), default: field.defaultValue, range: field.range,
          positional: field.isPositional, aliases: field.aliases, doc: field.doc)
      }
      result = .schedule(scalar)
    }
    recorder?.labels(of: arguments, for: parameters) { .field($0, of: definition.name) }
    let bound = bind(
      arguments, to: parameters, of: definition.name, place,
      defaults: { self.defaultValue(of: parameters[$0], in: definition.name) })
    guard let bound else { return .poison(span) }
    switch builtin.typing {
    case .fixed: break
    case .schedule:
      let labels = arguments.compactMap(\.label)
      if let until = labels.first(where: { $0.text == "until" }), let over = labels.first(where: { $0.text == "over" })
      {
        sink.report(
          .scheduleTwoEnds, "a segment ends `until:` a time or `over:` a time, not both", at: over.span,
          secondary: [Diagnostic.Label(until.span, "the other end")])
        return .poison(span)
      }
    case .sameNumbers:
      guard let type = sameNumbers(bound.map(\.code), definition.name) else { return .poison(span) }
      let adapted = bound.map { BoundArgument(parameter: $0.parameter, code: converted($0.code, to: type)) }
      return Code(node: .callHost(definition, adapted), type: type, span: span)
    case .element, .sameList:
      let type = bound.first?.code.type ?? .unknown
      guard case .list(let element) = type else { break }
      if builtin.typing == .sameList { return Code(node: .callHost(definition, bound), type: type, span: span) }
      guard element.isNumber || element.isUnknown || element.isQuantity else {
        sink.report(.typeMismatch, "`\(definition.name)` adds numbers, not \(element)", at: span)
        return .poison(span)
      }
      result = element.isUnknown ? .int : element
    }
    return Code(node: .callHost(definition, bound), type: result, span: span)
  }

  /// The common type of numbers or quantities, or nil after a report.
  private func sameNumbers(_ codes: [Code], _ name: String) -> ValueType? {
    guard var common = codes.first else { return nil }
    for code in codes {
      guard code.type.isNumber || code.type.isQuantity else {
        if !code.type.isUnknown {
          sink.report(.typeMismatch, "`\(name)` is for numbers, but this is \(code.type)", at: code.span)
        }
        return nil
      }
      guard let type = join(common, code), type != .quantity(.training) else {
        sink.report(
          .typeMismatch, "`\(name)` needs numbers of one type, not \(common.type) and \(code.type)", at: code.span)
        return nil
      }
      let literal = common.isIntegerLiteral && code.isIntegerLiteral
      common = Code(node: common.node, type: type, span: common.span, isIntegerLiteral: literal)
    }
    return common.type
  }

  /// The default of a field, as its type wants it. Defaults that are source text are evaluated once.
  func defaultValue(of field: FieldDefinition, in owner: String) -> Value? {
    switch field.defaultValue {
    case .required: return nil
    case .value(.int(let number)) where accepts(field.type, .float) && !accepts(field.type, .int):
      return .float(Double(number))
    case .value(let value): return value
    case .source(let text):
      let key = "\(owner).\(field.name)"
      if let value = sourceDefaults[key] { return value }
      let source = SourceFile(name: "default of \(key)", text: text, kind: .catalogue)
      let saved = (scope, module)
      defer { (scope, module) = saved }
      scope = Scope()
      module = Module(tree: SyntaxTree(source: source, declarations: [], comments: []), path: nil)
      let expression = Parser.parseExpression(source, limits: limits, into: sink)
      let code = check(expression, as: field.type, what: "the default of `\(field.name)`")
      guard let value = evaluate(code, as: field) else { return nil }
      sourceDefaults[key] = value
      return value
    }
  }
}

extension ValueType {
  var isQuantity: Bool { if case .quantity = self { true } else { false } }
}
