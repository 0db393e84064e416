import RecipeLanguage

/// `harmonia explain [TOPIC]`: pages of diagnostic codes and words, from the catalogue itself.
public struct ExplainCommand: Sendable {
  public var topic: String?

  public init(topic: String?) { self.topic = topic }

  private var catalogue: Catalogue { RecipeCatalogue.shared }

  public func run(_ console: Console) -> ExitStatus {
    guard let topic else {
      console.out(index)
      return .success
    }
    if let code = codes.first(where: { $0.id.lowercased() == topic.lowercased() }) {
      console.out(page(code))
      return .success
    }
    let word = topic.hasPrefix(".") ? String(topic.dropFirst()) : topic
    let pages =
      catalogue.records.filter { $0.name == word }.map(page) + (word == "recipe" ? [page(catalogue.recipe)] : [])
      + catalogue.functions.values.filter { $0.name == word }.map(page)
      + catalogue.enums.values.filter { $0.name == word }.map(page)
    guard !pages.isEmpty else {
      console.err("error: `\(topic)` is neither a word nor a code; `harmonia explain` lists them")
      return .failedRun
    }
    console.out(pages.joined(separator: "\n\n"))
    return .success
  }

  private var codes: [DiagnosticCode] { DiagnosticCode.all + catalogue.codes }

  private var index: String {
    let kinds = Dictionary(grouping: catalogue.records, by: \.kind).sorted { $0.key < $1.key }
    var lines = ["Words:", "  recipe: " + catalogue.recipe.fields.map(\.name).joined(separator: ", ")]
    for (kind, records) in kinds {
      lines.append("  \(kind): " + records.map(written).sorted().joined(separator: ", "))
    }
    lines.append("  functions: " + catalogue.functions.keys.sorted().joined(separator: ", "))
    lines.append("Codes:")
    lines += codes.sorted { $0.id < $1.id }.map { "  \($0.id)  \($0.title)" }
    return lines.joined(separator: "\n")
  }

  private func written(_ record: RecordDefinition) -> String {
    record.form == .free ? record.name : ".\(record.name)"
  }

  private func page(_ code: DiagnosticCode) -> String {
    let example =
      code.example.isEmpty
      ? "" : "\n\n" + code.example.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n")
    return "\(code.id): \(code.title)\n\n\(code.explanation)\(example)"
  }

  private func page(_ record: RecordDefinition) -> String {
    let head = record.kind == record.name ? written(record) : "\(written(record)) (\(record.kind))"
    return ([head + ": " + record.doc] + record.fields.map(line)).joined(separator: "\n")
  }

  private func page(_ function: FunctionDefinition) -> String {
    ["\(function.name)(…) -> \(function.result): \(function.doc)"].joined()
      + function.parameters.map { "\n" + line($0) }.joined()
  }

  private func page(_ definition: EnumDefinition) -> String {
    ([definition.name + ": " + definition.doc]
      + definition.members.map { "  .\($0.name)" + ($0.doc.isEmpty ? "" : "  \($0.doc)") }).joined(separator: "\n")
  }

  /// `  lambda: Float, above 0, default 0.05.  Entropic regularisation; …`
  private func line(_ field: FieldDefinition) -> String {
    var parts = ["\(field.type)"]
    if let range = field.range { parts.append("\(range)") }
    switch field.defaultValue {
    case .required: break
    case .value(let value) where value.isNone: parts.append("may be left out")
    case .value(let value): parts.append("default \(Self.text(value))")
    case .source(let source): parts.append("default \(source)")
    }
    return "  \(field.name): \(parts.joined(separator: ", ")).  \(field.doc)"
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .string(let value): "\"\(value)\""
    case .quantity(let value): "\(value)"
    default: "\(value)"
    }
  }
}
