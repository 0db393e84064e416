/// What people write out of habit from Python or Swift: each gets a message of its own, and is then read as meant.
extension Parser {
  /// At an operator token: reports one that belongs to another language. False if it has no meaning here at all.
  mutating func habitOperator() -> Bool {
    let place = currentSpan
    func fix(_ text: String) -> Diagnostic.Fix { Diagnostic.Fix(place, replacement: text) }
    switch current.kind {
    case .name:
      switch word {
      case "and": fail(.habitOperator, "`and` is written `&&`", help: "write `&&`", fix: fix("&&"))
      case "or": fail(.habitOperator, "`or` is written `||`", help: "write `||`", fix: fix("||"))
      case "is": fail(.habitOperator, "`is` is written `==`", help: "write `==`", fix: fix("=="))
      default: break
      }
      return true
    case .starStar:
      fail(.habitOperator, "there is no operator `**`", help: "write `pow(a, b)`")
      return false
    case .ellipsis:
      fail(.habitOperator, "there are no range operators", help: "write `range(from, to)`, which leaves out `to`")
      return false
    default: return true
    }
  }

  /// `not x`
  mutating func habitNot() -> Bool {
    switch peek().kind {
    case .name, .leftParen, .not:
      fail(
        .habitOperator, "`not` is written `!`", help: "write `!`", fix: Diagnostic.Fix(currentSpan, replacement: "!"))
      advance()
      return true
    default: return false
    }
  }

  /// `c ? a : b` and `a ?? b`, and Python's `a if c else b`
  mutating func habitTernary(_ left: Expression, from start: SourceSpan) -> Expression? {
    guard current.kind == .question else {
      guard word == "if", !current.startsLine, list.tokens[max(0, index - 1)].kind != .rightBrace else { return nil }
      return habitInlineIf(left, from: start)
    }
    if peek().kind == .question {
      fail(.habitOperator, "there is no operator `??`", help: "write `if x == none { a } else { x }`")
      advance()
      advance()
      _ = nested { $0.expression() }
      return make(.invalid, from: start)
    }
    fail(.ternary, "there is no `? :`", help: "write `if condition { a } else { b }`")
    advance()
    let first = nested { $0.expression() } ?? invalid
    guard take(.colon) else { return make(.invalid, from: start) }
    let second = nested { $0.expression() } ?? invalid
    return make(.conditional(left, first, second), from: start)
  }

  private mutating func habitInlineIf(_ left: Expression, from start: SourceSpan) -> Expression? {
    // In a comprehension `[x for x in xs if c]` the `if` belongs to the comprehension.
    var ahead = 1
    var open = 0
    while ahead < 64, peek(ahead).kind != .end, !peek(ahead).startsLine {
      let token = peek(ahead)
      switch token.kind {
      case .leftParen, .leftBracket: open += 1
      case .leftBrace: return nil
      case .rightParen, .rightBracket, .rightBrace:
        if open == 0 { return nil }
        open -= 1
      case .name where open == 0 && text(token) == "else":
        fail(.ternary, "there is no `a if condition else b`", help: "write `if condition { a } else { b }`")
        advance()
        let condition = nested { $0.expression() } ?? invalid
        guard take(word: "else") else { return make(.invalid, from: start) }
        let second = nested { $0.expression() } ?? invalid
        return make(.conditional(condition, left, second), from: start)
      default: break
      }
      ahead += 1
    }
    return nil
  }

  /// `True`, `None`, `nil`, `lambda`
  mutating func habitLiteral(_ word: String) -> Expression.Kind? {
    let (kind, text): (Expression.Kind, String)
    switch word {
    case "True": (kind, text) = (.bool(true), "true")
    case "False": (kind, text) = (.bool(false), "false")
    case "None", "nil", "null", "nullptr": (kind, text) = (.none, "none")
    case "lambda":
      fail(.habitKeyword, "there is no `lambda`", help: "declare a `func` at the top of the file")
      skipLine()
      return .invalid
    default: return nil
    }
    fail(
      .habitLiteral, "`\(word)` is written `\(text)`", help: "write `\(text)`",
      fix: Diagnostic.Fix(currentSpan, replacement: text))
    advance()
    return kind
  }

  /// `*args`, `**kwargs`
  mutating func habitStars() {
    guard current.kind == .star || current.kind == .starStar else { return }
    fail(
      .starredArgument, "arguments cannot be unpacked with `\(text(current))`",
      help: "write every argument with its label; `base with { field = value }` changes a few")
    advance()
  }

  /// A word that starts a statement or declaration elsewhere. Returns what it stands for here.
  mutating func habitDeclaration() -> String? {
    guard let word else { return nil }
    let next = peek()
    guard next.kind == .name || next.kind == .string || next.kind == .number, !next.startsLine else { return nil }
    func fix(_ text: String) -> Diagnostic.Fix { Diagnostic.Fix(currentSpan, replacement: text) }
    switch word {
    case "def", "fn", "function", "fun":
      fail(.habitKeyword, "`\(word)` is written `func`", help: "write `func`", fix: fix("func"))
      return "func"
    case "var", "const", "val", "auto":
      let why = word == "var" ? "values do not change: `var` is written `let`" : "`\(word)` is written `let`"
      fail(.habitKeyword, why, help: "write `let`", fix: fix("let"))
      return "let"
    case "class", "struct", "type", "typealias", "protocol", "extension":
      fail(.habitKeyword, "there is no `\(word)`", help: "a `record` declares a type with fields")
      return "skip"
    case "from":
      fail(.pythonImport, "nothing can be imported from Python", help: "the words of recipes are listed by the host")
      return "skip"
    case "while", "repeat", "until":
      fail(.habitKeyword, "there is no `\(word)`", help: "loop over a finite list: `for x in range(10) { … }`")
      return "skip"
    case "try", "raise", "throw", "with", "async", "await", "del", "global", "assert", "elif", "switch", "guard",
      "match":
      let help =
        switch word {
        case "assert": "write `expect`"
        case "elif": "write `else if`"
        case "switch", "match", "guard": "write `if … { … } else { … }`"
        default: "a recipe has no statements of this kind"
        }
      fail(.habitKeyword, "there is no `\(word)`", help: help)
      return "skip"
    default: return nil
    }
  }
}
