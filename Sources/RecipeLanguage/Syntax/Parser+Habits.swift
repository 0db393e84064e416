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
      case "in", "not":
        if word == "not" { advance() }
        fail(
          .habitOperator, "`in` stands only in loops and axes; it asks nothing", at: place,
          help: "compare one by one: `x == a || x == b`")
        return false
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

  /// `+=`, `===` and the like: an operator and `=` without a space, of which the operator has been read.
  mutating func habitAssignment(_ place: SourceSpan) -> Bool {
    guard current.kind == .assign, current.lower == place.upper else { return false }
    let text = place.text + "="
    let help =
      place.text == "==" || place.text == "!=" ? "write `\(place.text)`" : "values do not change; `let` makes a new name"
    fail(.habitOperator, "there is no operator `\(text)`", at: place.through(currentSpan), help: help)
    advance()
    return true
  }

  /// `x++`
  mutating func habitIncrement(_ place: SourceSpan) -> Bool {
    guard current.kind == .plus, place.text == "+", current.lower == place.upper else { return false }
    fail(
      .habitOperator, "there is no operator `++`", at: place.through(currentSpan),
      help: "values do not change; `let` makes a new name")
    advance()
    return true
  }

  /// `x!`
  mutating func habitUnwrap() -> Bool {
    guard current.kind == .not, current.lower == previousSpan.upper, !current.startsLine else { return false }
    fail(
      .habitOperator, "there is no `!` after a value", help: "write `if x != none { x } else { … }`")
    advance()
    return true
  }

  /// `f"…"`
  mutating func habitStringPrefix() -> Bool {
    guard peek().kind == .string, peek().lower == current.upper, let word,
      ["f", "r", "b", "u", "fr", "rf", "br", "rb"].contains(word.lowercased())
    else { return false }
    fail(
      .habitLiteral, "strings have no prefix `\(word)`", help: #"values stand in `\( )`: "loss \(x)""#,
      fix: Diagnostic.Fix(currentSpan, replacement: ""))
    advance()
    return true
  }

  /// `.5` and `5.`
  mutating func habitNumber() -> Bool {
    guard current.kind == .dot else { return false }
    if peek().kind == .number, peek().lower == current.upper {
      fail(
        .badNumber, "a number begins with a digit", at: currentSpan.through(span(peek())), help: "write `0.…`",
        fix: Diagnostic.Fix(SourceSpan(file: source, lower: current.lower, upper: current.lower), replacement: "0"))
      advance()
      advance()
      return true
    }
    guard index > 0, list.tokens[index - 1].kind == .number, peek().kind != .name else { return false }
    fail(
      .badNumber, "a number ends with a digit", at: previousSpan.through(currentSpan), help: "write `\(previousSpan.text).0`",
      fix: Diagnostic.Fix(currentSpan.end, replacement: "0"))
    advance()
    return true
  }

  /// `xs[1:3]`, at the colon. Steps over the rest of the index.
  mutating func habitSlice() -> Bool {
    guard current.kind == .colon else { return false }
    fail(.habitOperator, "there are no slices", help: "write `[xs[i] for i in range(from, to)]`")
    while current.kind != .rightBracket, current.kind != .end, !current.startsLine { advance() }
    return true
  }

  /// `{` where a value is wanted.
  mutating func habitBrace() {
    let help =
      switch peek().kind {
      case .string, .rightBrace: #"a map is written `["key": value]`, an empty one `[:]`"#
      case .name where text(peek(2)) == "in": "there are no closures; declare a `func` at the top of the file"
      default: "a record is written `name(label: value)`, a list `[a, b]`"
      }
    fail(.expectedExpression, "a value does not begin with `{`", help: help)
    advance()
    var open = 1
    while current.kind != .end, open > 0, !startsDeclaration(current) {
      if current.kind == .leftBrace { open += 1 } else if current.kind == .rightBrace { open -= 1 }
      advance()
    }
  }

  /// `if x:` and an indented block, or a statement on the same line.
  mutating func habitColonBlock() -> [Statement] {
    let base = indent(of: current.lower)
    advance()
    var result: [Statement] = []
    while current.kind != .end, current.kind != .rightBrace, !startsDeclaration(current) {
      if current.startsLine, indent(of: current.lower) <= base { break }
      if !current.startsLine, !result.isEmpty { break }
      let before = index
      result.append(statement())
      if index == before { advance() }
    }
    return result
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
    if peek().kind == .dot {
      fail(.habitOperator, "there is no `?.`", help: "write `if x != none { x.field } else { … }`")
      advance()
      advance()
      _ = nested { $0.expression() }
      return make(.invalid, from: start)
    }
    if peek().kind == .question {
      fail(.habitOperator, "there is no operator `??`", help: "write `if x != none { x } else { a }`")
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
    case "None", "nil", "null", "nullptr", "undefined": (kind, text) = (.none, "none")
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
  @discardableResult mutating func habitStars() -> Bool {
    guard current.kind == .star || current.kind == .starStar else { return false }
    fail(
      .starredArgument, "arguments cannot be unpacked with `\(text(current))`",
      help: "write every argument with its label; `base with { field = value }` changes a few")
    advance()
    return true
  }

  /// Words that are statements elsewhere, by themselves or before a `{` or `:`.
  private static let statements: Set<String> = [
    "pass", "break", "continue", "try", "do", "finally", "except", "catch", "defer", "fallthrough",
  ]
  /// Words before a condition, which may begin with a bracket.
  private static let conditions: Set<String> = ["while", "until", "switch", "guard", "elif", "assert", "unless"]
  /// Words before a declaration.
  private static let modifiers: Set<String> = [
    "public", "private", "internal", "static", "final", "export", "pub", "async", "mutating", "override", "abstract",
  ]

  /// Whether the current word is used as a statement of another language, not as a name.
  private var isHabit: Bool {
    guard let word else { return false }
    let next = peek()
    switch next.kind {
    case .name, .string, .number: return !next.startsLine || Self.statements.contains(word)
    case .leftBrace, .colon: return !next.startsLine && Self.statements.contains(word)
    case .leftParen, .not, .leftBracket, .minus: return !next.startsLine && Self.conditions.contains(word)
    case .rightBrace, .end: return Self.statements.contains(word)
    default: return false
    }
  }

  /// A word that starts a statement or declaration elsewhere. Returns what it stands for here.
  mutating func habitDeclaration() -> String? {
    guard isHabit, let word else { return nil }
    if Self.modifiers.contains(word), Keyword.declarations.contains(text(peek())) || text(peek()) == "def" {
      fail(
        .habitKeyword, "there is no `\(word)`", help: "remove it",
        fix: Diagnostic.Fix(SourceSpan(file: source, lower: current.lower, upper: peek().lower), replacement: ""))
      advance()
      return habitDeclaration() ?? self.word
    }
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
      fail(
        .pythonImport, "`from … import` brings in nothing: recipes need no libraries",
        help: "remove the line; `import \"other.recipe\" as name` brings in another recipe file")
      return "skip"
    case "while", "repeat", "until":
      fail(.habitKeyword, "there is no `\(word)`", help: "loop over a finite list: `for x in range(10) { … }`")
      return "skip"
    case "pass", "break", "continue", "fallthrough":
      fail(
        .habitKeyword, "there is no `\(word)`",
        help: word == "pass" ? "a block may be empty: `{ }`" : "loop over a list of what is wanted, or `return`")
      return "skip"
    case "try", "do", "except", "catch", "finally", "raise", "throw", "defer":
      fail(
        .habitKeyword, "there is no `\(word)`",
        help: "there are no exceptions; a test says `expect fails \"E0401\" { … }`")
      return "skip"
    case "with", "async", "await", "del", "global", "nonlocal", "yield", "assert", "elif", "switch", "guard", "match",
      "unless", "mut":
      let help =
        switch word {
        case "assert": "write `expect`"
        case "elif": "write `else if`"
        case "switch", "match", "guard", "unless": "write `if … { … } else { … }`"
        default: "a recipe has no statements of this kind"
        }
      fail(.habitKeyword, "there is no `\(word)`", help: help)
      return "skip"
    default: return nil
    }
  }
}
