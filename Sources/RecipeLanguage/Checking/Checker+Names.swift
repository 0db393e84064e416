extension Checker {
  /// A name that stands for a value.
  func use(_ name: String, at span: SourceSpan) -> Code {
    if let variable = scope.lookup(name) {
      if let declared = variable.span { recorder?.use(name, at: span, .local(declared)) }
      return Code(node: .local(variable.slot), type: scope.narrowed(name) ?? variable.type, span: span)
    }
    if let index = module.names[name] {
      recorder?.use(name, at: span, .global(index))
      let code = useGlobal(index, name, span)
      return scope.narrowed(name).map { Code(node: code.node, type: $0, span: span) } ?? code
    }
    if module.imports[name] != nil {
      sink.report(.unknownName, "`\(name)` is an imported file, not a value", at: span, help: "write `\(name).…`")
      return .poison(span)
    }
    if catalogue.constructors[name] != nil || catalogue.functions[name] != nil || Builtins.table[name] != nil {
      sink.report(.needsCall, "`\(name)` is a function, not a value", at: span, help: "call it: `\(name)(…)`")
      return .poison(span)
    }
    reportUnknown(name, at: span, called: false)
    return .poison(span)
  }

  func useGlobal(_ index: Int, _ name: String, _ span: SourceSpan) -> Code {
    let global = globals[index]
    if case .sweep = global.declaration.kind {
      sink.report(
        .unknownName, "`\(name)` is a sweep, not a value", at: span, help: "a task that `needs` it sees its results")
      return .poison(span)
    }
    if global.isPoisoned { return .poison(span) }
    switch global.declaration.kind {
    case .binding, .recipe:
      if global.type.isUnknown { return .poison(span) }
      return Code(node: .global(index), type: global.type, span: span)
    case .function, .record:
      sink.report(.needsCall, "`\(name)` is a function, not a value", at: span, help: "call it: `\(name)(…)`")
    case .enumeration:
      sink.report(.needsCall, "`\(name)` is an enum, not a value", at: span, help: "write `\(name).member`")
    default: sink.report(.unknownName, "`\(name)` is not a value", at: span)
    }
    return .poison(span)
  }

  /// Reports a name nobody knows, with what it might have been.
  func reportUnknown(_ name: String, at span: SourceSpan, called: Bool) {
    if sink.isFull { return sink.report(.unknownName, "`\(name)` is not known", at: span) }
    let own = module.names.count <= 2000 ? module.names.keys.sorted() : []
    var known = scope.names + own + module.imports.keys.sorted()
    known += catalogue.constructors.keys.sorted() + catalogue.functions.keys.sorted() + Builtins.table.keys.sorted()
    let habits = [
      "len": "count", "size": "count", "np": "", "torch": "", "math": "", "int": "round", "str": "string",
      "SGD": "sgd", "print": "", "linear": "ramp", "constant": "hold", "steps": "stairs",
    ]
    let guess = sink.closest(to: name, among: known, aliases: habits.filter { known.contains($0.value) })
    var help = guess.map { "did you mean `\($0)`?" }
    let paths = scope.names.filter { $0.hasSuffix(".\(name)") }.sorted()
    if let habit = HabitualNames.help[name], !known.contains(name) {
      help = habit
    } else if !paths.isEmpty {
      help = "axes are known by their paths: \(paths.map { "`\($0)`" }.joined(separator: ", "))"
    } else if guess == nil, let method = catalogue.methods[name], called {
      help = "`\(method.name)` is written after a value: `value.\(method.name)(…)`"
    } else if guess == nil, let kind = catalogue.members.first(where: { $0.value[name] != nil })?.key {
      help = "write `.\(name)` where \(kind) is wanted"
    } else if guess == nil, let type = catalogue.enums.values.first(where: { $0.members.contains { $0.name == name } })
    {
      help = "write `.\(name)` where \(type.name) is wanted"
    }
    sink.report(
      .unknownName, "there is no \(called ? "function or constructor" : "value") named `\(name)`", at: span, help: help,
      fix: guess.map { Diagnostic.Fix(span, replacement: $0) })
  }

  /// `.name` without a call: a member of the enum that is wanted here, or a constructor that needs no arguments.
  func member(_ name: Name, _ span: SourceSpan, expecting want: ValueType?) -> Code {
    let (enums, kinds) = memberTypes(want)
    recorder?.offer(.members(enums: enums, kinds: kinds), at: name.span)
    for type in enums where catalogue.enums[type]?.members.contains(where: { $0.name == name.text }) == true {
      recorder?.use(name, .member(name.text, of: type))
      let value = Value.member(EnumMember(type: type, name: name.text))
      return Code(node: .constant(value), type: .enumeration(type), span: span)
    }
    for kind in kinds {
      if let definition = catalogue.members[kind]?[name.text] {
        recorder?.use(name, .constructor(definition))
        return construct(definition, [], span, name.span, shown: ".\(name.text)")
      }
    }
    reportUnknown(member: name, enums, kinds, want)
    return .poison(span)
  }

  /// The enums and kinds among the types that are wanted.
  func memberTypes(_ want: ValueType?) -> (enums: [String], kinds: [String]) {
    switch want {
    case .enumeration(let name)?: return ([name], [])
    case .record(let kind)?: return ([], [kind])
    case .optional(let type)?, .schedulable(let type)?: return memberTypes(type)
    case .oneOf(let types)?:
      let parts = types.map { memberTypes($0) }
      return (parts.flatMap(\.enums), parts.flatMap(\.kinds))
    default: return ([], [])
    }
  }

  func reportUnknown(member name: Name, _ enums: [String], _ kinds: [String], _ want: ValueType?) {
    if want?.isUnknown == true { return }
    let definitions = enums.compactMap { catalogue.enums[$0] }
    let known =
      definitions.flatMap { $0.members.map(\.name) } + kinds.flatMap { catalogue.members[$0]?.keys.sorted() ?? [] }
    guard !known.isEmpty else {
      if let want {
        sink.report(
          .memberWithoutType, "`.\(name.text)` is a member of an enum, but \(want) is wanted here", at: name.span)
      } else {
        sink.report(
          .memberWithoutType, "what `.\(name.text)` means cannot be seen here", at: name.span,
          help: "write the enum's name before it")
      }
      return
    }
    var aliases: [String: String] = [:]
    for member in definitions.flatMap(\.members) { for alias in member.aliases { aliases[alias] = member.name } }
    let guess = sink.closest(to: name.text, among: known, aliases: aliases)
    let title = (enums + kinds).joined(separator: " or ")
    let all = "\(title) has \(known.map { ".\($0)" }.joined(separator: ", "))"
    sink.report(
      .unknownMember, "\(title) has no member `.\(name.text)`", at: name.span,
      notes: known.count <= 8 ? [all] : [], help: guess.map { "did you mean `.\($0)`?" },
      fix: guess.map { Diagnostic.Fix(name.span, replacement: $0) })
  }

  /// `base.name` without a call.
  func select(_ base: Expression, _ name: Name, _ span: SourceSpan) -> Code {
    guard let path = base.path.map({ "\($0).\(name.text)" }) else { return selected(base, name, span) }
    // The axis of a sweep is known by its path.
    if let axis = scope.lookup(path) {
      if let declared = axis.span { recorder?.use(name, .local(declared)) }
      return Code(node: .local(axis.slot), type: axis.type, span: span)
    }
    let code = selected(base, name, span)
    return scope.narrowed(path).map { Code(node: code.node, type: $0, span: span) } ?? code
  }

  private func selected(_ base: Expression, _ name: Name, _ span: SourceSpan) -> Code {
    if case .name(let alias) = base.kind, scope.declared(alias) == nil, module.names[alias] == nil {
      if let file = module.imports[alias] {
        recordImport(alias, at: base.span, name, in: file)
        if let index = file.names[name.text] { return useGlobal(index, "\(alias).\(name.text)", span) }
        let guess = sink.closest(to: name.text, among: file.names.keys, inOrder: false)
        sink.report(
          .unknownName, "`\(file.source.name)` declares no `\(name.text)`", at: name.span,
          help: guess.map { "did you mean `\($0)`?" })
        return .poison(span)
      }
    }
    if case .select(let alias, let type) = base.kind, let file = alias.path.flatMap({ module.imports[$0] }),
      let index = file.names[type.text], case .enumeration = globals[index].declaration.kind
    {
      if let text = alias.path { recordImport(text, at: alias.span, type, in: file) }
      return member(name, span, expecting: .enumeration(type.text))
    }
    if case .name(let alias) = base.kind, scope.declared(alias) == nil, catalogue.enums[alias] != nil {
      recorder?.use(alias, at: base.span, .type(alias))
      return member(name, span, expecting: .enumeration(alias))
    }
    let code = check(base)
    recorder?.offer(.parts(of: code.type), at: name.span)
    if code.isPoison || code.type.isUnknown { return .poison(span) }
    switch code.type {
    case .record(let kind):
      recorder?.use(name, ofKind: kind, self)
      if let type = fieldType(kind, name.text) { return Code(node: .select(code, name.text), type: type, span: span) }
    case .host(let type):
      if let property = catalogue.hostTypes[type]?.properties.first(where: { $0.name == name.text }) {
        recorder?.use(name, .property(property, of: type))
        return Code(node: .property(code, property), type: property.type, span: span)
      }
    case .list, .map, .string:
      if name.text == "count" { return Code(node: .count(code), type: .int, span: span) }
    case .optional:
      sink.report(.noneNotAllowed, "this may be none; it has no `\(name.text)`", at: code.span)
      return .poison(span)
    default: break
    }
    reportUnknownSelection(code.type, name)
    return .poison(span)
  }

  private func reportUnknownSelection(_ type: ValueType, _ name: Name) {
    var known: [String] = []
    switch type {
    case .record(let kind):
      var seen: Set<String> = []
      known = constructors(of: kind).flatMap { $0.fields.map(\.name) }.filter { seen.insert($0).inserted }
    case .host(let host): known = catalogue.hostTypes[host]?.properties.map(\.name) ?? []
    case .list, .map, .string: known = ["count"]
    default: break
    }
    let guess = sink.closest(
      to: name.text, among: known, aliases: ["size": "count", "length": "count", "len": "count"])
    let all = known.isEmpty || known.count > 12 ? [] : ["\(type) has \(known.joined(separator: ", "))"]
    sink.report(
      .unknownMethod, "\(type) has no `\(name.text)`", at: name.span, notes: all,
      help: guess.map { "did you mean `\($0)`?" }, fix: guess.map { Diagnostic.Fix(name.span, replacement: $0) })
  }

  /// The type of a field of a kind: the common type over all constructors that have it; nil if none has.
  func fieldType(_ kind: String, _ name: String) -> ValueType? {
    var types: [ValueType] = []
    for definition in constructors(of: kind) {
      if let field = definition.field(name), !types.contains(field.type) { types.append(field.type) }
    }
    return types.count > 1 ? .oneOf(types) : types.first
  }
}

extension Checker {
  /// Notes `alias.name` of an imported file.
  func recordImport(_ alias: String, at span: SourceSpan, _ name: Name, in file: Module) {
    guard let recorder else { return }
    if let declaration = module.importNames[alias] { recorder.use(alias, at: span, .file(declaration)) }
    if let index = file.names[name.text] { recorder.use(name, .global(index)) }
    recorder.offer(.declarations(in: file), at: name.span)
  }
}
