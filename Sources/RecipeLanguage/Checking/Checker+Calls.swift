extension Checker {
  /// `callee(arguments)`
  func call(_ callee: Expression, _ arguments: [Argument], _ span: SourceSpan, expecting want: ValueType?) -> Code {
    switch callee.kind {
    case .name(let name): return call(name, arguments, span, callee.span, expecting: want)
    case .member(let name):
      let (enums, kinds) = memberTypes(want)
      recorder?.offer(.members(enums: enums, kinds: kinds), at: name.span)
      for kind in kinds {
        if let definition = catalogue.members[kind]?[name.text] {
          recorder?.use(name, .constructor(definition))
          return construct(definition, arguments, span, callee.span, shown: ".\(name.text)")
        }
      }
      if let type = enums.first(where: { catalogue.enums[$0]?.members.contains { $0.name == name.text } == true }) {
        sink.report(
          .notCallable, "`.\(name.text)` of \(type) takes no arguments", at: callee.span, help: "remove `( )`")
      } else {
        reportUnknown(member: name, enums, kinds, want)
      }
    case .select(let base, let name):
      if let code = callImported(base, name, arguments, span) { return code }
      return method(base, name, arguments, span)
    case .invalid: break
    default:
      let code = check(callee)
      if !code.isPoison { sink.report(.notCallable, "this is \(code.type), not a function", at: callee.span) }
    }
    skip(arguments)
    return .poison(span)
  }

  /// Looks for mistakes in arguments nobody will take.
  private func skip(_ arguments: [Argument]) {
    for argument in arguments { _ = check(argument.value, expecting: .unknown) }
  }

  private func call(
    _ name: String, _ arguments: [Argument], _ span: SourceSpan, _ place: SourceSpan, expecting want: ValueType?
  ) -> Code {
    if let variable = scope.lookup(name) {
      if let declared = variable.span { recorder?.use(name, at: place, .local(declared)) }
      sink.report(.notCallable, "`\(name)` is \(variable.type), not a function", at: place)
    } else if let index = module.names[name], !isHiddenInCalls(index, name) {
      recorder?.use(name, at: place, .global(index))
      return callGlobal(index, name, arguments, span, place)
    } else {
      let constructor = catalogue.constructors[name]
      let function = catalogue.functions[name]
      if let constructor, function.map({ prefers(constructor, to: $0, for: arguments) }) ?? true {
        recorder?.use(name, at: place, .constructor(constructor))
        return construct(constructor, arguments, span, place, shown: name)
      }
      if let function {
        recorder?.use(name, at: place, .function(function))
        return callHost(function, arguments, span, place)
      }
      if let builtin = Builtins.table[name] {
        recorder?.use(name, at: place, .function(builtin.definition))
        return callBuiltin(builtin, arguments, span, place, expecting: want)
      }
      reportUnknown(name, at: place, called: true)
    }
    skip(arguments)
    return .poison(span)
  }

  /// Whether a call means the constructor rather than the function of the same name: the labels decide.
  private func prefers(
    _ constructor: RecordDefinition, to function: FunctionDefinition, for arguments: [Argument]
  ) -> Bool {
    if !function.effects.isEmpty, !scope.allowsEffects { return true }
    func misfits(_ fields: [FieldDefinition]) -> Int {
      let known = Set(fields.map(\.name))
      let given = Set(arguments.compactMap { $0.label?.text })
      let unlabelled = arguments.count { $0.label == nil }
      let positional = fields.filter(\.isPositional)
      let filled = Set(positional.prefix(unlabelled).map(\.name)).union(given)
      let missing = fields.count { $0.isRequired && !filled.contains($0.name) }
      return arguments.count { $0.label.map { !known.contains($0.text) } ?? false }
        + max(0, unlabelled - positional.count) + missing
    }
    let (a, b) = (misfits(constructor.fields), misfits(function.parameters))
    return a != b ? a < b : !scope.allowsEffects
  }

  private func callImported(_ base: Expression, _ name: Name, _ arguments: [Argument], _ span: SourceSpan) -> Code? {
    guard case .name(let alias) = base.kind, scope.declared(alias) == nil, module.names[alias] == nil,
      let file = module.imports[alias]
    else { return nil }
    recordImport(alias, at: base.span, name, in: file)
    guard let index = file.names[name.text] else {
      _ = select(base, name, span)
      skip(arguments)
      return .poison(span)
    }
    return callGlobal(index, "\(alias).\(name.text)", arguments, span, base.span.through(name.span))
  }

  private func callGlobal(
    _ index: Int, _ name: String, _ arguments: [Argument], _ span: SourceSpan, _ place: SourceSpan
  ) -> Code {
    let global = globals[index]
    switch global.declaration.kind {
    case .function:
      guard !global.isPoisoned, let function = global.function else { break }
      let code = functions[function]
      recorder?.labels(of: arguments, for: code.parameters) { .parameter($0, of: index) }
      if !allow(code.body.effects, name, place) { break }
      guard
        let bound = bind(arguments, to: code.parameters, of: name, place, defaults: { code.defaults[$0] })
      else { return .poison(span) }
      return Code(node: .callFunction(function, bound), type: code.result, span: span)
    case .record:
      guard !global.isPoisoned, let definition = catalogue.constructors[global.declaration.name.text] else { break }
      return construct(definition, arguments, span, place, shown: name)
    default:
      if !global.isPoisoned, !global.type.isUnknown {
        sink.report(.notCallable, "`\(name)` is \(global.type), not a function", at: place)
      }
    }
    skip(arguments)
    return .poison(span)
  }

  /// `receiver.name(arguments)`
  private func method(_ base: Expression, _ name: Name, _ arguments: [Argument], _ span: SourceSpan) -> Code {
    let receiver = check(base)
    recorder?.offer(.parts(of: receiver.type), at: name.span)
    guard let definition = catalogue.methods[name.text], let field = definition.fields.first else {
      if !receiver.isPoison {
        let known = catalogue.methods.keys.sorted()
        let guess = sink.closest(to: name.text, among: known)
        sink.report(
          .unknownMethod, "\(receiver.type) has no method `\(name.text)`", at: name.span,
          help: guess.map { "did you mean `\($0)`?" }, fix: guess.map { Diagnostic.Fix(name.span, replacement: $0) })
      }
      skip(arguments)
      return .poison(span)
    }
    recorder?.use(name, .constructor(definition))
    let target = fit(receiver, to: field.type, what: "what `.\(name.text)` is applied to")
    let rest = construct(definition, arguments, span, name.span, shown: ".\(name.text)", receiver: target)
    return target.isPoison ? .poison(span) : rest
  }

  /// A constructor call.
  func construct(
    _ definition: RecordDefinition, _ arguments: [Argument], _ span: SourceSpan, _ place: SourceSpan, shown: String,
    receiver: Code? = nil
  ) -> Code {
    recorder?.labels(of: arguments, for: receiver == nil ? definition.fields : Array(definition.fields.dropFirst())) {
      .field($0, of: definition.name)
    }
    let bound = bind(
      arguments, to: definition.fields, of: shown, place, receiver: receiver,
      defaults: { self.defaultValue(of: definition.fields[$0], in: "\(definition.kind).\(definition.name)") })
    guard let bound else { return .poison(span) }
    return Code(node: .construct(definition, bound), type: .record(definition.kind), span: span)
  }

  func callHost(_ function: FunctionDefinition, _ arguments: [Argument], _ span: SourceSpan, _ place: SourceSpan)
    -> Code
  {
    recorder?.labels(of: arguments, for: function.parameters) { .field($0, of: function.name) }
    let allowed = allow(function.effects, function.name, place)
    let bound = bind(
      arguments, to: function.parameters, of: function.name, place,
      defaults: { self.defaultValue(of: function.parameters[$0], in: function.name) })
    guard allowed, let bound else { return .poison(span) }
    return Code(node: .callHost(function, bound), type: function.result, span: span)
  }

  /// Whether a call with these effects may stand here; they are added to what the body does.
  func allow(_ effects: Set<Effect>, _ name: String, _ place: SourceSpan) -> Bool {
    if effects.isEmpty { return true }
    guard scope.allowsEffects else {
      let list = effects.map(\.rawValue).sorted().joined(separator: ", ")
      sink.report(
        .effectNotAllowed, "`\(name)` cannot be called here: it has effects (\(list))", at: place,
        help: "call it in a `test` or a `task`")
      return false
    }
    scope.effects.formUnion(effects)
    return true
  }

  // MARK: Arguments

  /// Matches arguments with parameters and checks every one of them; nil if anything is wrong.
  func bind(
    _ arguments: [Argument], to parameters: [FieldDefinition], of callee: String, _ place: SourceSpan,
    receiver: Code? = nil, defaults: (Int) -> Value?
  ) -> [BoundArgument]? {
    var bound: [BoundArgument] = []
    var given: [Int: SourceSpan] = [:]
    var isFine = true
    if let receiver {
      bound.append(BoundArgument(parameter: 0, code: receiver))
      given[0] = receiver.span
      isFine = !receiver.isPoison
    }
    // What could not be read may have been any argument: no other is missed for it.
    let isReadable = !arguments.contains { if case .invalid = $0.value.kind { $0.label == nil } else { false } }
    for argument in arguments {
      if !isReadable, argument.label == nil {
        _ = check(argument.value, expecting: .unknown)
        continue
      }
      let (index, isRight) = parameter(for: argument, parameters, given, callee, place)
      isFine = isFine && isRight
      guard let index else {
        _ = check(argument.value, expecting: .unknown)
        continue
      }
      given[index] = argument.label?.span ?? argument.value.span
      let field = parameters[index]
      let what = "`\(field.name)` of `\(callee)`"
      let code = restrict(check(argument.value, as: field.type, what: what), field, what)
      isFine = isFine && !code.isPoison
      bound.append(BoundArgument(parameter: index, code: code))
    }
    for (index, field) in parameters.enumerated() where given[index] == nil {
      if !isReadable {
        isFine = false
      } else if field.isRequired {
        let others = field.type.description + (field.range.map { ", \($0.description(for: field.type))" } ?? "")
        sink.report(
          .missingArgument, "`\(callee)` needs `\(field.name)`", at: place,
          notes: field.doc.isEmpty ? [] : ["`\(field.name)` (\(others)): \(field.doc)"],
          help: field.doc.isEmpty ? "`\(field.name)` is \(others)" : nil)
        isFine = false
      } else if let value = defaults(index) {
        let code = Code(node: .constant(value), type: field.type, span: place)
        bound.append(BoundArgument(parameter: index, code: code, isDefault: true))
      } else {
        isFine = false
      }
    }
    return isFine ? bound : nil
  }

  /// Checks the range and rule of a value that is written out.
  func restrict(_ code: Code, _ field: FieldDefinition, _ what: String) -> Code {
    guard let value = code.constant, let problem = FieldCheck.problem(value, field, what) else { return code }
    sink.report(problem.code, problem.message, at: code.span, notes: problem.notes)
    return .poison(code.span)
  }

  /// The parameter an argument is for; where it is wrong, the one that was probably meant.
  private func parameter(
    for argument: Argument, _ parameters: [FieldDefinition], _ given: [Int: SourceSpan], _ callee: String,
    _ place: SourceSpan
  ) -> (Int?, Bool) {
    let call = [Diagnostic.Label(place, "this call")]
    guard let label = argument.label else {
      if let next = parameters.indices.first(where: { parameters[$0].isPositional && given[$0] == nil }) {
        return (next, true)
      }
      guard let next = parameters.indices.first(where: { given[$0] == nil }) else {
        let count =
          parameters.isEmpty ? "no arguments" : parameters.count == 1 ? "one argument" : "\(parameters.count) arguments"
        sink.report(.tooManyArguments, "`\(callee)` takes \(count)", at: argument.value.span, secondary: call)
        return (nil, false)
      }
      let takesAny = parameters.contains(where: \.isPositional)
      if takesAny, given.count >= parameters.filter(\.isPositional).count, parameters.allSatisfy(\.isPositional) {
        sink.report(.tooManyArguments, "`\(callee)` takes fewer arguments", at: argument.value.span, secondary: call)
        return (nil, false)
      }
      sink.report(
        .unlabelledArgument, "arguments of `\(callee)` are written with their labels", at: argument.value.span,
        secondary: call, help: "write `\(parameters[next].name): …`",
        fix: Diagnostic.Fix(
          SourceSpan(
            file: argument.value.span.file, lower: argument.value.span.lower, upper: argument.value.span.lower),
          replacement: "\(parameters[next].name): "))
      return (next, false)
    }
    if let index = parameters.firstIndex(where: { $0.name == label.text }) {
      if let first = given[index] {
        sink.report(
          .duplicateArgument, "`\(label.text)` is given twice", at: label.span,
          secondary: [Diagnostic.Label(first, "first here")])
        return (nil, false)
      }
      return (index, true)
    }
    var aliases: [String: String] = [:]
    for field in parameters { for alias in field.aliases { aliases[alias] = field.name } }
    let guess = sink.closest(to: label.text, among: parameters.map(\.name), aliases: aliases)
    let index = guess.flatMap { name in parameters.firstIndex { $0.name == name } }
    let few = parameters.count <= 8 && !parameters.isEmpty
    sink.report(
      .unknownArgument, "`\(callee)` has no argument `\(label.text)`", at: label.span,
      label: "not an argument of `\(callee)`", secondary: call,
      notes: index == nil && few
        ? ["`\(callee)` has \(parameters.map { "`\($0.name)`" }.joined(separator: ", "))"] : [],
      help: index.map { "did you mean `\(parameters[$0].name)`?  (\(parameters[$0].summary))" },
      fix: guess.map { Diagnostic.Fix(label.span, replacement: $0) })
    return (index.flatMap { given[$0] == nil ? $0 : nil }, false)
  }
}
