/// Turns what the checker would accept at a place into a list for an editor.
struct CompletionList {
  let analysis: Analysis
  let place: CompletionPlace
  private var items: [Completion] = []
  private var seen: Set<String> = []

  init(analysis: Analysis, place: CompletionPlace) {
    self.analysis = analysis
    self.place = place
  }

  private var checker: Checker { analysis.checker }
  private var catalogue: Catalogue { analysis.checker.catalogue }

  /// The items, best first, then in the order in which they were added.
  var sorted: [Completion] {
    items.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }.map(\.element)
  }

  mutating func add(_ choice: Recorder.Choice) {
    switch choice {
    case .value(let expected, let variables, let module):
      if place.isNumber { return units(expected) }
      values(expected, variables, module)
    case .labels(let fields):
      for field in fields { add(WordText.symbol(field), text: place.next == .colon ? nil : "\(field.name): ", 0) }
    case .fields(let fields):
      let isPath = place.next == .assign || place.next == .dot || place.lineStart == "axis"
      for field in fields { add(WordText.symbol(field), text: isPath ? nil : "\(field.name) = ", 0) }
      for word in place.startsLine && place.declaration == "sweep" ? ["axis", "skip when"] : [] {
        items.append(.keyword(word))
      }
    case .members(let enums, let kinds): members(enums, kinds, dot: "", 0)
    case .parts(let type): parts(of: type)
    case .declarations(let module):
      for index in declared(in: module) {
        add(analysis.symbol(.global(checker.globals[index].declaration, index)), 0)
      }
    case .types: types()
    case .recipes(let module, let runs):
      for index in declared(in: module) {
        let declaration = checker.globals[index].declaration
        switch declaration.kind {
        case .recipe: add(analysis.symbol(.global(declaration, index)), 0)
        case .sweep where runs, .task where runs: add(analysis.symbol(.global(declaration, index)), 0)
        default: break
        }
      }
      if module === analysis.main { imports(module, 1) }
    }
  }

  private mutating func add(_ symbol: Symbol, label: String? = nil, text: String? = nil, _ rank: Int) {
    let label = label ?? symbol.name
    guard seen.insert("\(label) \(symbol.kind.rawValue)").inserted else { return }
    let value = symbol.value.map { " = " + CanonicalText.shortened($0, to: 60) } ?? ""
    items.append(
      Completion(
        label: label, text: text ?? label, kind: symbol.kind, detail: symbol.signature + value, doc: symbol.doc,
        rank: rank))
  }

  /// What a file declares, in order, without the declaration that is being written.
  private func declared(in module: Module) -> [Int] {
    module.names.values.sorted().filter { index in
      let span = checker.globals[index].declaration.span
      let lower = place.replaced.lowerBound
      return span.file !== analysis.source || lower < span.lower || span.upper < lower
    }
  }

  // MARK: Values

  private mutating func values(_ expected: ValueType?, _ variables: [Recorder.Local], _ module: Module) {
    let (enums, kinds) = checker.memberTypes(expected)
    members(enums, kinds, dot: ".", 1)
    for local in variables.sorted(by: { $0.name < $1.name }) {
      add(analysis.symbol(.variable(local)), fits(local.type, expected) ? 2 : 6)
    }
    for index in declared(in: module) { global(index, expected) }
    imports(module, 6)
    for definition in catalogue.constructors.values.sorted(by: { $0.name < $1.name })
    where checker.typeIndex[definition.name] == nil {
      add(WordText.symbol(definition), fits(.record(definition.kind), expected) ? 4 : 8)
    }
    let functions = Builtins.table.values.map(\.definition) + Array(catalogue.functions.values)
    for function in functions.sorted(by: { $0.name < $1.name }) {
      if !function.effects.isEmpty, !["test", "task", "func"].contains(place.declaration ?? "") { continue }
      add(WordText.symbol(function), function.result != .any && fits(function.result, expected) ? 5 : 8)
    }
    for word in ["true", "false", "none", "if"] { items.append(.keyword(word)) }
    for word in place.isStatement ? ["let", "for", "return", "expect"] : [] { items.append(.keyword(word)) }
  }

  private mutating func global(_ index: Int, _ expected: ValueType?) {
    let global = checker.globals[index]
    switch global.declaration.kind {
    case .sweep, .task, .test, .imported: return
    case .function:
      let result = global.function.map { checker.functions[$0].result } ?? .unknown
      add(analysis.symbol(.global(global.declaration, index)), fits(result, expected) ? 3 : 7)
    case .record:
      let type = ValueType.record(global.declaration.name.text)
      add(analysis.symbol(.global(global.declaration, index)), fits(type, expected) ? 3 : 7)
    default:
      add(analysis.symbol(.global(global.declaration, index)), fits(global.type, expected) ? 3 : 7)
    }
  }

  private func fits(_ type: ValueType, _ expected: ValueType?) -> Bool {
    guard let expected, !expected.isUnknown, expected != .any else { return !type.isUnknown }
    return !type.isUnknown && checker.accepts(expected, type)
  }

  private mutating func imports(_ module: Module, _ rank: Int) {
    for declaration in module.tree.declarations {
      guard case .imported(let path) = declaration.kind else { continue }
      add(analysis.symbol(.file(declaration.name, path: path.text)), rank)
    }
  }

  private mutating func members(_ enums: [String], _ kinds: [String], dot: String, _ rank: Int) {
    for definition in enums.compactMap({ catalogue.enums[$0] }) {
      for member in definition.members {
        let symbol = WordText.symbol(member, of: definition)
        add(symbol, label: dot + member.name, rank)
      }
    }
    for definition in kinds.flatMap({ catalogue.records(ofKind: $0) }) where definition.form == .member {
      add(WordText.symbol(definition), label: dot + definition.name, rank)
    }
  }

  private mutating func parts(of type: ValueType) {
    switch type {
    case .record(let kind):
      for field in catalogue.records(ofKind: kind).flatMap(\.fields) { add(WordText.symbol(field), 1) }
    case .host(let name):
      for property in catalogue.hostTypes[name]?.properties ?? [] { add(WordText.symbol(property), 1) }
    case .list, .map, .string:
      add(Symbol(name: "count", kind: .property, signature: "count: Int", doc: "How many there are."), 1)
    default: break
    }
    for method in catalogue.methods.values.sorted(by: { $0.name < $1.name }) {
      guard let receiver = method.fields.first, !type.isUnknown, checker.accepts(receiver.type, type) else { continue }
      add(WordText.symbol(method), 0)
    }
  }

  private mutating func types() {
    let names =
      Catalogue.languageTypes.map(\.key) + catalogue.enums.keys.sorted() + catalogue.kinds.keys.sorted()
      + catalogue.hostTypes.keys.sorted()
    for name in names { if let symbol = catalogue.symbol(ofType: name) { add(symbol, 0) } }
  }

  // MARK: Units

  /// The number at hand with each unit that could follow it, those of the wanted dimension first.
  private mutating func units(_ expected: ValueType?) {
    let written = place.source.text(place.replaced)
    let digits = written.prefix { $0.isNumber || $0 == "." || $0 == "_" }
    let wanted = dimensions(expected)
    for unit in Unit.all {
      let isWanted = wanted.contains { $0 == unit.dimension || $0 == .training && unit.dimension.isTraining }
      if !wanted.isEmpty, !isWanted { continue }
      items.append(
        Completion(
          label: "\(digits)\(unit.suffix)", text: "\(digits)\(unit.suffix)", kind: nil, detail: unit.dimension.title,
          doc: "", rank: isWanted ? 0 : 1))
    }
  }

  private func dimensions(_ type: ValueType?) -> [Dimension] {
    switch type {
    case .quantity(let dimension)?: [dimension]
    case .optional(let type)?, .list(let type)?, .schedulable(let type)?, .schedule(let type)?: dimensions(type)
    case .oneOf(let types)?: types.flatMap { dimensions($0) }
    default: []
    }
  }
}
