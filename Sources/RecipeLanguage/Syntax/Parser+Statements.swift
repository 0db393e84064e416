extension Parser {
  /// `{ statements }`
  mutating func block(of what: String) -> [Statement]? {
    let open = current
    guard take(.leftBrace) else {
      fail(
        .expectedToken, "expected `{` before the body of the \(what), found \(shown)",
        help: current.kind == .colon ? "blocks are written `{ … }`, not with `:` and indentation" : nil)
      return current.kind == .colon ? nested { $0.habitColonBlock() } : nil
    }
    return nested { parser in
      var result: [Statement] = []
      while parser.current.kind != .rightBrace {
        if parser.current.kind == .end || parser.startsDeclaration(parser.current) {
          parser.unclosed(open)
          return result
        }
        let before = parser.index
        let statement = parser.statement()
        result.append(statement)
        if case .invalid = statement.kind { parser.skipLine() } else { parser.endLine(of: "statement") }
        if parser.index == before { parser.advance() }
      }
      parser.advance()
      return result
    } ?? []
  }

  mutating func statement() -> Statement {
    let start = currentSpan
    mark(.start)
    let kind = statementKind()
    return Statement(kind: kind, span: start.through(previousSpan))
  }

  private mutating func statementKind() -> Statement.Kind {
    let known = habitDeclaration()
    switch known ?? word {
    case "let":
      advance()
      guard let name = name("a name") else { return .invalid }
      let type = take(.colon) ? type() : nil
      guard assign(after: name.text) else { return .invalid }
      return .binding(name, type, expression())
    case "for":
      advance()
      if current.kind == .leftParen {
        fail(
          .expectedName, "a loop has one variable",
          help: "loop over the indices: `for i in range(xs.count)`, and write `xs[i]`")
      }
      guard let name = name("the name of a variable") else { return .invalid }
      if current.kind == .comma {
        fail(
          .expectedToken, "a loop has one variable",
          help: "loop over the indices: `for i in range(xs.count)`, and write `xs[i]`")
        return .invalid
      }
      guard take(word: "in") else {
        fail(.expectedToken, "expected `in` and a list, found \(shown)")
        return .invalid
      }
      let sequence = expression()
      guard let body = block(of: "loop") else { return .invalid }
      return .loop(name, sequence, body)
    case "if": return conditional()
    case "return":
      advance()
      if current.startsLine || current.kind == .rightBrace { return .result(nil) }
      return .result(expression())
    case "expect":
      advance()
      return expectation()
    case "skip" where known != nil: return .invalid
    case "func":
      fail(.expectedDeclaration, "a `func` cannot stand in a block", help: "move it to the top of the file")
      return .invalid
    default:
      if startsAmendment {
        let name = text(current)
        fail(
          .expectedDeclaration, "values do not change: `\(name) = …` has no meaning here",
          help: "write `let` to make a new name")
        return .invalid
      }
      return .expression(expression())
    }
  }

  private mutating func conditional() -> Statement.Kind {
    nested { parser in
      parser.mark(.conditional)
      parser.advance()
      let condition = parser.expression()
      guard let first = parser.block(of: "`if`") else { return .invalid }
      if let word = parser.word, word == "elif" || word == "elseif" || word == "elsif" {
        parser.fail(
          .habitKeyword, "`\(word)` is written `else if`", help: "write `else if`",
          fix: Diagnostic.Fix(parser.currentSpan, replacement: "else if"))
      } else {
        guard parser.take(word: "else") else { return .conditional(condition, first, []) }
      }
      if let word = parser.word, ["if", "elif", "elseif", "elsif"].contains(word) {
        let start = parser.currentSpan
        let kind = parser.conditional()
        return .conditional(condition, first, [Statement(kind: kind, span: start.through(parser.previousSpan))])
      }
      guard let second = parser.block(of: "`else`") else { return .invalid }
      return .conditional(condition, first, second)
    } ?? .invalid
  }

  private mutating func expectation() -> Statement.Kind {
    if word == "fails", peek().kind == .string {
      advance()
      guard let code = plainString("the code") else { return .invalid }
      guard let body = block(of: "`expect fails`") else { return .invalid }
      return .expectFailure(code: code, body)
    }
    let condition = expression()
    let tolerance = take(word: "within", marking: .infix) ? expression() : nil
    return .expect(condition, within: tolerance)
  }
}
