extension Checker {
  /// Checks a declaration and computes its value.
  func process(_ index: Int) {
    let global = globals[index]
    module = global.module
    scope = Scope()
    let declaration = global.declaration
    if global.isPoisoned {
      if case .record = declaration.kind { poisonedTypes.insert(declaration.name.text) }
      return
    }
    switch declaration.kind {
    case .binding(let type, let value): binding(index, type, value)
    case .function(let parameters, let result, let body): function(index, parameters, result, body)
    case .enumeration(let members): enumeration(declaration, members)
    case .record(let fields): record(declaration, fields)
    case .recipe(let base, let amendments): recipe(index, base, amendments)
    case .sweep(let base, let axes, let amendments, let skips): sweep(index, base, axes, amendments, skips)
    case .task(let needs, let body): task(index, needs, body)
    case .test(let body): test(index, body)
    case .imported: break
    }
  }

  private func binding(_ index: Int, _ type: TypeSyntax?, _ value: Expression) {
    let name = globals[index].declaration.name.text
    let want = type.map { resolve($0) }
    var code = withEffectsIfNeeded {
      want.map { check(value, as: $0, what: "`\(name)`") } ?? check(value)
    }
    globals[index].type = want ?? code.type
    if let replacement = bindingOverride(of: name) {
      code = check(replacement, overriding: code, want, name)
      globals[index].type = want ?? code.type
    }
    if case .none = globals[index].type, want == nil {
      sink.report(
        .typeMismatch, "the type of `\(name)` cannot be seen from `none`", at: value.span,
        help: "write `let \(name): Type? = none`")
    }
    let result = code.isPoison ? nil : kept(globals[index].declaration) { evaluate(code) }
    if globals[index].type.isUnknown { globals[index].isPoisoned = true }
    machine.globals[index] = result
  }

  /// The expression of `--set name=value` for a top-level `let` of the main file.
  private func bindingOverride(of name: String) -> Expression? {
    guard module === mainModule, catalogue.recipe.field(name) == nil else { return nil }
    guard let position = overrides.lastIndex(where: { $0.path.count == 1 && $0.path[0].text == name }) else {
      return nil
    }
    overrides[position].isUsed = true
    return overrides[position].value
  }

  private func check(_ replacement: Expression, overriding code: Code, _ want: ValueType?, _ name: String) -> Code {
    if let want { return check(replacement, as: want, what: "`\(name)`") }
    let new = check(replacement, expecting: code.type.isUnknown ? nil : code.type)
    if let element = scheduleElement(code.type), accepts(element, new.type, literal: new.isIntegerLiteral) {
      return converted(new, to: element)
    }
    if scheduleElement(new.type) == code.type { return new }
    return fit(new, to: code.type, what: "`\(name)`")
  }

  private func parameters(_ syntax: [ParameterSyntax], of owner: String) -> [FieldDefinition] {
    var seen: [String: SourceSpan] = [:]
    return syntax.map { parameter in
      let name = parameter.name.text
      if let first = seen[name] {
        sink.report(
          .duplicateName, "`\(owner)` has two of the name `\(name)`", at: parameter.name.span,
          secondary: [Diagnostic.Label(first, "first here")])
      }
      seen[name] = parameter.name.span
      let type = resolve(parameter.type)
      var value = FieldDefault.required
      if let expression = parameter.defaultValue {
        let code = check(expression, as: type, what: "the default of `\(name)`")
        if let result = code.isPoison ? nil : evaluate(code) { value = .value(result) }
      }
      return FieldDefinition(
        name, type, default: value, positional: parameter.isPositional, doc: parameter.doc)
    }
  }

  private func function(
    _ index: Int, _ syntax: [ParameterSyntax], _ result: TypeSyntax?, _ statements: [Statement]
  ) {
    let declaration = globals[index].declaration
    let parameters = parameters(syntax, of: declaration.name.text)
    scope = Scope()
    for (parameter, field) in zip(syntax, parameters) {
      recorder?.declare(field.name, field.type, at: parameter.name.span)
      _ = scope.declare(field.name, field.type, at: parameter.name.span)
    }
    let type = result.map { resolve($0) } ?? .nothing
    scope.result = type
    scope.allowsEffects = true
    let statements = type == .nothing ? statements : (Self.returning(statements) ?? statements)
    var code = FunctionCode(
      name: declaration.name.text, parameters: parameters, result: type, span: declaration.name.span)
    code.body = checkBody(statements)
    for (position, field) in parameters.enumerated() {
      if case .value(let value) = field.defaultValue { code.defaults[position] = value }
    }
    if type != .nothing, !type.isUnknown, !returns(statements) {
      sink.report(
        .resultMismatch, "`\(declaration.name.text)` does not return on every path", at: declaration.name.span,
        help: "end with `return …`")
    }
    globals[index].function = machine.functions.count
    machine.functions.append(code)
  }

  /// A body that is one expression, or one `if` whose branches are, with its `return` written out.
  private static func returning(_ statements: [Statement]) -> [Statement]? {
    guard statements.count == 1, let only = statements.first else { return nil }
    switch only.kind {
    case .expression(let value): return [Statement(kind: .result(value), span: only.span)]
    case .conditional(let test, let first, let second):
      guard let a = returning(first), let b = returning(second) else { return nil }
      return [Statement(kind: .conditional(test, a, b), span: only.span)]
    default: return nil
    }
  }

  private func enumeration(_ declaration: Declaration, _ members: [Name]) {
    guard catalogue.enums[declaration.name.text] == nil else { return }
    var seen: Set<String> = []
    for member in members where !seen.insert(member.text).inserted {
      sink.report(.duplicateName, "`.\(member.text)` is declared already", at: member.span)
    }
    if members.isEmpty {
      sink.report(.expectedName, "an enum needs at least one member", at: declaration.name.span)
    }
    catalogue.add(
      EnumDefinition(
        declaration.name.text, doc: declaration.doc, members: members.map { EnumDefinition.Member($0.text) }))
  }

  private func record(_ declaration: Declaration, _ fields: [ParameterSyntax]) {
    let name = declaration.name.text
    guard catalogue.constructors[name] == nil else { return }
    catalogue.add(
      RecordDefinition(name, doc: declaration.doc, fields: parameters(fields, of: name)))
  }

  private func test(_ index: Int, _ statements: [Statement]) {
    scope.allowsEffects = true
    scope.allowsExpect = true
    let body = checkBody(statements)
    guard globals[index].module === mainModule else { return }
    let name = globals[index].declaration.name
    if let first = tests.first(where: { $0.declaration.name == name.text }) {
      sink.report(
        .duplicateName, "there is a test of this name already", at: name.span,
        secondary: [Diagnostic.Label(first.declaration.span, "first here")])
    }
    tests.append((TestDeclaration(name: name.text, effects: body.effects, span: name.span), body))
  }

  private func task(_ index: Int, _ needs: [Name], _ statements: [Statement]) {
    let declaration = globals[index].declaration
    for need in needs {
      recorder?.offer(.recipes(in: module, runs: true), at: need.span)
      let needed = module.names[need.text]
      if let needed { recorder?.use(need, .global(needed)) }
      let found = needed.map { globals[$0].declaration.kind }
      switch found {
      case .recipe, .sweep, .task: break
      default:
        let known = sink.isFull ? [:] : module.names.filter {
          switch globals[$0.value].declaration.kind {
          case .recipe, .sweep, .task: true
          default: false
          }
        }
        let guess = sink.closest(to: need.text, among: known.keys, inOrder: false)
        sink.report(
          .unknownNeed, "there is no recipe, sweep or task `\(need.text)`", at: need.span,
          help: guess.map { "did you mean `\($0)`?" }
            ?? (known.isEmpty || known.count > 40 ? nil : "there is \(known.keys.sorted().joined(separator: ", "))"))
      }
      _ = declare(need, catalogue.resultType)
      if needed != nil { recorder?.forgetLocal(at: need.span) }
    }
    scope.allowsEffects = true
    scope.allowsExpect = true
    let body = checkBody(statements)
    guard module === mainModule else { return }
    let task = TaskDeclaration(
      name: declaration.name.text, doc: declaration.doc, needs: needs.map(\.text), effects: body.effects,
      span: declaration.name.span)
    tasks.append((task, body))
  }
}
