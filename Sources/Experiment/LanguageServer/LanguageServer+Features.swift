import RecipeLanguage

/// What the editor shows: hovers, completion, places, outline.
extension LanguageServer {
  mutating func hover(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(params)
    let analysis = analysis(of: document)
    guard let (symbol, span) = analysis.symbol(at: offset) ?? analysis.literal(at: offset) else { return .null }
    return .object([
      "contents": markup(text(of: symbol)), "range": ProtocolRange.json(span.offsets, document.lines, encoding),
    ])
  }

  private func text(of symbol: Symbol) -> String {
    var parts = ["```recipe\n\(symbol.signature)\n```"]
    if !symbol.doc.isEmpty { parts.append(symbol.doc) }
    if !symbol.parts.isEmpty { parts.append(symbol.parts.map { "- \($0)" }.joined(separator: "\n")) }
    if let value = symbol.value {
      let limit = 400
      let shown = value.count > limit ? value.prefix(limit) + "…" : value
      parts.append("```recipe\n= \(shown)\n```")
    }
    return parts.joined(separator: "\n\n")
  }

  /// Markdown, or the same text as it is for clients that show nothing else.
  private func markup(_ text: String) -> JSONValue {
    let formats = client["textDocument"]?["hover"]?["contentFormat"]?.elements?.compactMap(\.text) ?? ["markdown"]
    let kind = formats.contains("markdown") ? "markdown" : "plaintext"
    return .object(["kind": .string(kind), "value": .string(text)])
  }

  mutating func completion(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(params)
    let found = Completions.at(
      offset, in: document.source, path: document.path, catalogue: catalogue, limits: limits, buffers: buffers())
    let shown = shortened(
      found, typed: document.source.text(found.replaced.lowerBound..<max(found.replaced.lowerBound, offset)))
    let digits = String(shown.count).count
    let items = shown.enumerated().map { index, item in
      let number = String(index)
      var fields: [JSONValue.Field] = [
        .init("label", .string(item.label)), .init("kind", .int(item.kind?.completionKind ?? 14)),
        .init("sortText", .string(String(repeating: "0", count: digits - number.count) + number)),
        .init("filterText", .string(item.text)),
        .init("textEdit", ProtocolRange.edit(found.replaced, item.text, document.lines, encoding)),
      ]
      if !item.detail.isEmpty { fields.append(.init("detail", .string(item.detail))) }
      if !item.doc.isEmpty { fields.append(.init("documentation", markup(item.doc))) }
      return JSONValue.object(fields)
    }
    return .object(["isIncomplete": .bool(shown.count < found.items.count), "items": .array(items)])
  }

  /// A list that is too long is cut to what begins as the word that is being typed; the client asks again for more.
  private func shortened(_ found: Completions, typed: String) -> [Completion] {
    let limit = 500
    if found.items.count <= limit { return found.items }
    let beginning = typed.lowercased()
    return Array(found.items.lazy.filter { $0.text.lowercased().hasPrefix(beginning) }.prefix(limit))
  }

  mutating func definition(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(params)
    return analysis(of: document).definition(at: offset).map(location) ?? .null
  }

  mutating func references(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(params)
    let withDeclaration = params["context"]?["includeDeclaration"] == .bool(true)
    return .array(
      allReferences(document, offset).filter { withDeclaration || !$0.isDeclaration }.map { location($0.span) })
  }

  mutating func documentSymbols(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(params)
    let outline = analysis(of: document).outline
    let isNested =
      client["textDocument"]?["documentSymbol"]?["hierarchicalDocumentSymbolSupport"] == .bool(true)
    if isNested { return .array(outline.map { nested($0, document) }) }
    return .array(
      outline.map { item in
        .object([
          "name": .string(item.shownName), "kind": .int(item.kind.symbolKind), "location": location(item.span),
        ])
      })
  }

  private func nested(_ item: OutlineItem, _ document: OpenDocument) -> JSONValue {
    .object([
      "name": .string(item.shownName), "detail": .string(item.detail), "kind": .int(item.kind.symbolKind),
      "range": ProtocolRange.json(item.span.offsets, document.lines, encoding),
      "selectionRange": ProtocolRange.json(item.nameSpan.offsets, document.lines, encoding),
      "children": .array(item.children.map { nested($0, document) }),
    ])
  }
}

extension OutlineItem {
  /// The name; of a test in quotation marks, so that it is never empty.
  fileprivate var shownName: String { kind == .test ? "\"\(name)\"" : name }
}

extension Symbol.Kind {
  /// The protocol's `CompletionItemKind`.
  fileprivate var completionKind: Int {
    switch self {
    case .value: 21
    case .function, .test, .task: 3
    case .enumeration: 13
    case .record: 22
    case .recipe, .sweep: 7
    case .file: 9
    case .variable, .parameter: 6
    case .field: 5
    case .member: 20
    case .constructor: 4
    case .type: 8
    case .property: 10
    }
  }

  /// The protocol's `SymbolKind`.
  fileprivate var symbolKind: Int {
    switch self {
    case .value: 14
    case .function: 12
    case .enumeration: 10
    case .record: 23
    case .recipe: 5
    case .sweep: 18
    case .task, .test: 6
    case .file: 2
    case .variable, .parameter: 13
    case .field: 8
    case .member: 22
    case .constructor: 9
    case .type: 11
    case .property: 7
    }
  }
}
