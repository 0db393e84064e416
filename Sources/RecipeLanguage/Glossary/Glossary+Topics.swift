extension Glossary {
  /// The words of the host.
  static func hostTopics(_ catalogue: Catalogue) -> [Topic] {
    let recipe = Entry(
      name: "recipe", kind: "fields", form: "recipe name { … }", doc: catalogue.recipe.doc,
      rows: catalogue.recipe.fields.map { Row($0) }, notes: catalogue.recipe.rules.map { "rule: \($0.doc)" }, example: "")
    var topics = [Topic(title: "Fields of a recipe", doc: catalogue.recipe.doc, entries: [recipe])]
    var others: [Entry] = []
    for kind in catalogue.kinds.values.sorted(by: { $0.name < $1.name }) {
      let records = catalogue.records(ofKind: kind.name)
      if records.count == 1, records[0].name == kind.name {
        others.append(entry(records[0]))
        continue
      }
      topics.append(Topic(title: kind.name, doc: kind.doc, entries: records.map { entry($0) }))
    }
    topics.append(Topic(title: "Other records", doc: "Each is a kind of its own.", entries: others))
    let enums = catalogue.enums.values.sorted { $0.name < $1.name }
    topics.append(
      Topic(title: "Enums", doc: "Members are written with a dot where the enum is wanted.", entries: enums.map { entry($0) }))
    topics.append(
      Topic(
        title: "Operators", doc: "Meanings of `+ - * /` besides those for numbers, quantities, text and lists.",
        entries: operators(catalogue)))
    let functions = catalogue.functions.values.sorted { $0.name < $1.name }
    topics.append(
      Topic(
        title: "Functions for tests and tasks", doc: "They have effects, which a `test` or `task` is granted.",
        entries: functions.filter { !$0.effects.isEmpty }.map { entry($0) }))
    topics.append(
      Topic(
        title: "Functions of the host", doc: "Pure functions, for any place.",
        entries: functions.filter { $0.effects.isEmpty }.map { entry($0) }))
    let hosts = catalogue.hostTypes.values.sorted { $0.name < $1.name }.map { type in
      Entry(
        name: type.name, kind: "type", form: type.name, doc: type.doc, rows: type.properties.map { Row($0) },
        notes: type.difference == nil ? [] : ["compared by `expect a ~= b within tolerance`"], example: "")
    }
    return topics + [Topic(title: "Types of the host", doc: "Values that only functions make and read.", entries: hosts)]
  }

  private static func entry(_ record: RecordDefinition) -> Entry {
    let kind = record.kind == record.name ? "" : " → \(record.kind)"
    var fields = record.fields[...]
    let form: String
    switch record.form {
    case .free: form = "\(record.name)(…)\(kind)"
    case .member: form = ".\(record.name)(…)\(kind)"
    case .method: form = "\(fields.popFirst()?.name ?? "value").\(record.name)(…)\(kind)"
    }
    let bare = fields.filter(\.isPositional).map { "`\($0.name)`" }
    return Entry(
      name: record.name, kind: "record", form: form, doc: record.doc, rows: fields.map { Row($0) },
      notes: (bare.isEmpty ? [] : ["without a label: \(bare.joined(separator: ", "))"])
        + record.rules.map { "rule: \($0.doc)" }, example: "")
  }

  private static func entry(_ definition: EnumDefinition) -> Entry {
    Entry(
      name: definition.name, kind: "enum", form: definition.name, doc: definition.doc,
      rows: definition.members.map { Row($0) }, notes: [], example: "")
  }

  private static func entry(_ function: FunctionDefinition) -> Entry {
    let effects = function.effects.map(\.rawValue).sorted()
    let bare = function.parameters.filter(\.isPositional).map { "`\($0.name)`" }
    let result = function.result == .nothing ? "" : " → \(function.result)"
    return Entry(
      name: function.name, kind: "function", form: "\(function.name)(\(function.parameters.isEmpty ? "" : "…"))\(result)",
      doc: function.doc, rows: function.parameters.map { Row($0) },
      notes: (bare.isEmpty ? [] : ["without a label: \(bare.joined(separator: ", "))"])
        + (effects.isEmpty ? [] : ["effects: \(effects.joined(separator: ", "))"]), example: "")
  }

  /// One entry a symbol and meaning, however many pairs of types it is registered for.
  private static func operators(_ catalogue: Catalogue) -> [Entry] {
    var entries: [Entry] = []
    for symbol in ["+", "-", "*", "/"] {
      let definitions = catalogue.operators.filter { $0.symbol == symbol }
      for doc in definitions.map(\.doc).unique {
        let forms = definitions.filter { $0.doc == doc }.map { "\($0.left) \(symbol) \($0.right) → \($0.result)" }
        entries.append(
          Entry(
            name: symbol, kind: "operator", form: forms[0], doc: doc, rows: [],
            notes: forms.dropFirst().map { "also \($0)" }, example: ""))
      }
    }
    return entries
  }

  /// The words of the language.
  static let languageTopics: [Topic] = [
    Topic(
      title: "Schedules", doc: "Values over training time, joined by `then`; `a -> b` goes from a to b.",
      entries: Builtins.schedules.map { entry($0.definition) }),
    Topic(
      title: "Numbers and lists", doc: "Pure functions, for any place.",
      entries: Builtins.table.values.map(\.definition).filter { function in
        !Builtins.schedules.contains { $0.definition.name == function.name }
      }.sorted { $0.name < $1.name }.map { entry($0) }),
    Topic(
      title: "Units", doc: "Written behind a number without a space; kept exactly.",
      entries: Unit.all.map { unit in
        Entry(
          name: unit.suffix, kind: "unit", form: "1\(unit.suffix)", doc: LanguageWords.units[unit.suffix] ?? "", rows: [],
          notes: ["measures \(unit.dimension.title)"], example: "")
      }),
    Topic(
      title: "Types", doc: "Written after `:` and `->`; elsewhere they are seen from the values.",
      entries: LanguageWords.types.map { word($0, "type") }),
    Topic(title: "Keywords", doc: "Words of the language.", entries: LanguageWords.keywords.map { word($0, "keyword") }),
    Topic(
      title: "Effects", doc: "What functions do besides computing; granted to tests and tasks one by one.",
      entries: LanguageWords.effects.map { effect in
        Entry(
          name: effect.effect.rawValue, kind: "effect", form: effect.effect.rawValue, doc: effect.doc, rows: [], notes: [],
          example: "")
      }),
  ]

  private static func word(_ word: LanguageWords.Word, _ kind: String) -> Entry {
    Entry(
      name: word.name, kind: kind, form: word.name, doc: word.doc, rows: [], notes: [], example: word.example)
  }
}

extension Array where Element: Hashable {
  /// Each element once, at its first place.
  fileprivate var unique: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
