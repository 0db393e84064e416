import RecipeLanguage

/// Texts that come, change and go, and the diagnostics that follow.
extension LanguageServer {
  mutating func didOpen(_ params: JSONValue) throws(ResponseError) {
    guard let item = params["textDocument"], let uri = item["uri"]?.text, let text = item["text"]?.text else {
      throw ResponseError(.invalidParams, "`textDocument` needs `uri` and `text`")
    }
    documents[uri] = OpenDocument(uri: uri, version: item["version"]?.integer ?? 0, text: text)
    changed(uri)
  }

  mutating func didChange(_ params: JSONValue) throws(ResponseError) {
    let uri = try document(params).uri
    guard let changes = params["contentChanges"]?.elements else {
      throw ResponseError(.invalidParams, "`contentChanges` is missing")
    }
    let version = params["textDocument"]?["version"]?.integer ?? 0
    try documents[uri]?.apply(changes, version: version, encoding)
    changed(uri)
  }

  mutating func didClose(_ params: JSONValue) throws(ResponseError) -> [JSONValue] {
    let uri = try document(params).uri
    documents[uri] = nil
    published[uri] = nil
    unpublished.remove(uri)
    filesChanged()
    let nothing = JSONValue.object(["uri": .string(uri), "diagnostics": .array([])])
    return [LanguageServer.notification("textDocument/publishDiagnostics", nothing)]
  }

  /// A document that changed is reported anew in any case, others where something is different.
  private mutating func changed(_ uri: String) {
    published[uri] = nil
    filesChanged()
  }

  /// Any text may import any other.
  mutating func filesChanged() {
    analyses = [:]
    unpublished.formUnion(documents.keys)
  }

  /// Diagnostics of every document that may have changed since they were sent last.
  public mutating func idle() -> [JSONValue] {
    var messages: [JSONValue] = []
    for uri in unpublished.sorted() {
      guard let document = documents[uri] else { continue }
      let list = JSONValue.array(diagnostics(of: document))
      if published[uri] == list { continue }
      published[uri] = list
      messages.append(
        LanguageServer.notification(
          "textDocument/publishDiagnostics",
          .object(["uri": .string(uri), "version": .int(document.version), "diagnostics": list])))
    }
    unpublished = []
    return messages
  }

  /// The open document a request is about.
  func document(_ params: JSONValue) throws(ResponseError) -> OpenDocument {
    guard let uri = params["textDocument"]?["uri"]?.text else {
      throw ResponseError(.invalidParams, "`textDocument` needs `uri`")
    }
    guard let document = documents[uri] else {
      throw ResponseError(.invalidParams, "\(uri.prefix(200)) is not open")
    }
    return document
  }

  /// The document of a request and the offset of its position.
  func place(_ params: JSONValue) throws(ResponseError) -> (OpenDocument, Int) {
    let document = try document(params)
    return (document, try ProtocolRange.offset(params["position"], document.lines, encoding))
  }

  mutating func analysis(of document: OpenDocument) -> Analysis {
    if let known = analyses[document.uri] { return known }
    let made = Analysis(
      document.source, path: document.path, catalogue: catalogue, limits: limits, buffers: buffers())
    analyses[document.uri] = made
    return made
  }

  /// Open documents by their real paths, instead of the files.
  func buffers() -> (String) -> SourceFile? {
    let byPath = Dictionary(
      documents.values.compactMap { document in document.path.map { (Analysis.realPath($0), document.source) } },
      uniquingKeysWith: { first, _ in first })
    return { byPath[$0] }
  }

  // MARK: Places

  /// The address of a file and its lines.
  func address(of file: SourceFile) -> (uri: String, lines: LineIndex) {
    if let document = documents.values.first(where: { $0.source === file }) { return (document.uri, document.lines) }
    let real = Analysis.realPath(file.name)
    let open = documents.values.first { $0.path.map(Analysis.realPath) == real }
    return (open?.uri ?? DocumentAddress.uri(of: file.name), LineIndex(file.bytes))
  }

  func location(_ span: SourceSpan) -> JSONValue {
    let (uri, lines) = address(of: span.file)
    return .object(["uri": .string(uri), "range": ProtocolRange.json(span.offsets, lines, encoding)])
  }

  // MARK: Diagnostics

  private mutating func diagnostics(of document: OpenDocument) -> [JSONValue] {
    let analysis = analysis(of: document)
    var elsewhere: [Int: (SourceSpan, [Diagnostic])] = [:]
    var result: [JSONValue] = []
    for diagnostic in analysis.diagnostics {
      let span = diagnostic.primary.span
      if span.file === document.source {
        result.append(json(diagnostic, span, document, diagnostic.message, diagnostic.secondary))
      } else if let place = analysis.importPath(leadingTo: span.file) {
        elsewhere[place.lower, default: (place, [])].1.append(diagnostic)
      }
    }
    // A file that is imported has a document of its own; here its errors are a mark on the import.
    for (_, (place, found)) in elsewhere.sorted(by: { $0.key < $1.key }) {
      let count = found.count == 1 ? "an error" : "\(found.count) errors"
      let labels = found.map { Diagnostic.Label($0.primary.span, $0.message) }
      result.append(json(found[0], place, document, "the imported file has \(count): \(found[0].message)", labels))
    }
    return result
  }

  func json(
    _ diagnostic: Diagnostic, _ span: SourceSpan, _ document: OpenDocument, _ message: String,
    _ labels: [Diagnostic.Label]
  ) -> JSONValue {
    let text = [message] + diagnostic.notes + (diagnostic.help.map { ["help: \($0)"] } ?? [])
    let severity = diagnostic.severity == .error ? 1 : diagnostic.severity == .warning ? 2 : 3
    let related = labels.map { label in
      JSONValue.object([
        "location": location(label.span),
        "message": .string(label.text.isEmpty ? diagnostic.message : label.text),
      ])
    }
    return .object([
      "range": ProtocolRange.json(span.offsets, document.lines, encoding), "severity": .int(severity),
      "code": .string(diagnostic.code.id), "source": .string("harmonia"),
      "message": .string(text.joined(separator: "\n")), "relatedInformation": .array(related),
    ])
  }
}
