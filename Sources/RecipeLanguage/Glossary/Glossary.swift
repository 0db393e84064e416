/// Every word that recipes of a host can use, with what it means: made from the catalogue, so that it cannot differ
/// from what the checker accepts.
public struct Glossary: Sendable {
  /// A field, parameter, member or property of a word.
  public struct Row: Sendable {
    /// Its name; a member with its dot.
    public let name: String
    /// Its type; empty for a member.
    public let type: String
    /// What it measures (`pixels`), or the units it may be written in.
    public let unit: String
    /// The numbers it accepts, in words; empty for all.
    public let range: String
    /// What it is when it is left out; `required` when it may not be.
    public let defaultValue: String
    /// What it means.
    public let doc: String
    /// Other names that did-you-mean knows.
    public let aliases: [String]
  }

  /// A word.
  public struct Entry: Sendable {
    /// The word by which it is found.
    public let name: String
    /// What it is: `record`, `function`, `enum`, `unit`, …
    public let kind: String
    /// How it is written: `gh(…) → Harmonization`.
    public let form: String
    /// What it means.
    public let doc: String
    /// Its fields, parameters, members or properties.
    public let rows: [Row]
    /// Rules between fields, effects and the like, one sentence each.
    public let notes: [String]
    /// Text that uses it, or empty.
    public let example: String
  }

  /// Words that belong together.
  public struct Topic: Sendable {
    /// `Optimizer`, `Units`.
    public let title: String
    /// What they are for.
    public let doc: String
    /// The words, in the order of the page.
    public let entries: [Entry]
  }

  /// All words, by topic.
  public let topics: [Topic]

  /// The reference of a host's catalogue.
  public init(_ catalogue: Catalogue) {
    topics = (Glossary.hostTopics(catalogue) + Glossary.languageTopics).filter { !$0.entries.isEmpty }
  }

  /// All words, in the order of the page.
  public var entries: [Entry] { topics.flatMap(\.entries) }

  /// What a word means: several entries where a name has several meanings, none where nobody knows it. A leading dot
  /// and the case of letters do not matter; `word.field` finds the field alone, and a bare name that is no word finds
  /// the fields that have it.
  public func entries(for word: String) -> [Entry] {
    let word = word.hasPrefix(".") && word.count > 1 ? String(word.dropFirst()) : word
    let exact = entries.filter { $0.name == word }
    if !exact.isEmpty { return exact }
    let folded = entries.filter { $0.name.lowercased() == word.lowercased() }
    if !folded.isEmpty { return folded }
    let parts = word.split(separator: ".").map(String.init)
    if parts.count == 2 { return entries.filter { $0.name == parts[0] }.compactMap { $0.only(parts[1]) } }
    return parts.count == 1 ? entries.compactMap { $0.only(word) } : []
  }

  /// The word that was probably meant.
  public func suggestion(for word: String) -> String? {
    var aliases: [String: String] = [:]
    for row in entries.flatMap(\.rows) { for alias in row.aliases { aliases[alias] = row.name } }
    return Spelling.closest(to: word, among: entries.map(\.name) + entries.flatMap { $0.rows.map(\.name) }, aliases: aliases)
  }
}

extension Glossary.Entry {
  /// The entry with one of its rows; nil when it has no such row.
  fileprivate func only(_ name: String) -> Glossary.Entry? {
    let found = rows.filter { $0.name == name || $0.name == "." + name }
    guard !found.isEmpty else { return nil }
    return Glossary.Entry(
      name: self.name, kind: kind, form: form, doc: doc, rows: found, notes: [], example: "")
  }
}

extension Glossary.Row {
  /// A field or parameter.
  init(_ field: FieldDefinition) {
    name = field.name
    type = field.type.description
    unit = field.unit ?? field.type.scalar.units
    range = field.range?.description(for: field.type) ?? ""
    defaultValue =
      switch field.defaultValue {
      case .required: "required"
      case .value(let value): CanonicalText.text(value, as: field.type)
      case .source(let text): text
      }
    doc = field.doc
    aliases = field.aliases
  }

  /// A member of an enum.
  init(_ member: EnumDefinition.Member) {
    (name, doc, aliases) = ("." + member.name, member.doc, member.aliases)
    (type, unit, range, defaultValue) = ("", "", "", "")
  }

  /// A property of a host value.
  init(_ property: HostTypeDefinition.Property) {
    (name, type, doc) = (property.name, property.type.description, property.doc)
    (unit, range, defaultValue, aliases) = ("", "", "", [])
  }
}

extension ValueType {
  /// The units in which a quantity of this type may be written.
  fileprivate var units: String {
    guard case .quantity(let dimension) = self else { return "" }
    return Unit.all.filter { $0.dimension == dimension || dimension == .training && $0.dimension.isTraining }
      .map(\.suffix).joined(separator: ", ")
  }
}
