/// A part of what is entered in a session.
enum InputItem: Sendable {
  case declaration(Declaration)
  /// A statement, or an expression whose value is asked for.
  case statement(Statement)
}

extension Parser {
  /// Parses what is entered in a session: declarations as in a file, and statements as in a test.
  static func parseInput(_ source: SourceFile, limits: Limits, into sink: DiagnosticSink) -> [InputItem] {
    guard var parser = Parser(reading: source, limits: limits, into: sink) else { return [] }
    return parser.input()
  }

  private mutating func input() -> [InputItem] {
    var items: [InputItem] = []
    while current.kind != .end {
      let before = index
      edition()
      if startsDeclarationOfInput {
        if let declaration = declaration() { items.append(.declaration(declaration)) }
      } else if current.kind != .end, index == before {
        let statement = statement()
        if case .binding(let name, let type, let value) = statement.kind {
          let kind = Declaration.Kind.binding(type, value)
          items.append(.declaration(Declaration(kind: kind, name: name, doc: "", span: statement.span)))
        } else {
          items.append(.statement(statement))
        }
        if case .invalid = statement.kind { skipLine() } else { endLine(of: "statement") }
      }
      if index == before { advance() }
    }
    return items
  }

  private var startsDeclarationOfInput: Bool {
    guard let word, word != "edition" else { return false }
    return Keyword.declarations.contains(word)
      || ["def", "fn", "function", "fun"].contains(word) && peek().kind == .name
  }

  /// Whether the text ends inside brackets, in a comment or with documentation, so that more has to follow.
  static func isIncomplete(_ text: String) -> Bool {
    let source = SourceFile(name: "", text: text)
    let sink = DiagnosticSink()
    let list = Scanner.scan(source, into: sink)
    var open: [TokenKind] = []
    for token in list.tokens {
      switch token.kind {
      case .leftParen: open.append(.rightParen)
      case .leftBracket: open.append(.rightBracket)
      case .leftBrace: open.append(.rightBrace)
      case .rightParen, .rightBracket, .rightBrace:
        // A bracket that closes another one is an error, which more text does not mend.
        guard open.popLast() == token.kind else { return false }
      default: break
      }
    }
    // A comment that documents waits for what it documents.
    if list.docs[list.tokens.count - 1] != nil { return true }
    return !open.isEmpty || sink.diagnostics.contains { $0.code == .unterminatedComment }
  }
}
