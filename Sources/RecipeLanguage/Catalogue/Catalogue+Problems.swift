extension Catalogue {
  /// What is wrong with the catalogue itself: types nobody registered, defaults that do not fit, names that clash.
  /// Empty for a sound catalogue. A host's tests call it; `Program.load` relies on it.
  public func problems() -> [String] {
    var problems: [String] = []
    for record in records + [recipe] {
      check(record.fields, of: record.name, &problems)
      if record.form == .method, record.fields.isEmpty { problems.append("method \(record.name) has no receiver") }
    }
    for function in functions.values {
      check(function.parameters, of: function.name, &problems)
      check(function.result, "the result of \(function.name)", &problems)
      if Builtins.table[function.name] != nil { problems.append("\(function.name) is a function of the language") }
    }
    for name in constructors.keys where Builtins.table[name] != nil {
      problems.append("\(name) is a function of the language")
    }
    for definition in operators {
      check(definition.left, "operator \(definition.symbol)", &problems)
      check(definition.right, "operator \(definition.symbol)", &problems)
      check(definition.result, "operator \(definition.symbol)", &problems)
      guard case .record(let name, let left, let right) = definition.meaning else { continue }
      guard let record = constructors[name] else {
        problems.append("operator \(definition.symbol) makes \(name), which is not registered")
        continue
      }
      for field in [left, right] where record.field(field) == nil { problems.append("\(name) has no field \(field)") }
    }
    if let lengthField, recipe.field(lengthField) == nil { problems.append("recipes have no field \(lengthField)") }
    return (problems + defaultProblems()).sorted()
  }

  private func check(_ fields: [FieldDefinition], of owner: String, _ problems: inout [String]) {
    if Set(fields.map(\.name)).count != fields.count { problems.append("\(owner) has a field twice") }
    for field in fields { check(field.type, "\(owner).\(field.name)", &problems) }
  }

  private func check(_ type: ValueType, _ place: String, _ problems: inout [String]) {
    switch type {
    case .enumeration(let name) where enums[name] == nil: problems.append("\(place): there is no enum \(name)")
    case .record(let name) where kinds[name] == nil && name != recipe.name:
      problems.append("\(place): there is no kind \(name)")
    case .host(let name) where hostTypes[name] == nil: problems.append("\(place): there is no host type \(name)")
    case .list(let inner), .map(let inner), .optional(let inner), .transition(let inner), .schedule(let inner),
      .schedulable(let inner):
      check(inner, place, &problems)
    case .oneOf(let types): for type in types { check(type, place, &problems) }
    default: break
    }
  }

  /// Defaults are checked like source: type, range, rule.
  private func defaultProblems() -> [String] {
    let sink = DiagnosticSink(limit: 1000)
    let source = SourceFile(name: "catalogue", text: "")
    let module = Module(tree: SyntaxTree(source: source, declarations: [], comments: []), path: nil)
    let checker = Checker(catalogue: self, limits: Limits(), sink: sink, module: module)
    var problems: [String] = []
    let span = SourceSpan(file: source, lower: 0, upper: 0)
    let owners =
      records.map { ("\($0.kind).\($0.name)", $0.fields) } + functions.values.map { ($0.name, $0.parameters) }
      + [(recipe.name, recipe.fields)]
    for (owner, fields) in owners {
      for field in fields {
        guard let value = checker.defaultValue(of: field, in: owner) else { continue }
        if value.isNone, case .optional = field.type { continue }
        if let type = value.ownType {
          let code = Code(node: .constant(value), type: type, span: span, isIntegerLiteral: value.intValue != nil)
          if !checker.accepts(field.type, type, literal: code.isIntegerLiteral) {
            problems.append("\(owner).\(field.name): the default \(CanonicalText.text(value)) is not \(field.type)")
          }
        }
        if let problem = FieldCheck.problem(value, field, "\(owner).\(field.name)") { problems.append(problem.message) }
      }
    }
    return problems + sink.diagnostics.map { "\($0.primary.span.file.name): \($0.message)" }
  }
}

extension Value {
  /// The type of a value that says it by itself.
  fileprivate var ownType: ValueType? {
    switch self {
    case .none: .some(.none)
    case .bool: .bool
    case .int: .int
    case .float: .float
    case .string: .string
    case .quantity(let quantity): .quantity(quantity.dimension)
    case .member(let member): .enumeration(member.type)
    case .record(let record): .record(record.kind)
    default: nil
    }
  }
}
