import RecipeLanguage

/// What changes texts: renaming and the fixes that diagnostics offer.
extension LanguageServer {
  mutating func prepareRename(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(params)
    let name = try renamable(document, offset)
    return .object([
      "range": ProtocolRange.json(name.offsets, document.lines, encoding), "placeholder": .string(name.text),
    ])
  }

  private mutating func renamable(_ document: OpenDocument, _ offset: Int) throws(ResponseError) -> SourceSpan {
    do throws(Rename.Refusal) {
      return try analysis(of: document).renamable(at: offset)
    } catch {
      throw ResponseError(.requestFailed, error.description)
    }
  }

  mutating func rename(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let (document, offset) = try place(params)
    guard let name = params["newName"]?.text else { throw ResponseError(.invalidParams, "`newName` is missing") }
    let old = try renamable(document, offset)
    do throws(Rename.Refusal) {
      try analysis(of: document).checkName(name)
    } catch {
      throw ResponseError(.requestFailed, error.description)
    }
    let references = allReferences(document, offset)
    guard try keepsItsMeaning(references, renamedTo: name, document) else {
      throw ResponseError(
        .requestFailed, "`\(name)` is taken: with `\(old.text)` renamed to it, names would mean something else")
    }
    var edits: [(uri: String, edits: [JSONValue])] = []
    for reference in references {
      let (uri, lines) = address(of: reference.span.file)
      let edit = ProtocolRange.edit(reference.span.offsets, name, lines, encoding)
      if let index = edits.firstIndex(where: { $0.uri == uri }) {
        edits[index].edits.append(edit)
      } else {
        edits.append((uri, [edit]))
      }
    }
    return .object([
      "changes": .object(edits.sorted { $0.uri < $1.uri }.map { JSONValue.Field($0.uri, .array($0.edits)) })
    ])
  }

  /// Carries a rename out on copies of the texts and looks whether everything still means the same.
  private mutating func keepsItsMeaning(
    _ references: [Reference], renamedTo name: String, _ document: OpenDocument
  ) throws(ResponseError) -> Bool {
    var texts: [String: SourceFile] = [:]
    var files: [SourceFile] = []
    for reference in references where !files.contains(where: { $0.name == reference.span.file.name }) {
      files.append(reference.span.file)
    }
    for file in files {
      var bytes = file.bytes
      for reference in references.reversed() where reference.span.file.name == file.name {
        bytes.replaceSubrange(reference.span.offsets, with: name.utf8)
      }
      texts[Analysis.realPath(file.name)] = SourceFile(name: file.name, bytes: bytes)
    }
    let open = buffers()
    for file in files + [document.source] {
      let path = file === document.source ? document.path : file.name
      let old = Analysis(file, path: path, catalogue: catalogue, limits: limits, buffers: open)
      let text = texts[Analysis.realPath(file.name)] ?? file
      let new = Analysis(text, path: path, catalogue: catalogue, limits: limits) { texts[$0] ?? open($0) }
      guard new.means(theSameAs: old) else { return false }
    }
    return true
  }

  /// Every place where what an offset of a document means is meant: in the document and its imports, and, where it is
  /// declared in a file, in the other texts that import that file.
  mutating func allReferences(_ document: OpenDocument, _ offset: Int) -> [Reference] {
    let own = analysis(of: document)
    var all = own.references(at: offset)
    guard let declaration = all.first(where: \.isDeclaration)?.span, document.path != nil else { return all }
    for user in users(of: declaration.file.name) where user.path != document.path {
      let analysis =
        user.analysis
        ?? Analysis(
          user.source, path: user.path, catalogue: catalogue, limits: limits, buffers: buffers())
      for reference in analysis.references(toDeclarationAt: declaration.lower, in: declaration.file.name) {
        let isKnown = all.contains {
          $0.span.lower == reference.span.lower
            && Analysis.realPath($0.span.file.name) == Analysis.realPath(reference.span.file.name)
        }
        if !isKnown { all.append(reference) }
      }
    }
    return all
  }

  /// A text that may import a file.
  private struct User {
    let path: String
    let source: SourceFile
    let analysis: Analysis?
  }

  /// Open documents, and recipe files beside a file or above it in the folders the client works in.
  private mutating func users(of file: String) -> [User] {
    var users: [User] = []
    var seen: Set<String> = []
    for document in documents.values.sorted(by: { $0.uri < $1.uri }) {
      guard let path = document.path, seen.insert(Analysis.realPath(path)).inserted else { continue }
      users.append(User(path: path, source: document.source, analysis: analysis(of: document)))
    }
    for path in ImportingFiles.around(file, within: folders) where seen.insert(Analysis.realPath(path)).inserted {
      guard let source = ImportingFiles.importer(path, of: file, limits) else { continue }
      users.append(User(path: path, source: source, analysis: nil))
    }
    return users
  }

  // MARK: Fixes

  mutating func codeActions(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(params)
    let range = try ProtocolRange.offsets(params["range"], document.lines, encoding)
    let only = params["context"]?["only"]?.elements?.compactMap(\.text) ?? ["quickfix"]
    guard only.contains(where: { $0 == "quickfix" || $0.isEmpty }) else { return .array([]) }
    var actions: [JSONValue] = []
    for diagnostic in analysis(of: document).diagnostics {
      let span = diagnostic.primary.span
      guard let fix = diagnostic.fix, span.file === document.source, fix.span.file === document.source,
        span.lower <= range.upperBound, range.lowerBound <= span.upper
      else { continue }
      let edit = ProtocolRange.edit(fix.span.offsets, fix.replacement, document.lines, encoding)
      actions.append(
        .object([
          "title": .string(title(of: fix)), "kind": .string("quickfix"), "isPreferred": true,
          "diagnostics": .array([json(diagnostic, span, document, diagnostic.message, diagnostic.secondary)]),
          "edit": .object(["changes": .object([JSONValue.Field(document.uri, .array([edit]))])]),
        ]))
    }
    return .array(actions)
  }

  private func title(of fix: Diagnostic.Fix) -> String {
    let old = fix.span.text
    let new = fix.replacement
    if new.isEmpty { return "Remove `\(old)`" }
    return old.isEmpty ? "Insert `\(new)`" : "Replace `\(old)` by `\(new)`"
  }
}

// MARK: Formatting

extension LanguageServer {
  /// The document in the one style. A document with errors of syntax is left as it is: its diagnostics say why.
  func formatting(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    let document = try document(params)
    switch RecipeFormatter.format(document.source, limits: limits) {
    case .invalid: return .null
    case .refused(let reason): throw ResponseError(.requestFailed, "the document was not formatted: \(reason)")
    case .formatted(let text):
      guard let (range, new) = difference(document.bytes, Array(text.utf8)) else { return .array([]) }
      let edit = ProtocolRange.edit(range, String(decoding: new, as: UTF8.self), document.lines, encoding)
      return .array([edit])
    }
  }

  /// The lines that are different: what is the same before and after keeps its cursors and marks.
  private func difference(_ old: [UInt8], _ new: [UInt8]) -> (Range<Int>, ArraySlice<UInt8>)? {
    if old == new { return nil }
    var start = 0
    var index = 0
    while index < min(old.count, new.count), old[index] == new[index] {
      index += 1
      if old[index - 1] == 0x0A { start = index }
    }
    var (oldEnd, newEnd) = (old.count, new.count)
    var (a, b) = (oldEnd, newEnd)
    while a > start, b > start, old[a - 1] == new[b - 1] {
      (a, b) = (a - 1, b - 1)
      if (a == 0 || old[a - 1] == 0x0A) && (b == 0 || new[b - 1] == 0x0A) { (oldEnd, newEnd) = (a, b) }
    }
    return (start..<oldEnd, new[start..<newEnd])
  }
}
