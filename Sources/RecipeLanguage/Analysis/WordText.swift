/// What is said about a word of the catalogue: the same in hovers, in completion and in the REPL's `:doc`.
enum WordText {
  static func symbol(_ definition: RecordDefinition) -> Symbol {
    let fields = definition.form == .method ? Array(definition.fields.dropFirst()) : definition.fields
    let receiver = definition.form == .method ? definition.fields.first.map { "\($0.type)" } ?? "" : ""
    let dot = definition.form == .free ? "" : "."
    return Symbol(
      name: definition.name, kind: .constructor,
      signature: "\(receiver)\(dot)\(definition.name)(\(list(fields))) -> \(definition.kind)", doc: definition.doc,
      parts: fields.map(line) + definition.rules.map { "rule: \($0.doc)" })
  }

  static func symbol(_ definition: FunctionDefinition) -> Symbol {
    let result = definition.result == .nothing ? "" : " -> \(definition.result)"
    let effects = definition.effects.map(\.rawValue).sorted()
    return Symbol(
      name: definition.name, kind: .function,
      signature: "\(definition.name)(\(list(definition.parameters)))\(result)", doc: definition.doc,
      parts: definition.parameters.map(line)
        + (effects.isEmpty ? [] : ["only in `test` and `task`: \(effects.joined(separator: ", "))"]))
  }

  static func symbol(_ definition: EnumDefinition) -> Symbol {
    Symbol(
      name: definition.name, kind: .enumeration, signature: "enum \(definition.name)", doc: definition.doc,
      parts: definition.members.map { "`.\($0.name)`" + ($0.doc.isEmpty ? "" : ": \($0.doc)") })
  }

  static func symbol(_ member: EnumDefinition.Member, of definition: EnumDefinition) -> Symbol {
    Symbol(name: member.name, kind: .member, signature: "\(definition.name).\(member.name)", doc: member.doc)
  }

  static func symbol(_ field: FieldDefinition) -> Symbol {
    Symbol(
      name: field.name, kind: .field,
      signature: "\(field.name): \(field.summary)" + (field.unit.map { " (\($0))" } ?? ""), doc: field.doc)
  }

  static func symbol(_ property: HostTypeDefinition.Property) -> Symbol {
    Symbol(name: property.name, kind: .property, signature: "\(property.name): \(property.type)", doc: property.doc)
  }

  /// A kind, with the constructors that make its records.
  static func symbol(_ kind: KindDefinition, _ constructors: [RecordDefinition]) -> Symbol {
    Symbol(
      name: kind.name, kind: .type, signature: kind.name, doc: kind.doc,
      parts: constructors.map { symbol($0).signature }.sorted().map { "`\($0)`" })
  }

  static func symbol(_ type: HostTypeDefinition) -> Symbol {
    Symbol(
      name: type.name, kind: .type, signature: type.name, doc: type.doc,
      parts: type.properties.map { "`.\($0.name)`: \($0.type)" + ($0.doc.isEmpty ? "" : ". \($0.doc)") })
  }

  /// `lr:, momentum:`, with the types of unlabelled ones.
  private static func list(_ fields: [FieldDefinition]) -> String {
    fields.map { $0.isPositional ? "\($0.type)" : "\($0.name):" }.joined(separator: ", ")
  }

  private static func line(_ field: FieldDefinition) -> String {
    "`\(field.name)`: \(field.summary)" + (field.doc.isEmpty ? "" : ". \(field.doc)")
  }
}

extension Analysis {
  /// What is to be said about a word of the catalogue.
  func word(_ meaning: Recorder.Meaning) -> Symbol? {
    let catalogue = checker.catalogue
    switch meaning {
    case .constructor(let definition): return WordText.symbol(definition)
    case .function(let definition): return WordText.symbol(definition)
    case .member(let name, let type):
      guard let definition = catalogue.enums[type] else { return nil }
      return definition.members.first { $0.name == name }.map { WordText.symbol($0, of: definition) }
    case .field(let field, _), .parameter(let field, _): return WordText.symbol(field)
    case .property(let property, _): return WordText.symbol(property)
    case .type(let name): return catalogue.symbol(ofType: name)
    case .global, .local, .file: return nil
    }
  }
}

extension Catalogue {
  /// The types of the language itself, with what they are.
  static let languageTypes: KeyValuePairs<String, String> = [
    "Bool": "`true` or `false`.", "Int": "A whole number of 64 bits.", "Float": "A number with a decimal point.",
    "String": "Text.", "Schedule": "A Float that follows training time.",
    "Time": "Training time: epochs, steps or images.", "Duration": "Time on the wall.", "Bytes": "An amount of memory.",
    "Percent": "A part of a whole.",
  ]

  func symbol(ofType name: String) -> Symbol? {
    if let definition = enums[name] { return WordText.symbol(definition) }
    if let kind = kinds[name] { return WordText.symbol(kind, records(ofKind: name)) }
    if let type = hostTypes[name] { return WordText.symbol(type) }
    guard let type = Catalogue.languageTypes.first(where: { $0.key == name }) else { return nil }
    return Symbol(name: name, kind: .type, signature: name, doc: type.value)
  }

  /// Everything the catalogue and the language know under a word: constructors, functions, enums, kinds, fields of
  /// recipes. A dot before the word is left out of account.
  public func symbols(named word: String) -> [Symbol] {
    let word = word.hasPrefix(".") ? String(word.dropFirst()) : word
    var found = records.filter { $0.name == word }.sorted { $0.kind < $1.kind }.map { WordText.symbol($0) }
    if let function = functions[word] ?? Builtins.table[word]?.definition { found.append(WordText.symbol(function)) }
    if found.isEmpty || kinds[word]?.name != word, let type = symbol(ofType: word) { found.append(type) }
    if word == recipe.name || word == "recipe" { found.append(WordText.symbol(recipe)) }
    if let field = recipe.field(word) { found.append(WordText.symbol(field)) }
    for definition in enums.values.sorted(by: { $0.name < $1.name }) {
      for member in definition.members where member.name == word {
        found.append(WordText.symbol(member, of: definition))
      }
    }
    return found
  }
}
