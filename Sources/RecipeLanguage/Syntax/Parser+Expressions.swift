extension Parser {
  func make(_ kind: Expression.Kind, from start: SourceSpan) -> Expression {
    Expression(kind: kind, span: start.through(previousSpan))
  }
  var invalid: Expression { Expression(kind: .invalid, span: currentSpan) }

  /// `a then b then c`, the loosest form.
  mutating func expression() -> Expression {
    let start = currentSpan
    return nested { parser in
      var parts = [parser.transition()]
      while parser.word == "then" {
        parser.mark(.then)
        parser.advance()
        parts.append(parser.transition())
      }
      return parts.count == 1 ? parts[0] : parser.make(.then(parts), from: start)
    } ?? invalid
  }

  /// `a -> b`
  private mutating func transition() -> Expression {
    let start = currentSpan
    let left = binary(above: 0)
    guard take(.arrow, marking: .infix) else { return left }
    let right = binary(above: 0)
    return make(.transition(left, right), from: start)
  }

  private func precedence(_ token: Token) -> (Int, BinaryOperator)? {
    switch token.kind {
    case .name:
      switch text(token) {
      case "and": (2, .and)
      case "or": (1, .or)
      case "is" where !token.startsLine, "in" where !token.startsLine: (3, .equal)
      case "not" where !token.startsLine && peek().kind == .name && text(peek()) == "in": (3, .notEqual)
      default: nil
      }
    case .starStar: (5, .multiply)
    case .ellipsis: (4, .add)
    case .orOr: (1, .or)
    case .andAnd: (2, .and)
    case .equal: (3, .equal)
    case .notEqual: (3, .notEqual)
    case .less: (3, .less)
    case .lessEqual: (3, .lessEqual)
    case .greater: (3, .greater)
    case .greaterEqual: (3, .greaterEqual)
    case .nearlyEqual: (3, .nearly)
    case .plus: (4, .add)
    case .minus: (4, .subtract)
    case .star: (5, .multiply)
    case .slash: (5, .divide)
    case .percent: (5, .remainder)
    default: nil
    }
  }

  private mutating func binary(above limit: Int) -> Expression {
    let start = currentSpan
    var left = unary()
    var chain = 0
    while true {
      guard let (level, symbol) = precedence(current), level > limit else {
        guard limit == 0, let replaced = habitTernary(left, from: start) else { return left }
        left = replaced
        continue
      }
      let place = currentSpan
      let isKnown = habitOperator()
      mark(.infix)
      advance()
      if habitAssignment(place) || habitIncrement(place) {
        if !current.startsLine { _ = binary(above: level) }
        return make(.invalid, from: start)
      }
      let right = binary(above: level)
      left = make(isKnown ? .binary(symbol, place, left, right) : .invalid, from: start)
      chain += 1
      guard checkDepth(depth + chain) else { return left }
      if symbol.isComparison, let (next, _) = precedence(current), next == 3 {
        fail(
          .chainedComparison, "comparisons cannot be chained", at: currentSpan, label: "second comparison",
          help: "write `a < b && b < c`")
        left = make(.invalid, from: start)
      }
    }
  }

  private mutating func unary() -> Expression {
    let start = currentSpan
    switch current.kind {
    case .minus:
      mark(.prefix)
      advance()
      let operand = nested { $0.unary() } ?? invalid
      switch operand.kind {
      case .int(let value): return make(.int(-value), from: start)
      case .float(let value): return make(.float(-value), from: start)
      case .quantity(let value): return make(.quantity(Quantity(value.amount.negated, value.dimension)), from: start)
      default: return make(.negate(operand), from: start)
      }
    case .plus:
      fail(.expectedExpression, "`+` stands before no value", help: "remove it")
      advance()
      return nested { $0.unary() } ?? invalid
    case .not:
      mark(.prefix)
      advance()
      let operand = nested { $0.unary() } ?? invalid
      return make(.not(operand), from: start)
    default:
      if word == "not", habitNot() {
        let operand = nested { $0.unary() } ?? invalid
        return make(.not(operand), from: start)
      }
      return postfix()
    }
  }

  private mutating func postfix() -> Expression {
    let start = currentSpan
    var base = primary()
    var chain = 0
    while true {
      guard chain == 0 || checkDepth(depth + chain) else { return base }
      chain += 1
      if habitUnwrap() { return make(.invalid, from: start) }
      if habitNumber() { return make(.invalid, from: start) }
      switch current.kind {
      case .dot:
        advance()
        if current.startsLine, startsAmendment || Keyword.reserved.contains(word ?? "") {
          fail(.expectedName, "expected the name of a field or method after `.`", at: previousSpan)
          return make(.invalid, from: start)
        }
        guard let name = name("the name of a field or method", anyWord: true) else {
          return make(.invalid, from: start)
        }
        base = make(.select(base, name), from: start)
      case .leftParen where !current.startsLine:
        mark(.attached)
        let arguments = arguments()
        base = make(.call(base, arguments), from: start)
      case .leftBracket where !current.startsLine:
        mark(.attached)
        let open = current
        advance()
        let index = current.kind == .colon ? invalid : expression()
        _ = habitSlice()
        close(.rightBracket, of: open)
        base = make(.index(base, index), from: start)
      case .name where word == "with" && peek().kind == .leftBrace:
        advance()
        let amendments = amendmentBlock(of: "a `with`")
        base = make(.with(base, amendments), from: start)
      default: return base
      }
    }
  }

  /// The bracket and arguments of a call.
  private mutating func arguments() -> [Argument] {
    let open = current
    advance()
    var result: [Argument] = []
    while current.kind != .rightParen {
      if isUnclosed(afterComma: true) || outdentedField(open) {
        unclosed(open)
        return result
      }
      let before = index
      result.append(argument(of: open))
      if !separator(closing: .rightParen, open: open, before: before) { return result }
    }
    advance()
    return result
  }

  private mutating func argument(of open: Token) -> Argument {
    if habitStars() {
      let start = currentSpan
      _ = expression()
      return Argument(label: nil, value: make(.invalid, from: start))
    }
    if current.kind == .name, peek().kind == .colon {
      let label = Name(text: text(current), span: currentSpan)
      advance()
      advance()
      if outdentedField(open) {
        fail(.expectedExpression, "expected a value for `\(label.text)`, found \(shown)", at: label.span)
        return Argument(label: label, value: invalid)
      }
      return Argument(label: label, value: expression())
    }
    if current.kind == .name, peek().kind == .assign {
      let label = Name(text: text(current), span: currentSpan)
      let sign = span(peek())
      advance()
      fail(
        .equalsInCall, "arguments are written `\(label.text): value`", at: sign, label: "not `=`", help: "write `:`",
        fix: Diagnostic.Fix(sign, replacement: ":"))
      advance()
      return Argument(label: label, value: expression())
    }
    return Argument(label: nil, value: expression())
  }

  /// Reads the comma between two elements, or stops at the closing bracket (true: go on with the loop).
  private mutating func separator(closing: TokenKind, open: Token, before: Int) -> Bool {
    if take(.comma) || current.kind == closing { return true }
    if isUnclosed(afterComma: false) {
      unclosed(open)
      return false
    }
    let startsElement: Bool =
      switch current.kind {
      case .name, .number, .string, .leftBracket: true
      case .dot: current.startsLine
      default: false
      }
    if startsElement, index > before {
      fail(
        .expectedToken, "expected `,` before \(shown)", help: "add `,`",
        fix: Diagnostic.Fix(previousSpan.end, replacement: ","))
      return true
    }
    fail(.expectedToken, "expected `,` or `\(closing == .rightParen ? ")" : "]")`, found \(shown)")
    return skipElement(closing: closing)
  }

  /// Skips to the comma or bracket that ends this element.
  private mutating func skipElement(closing: TokenKind) -> Bool {
    var open = 0
    while current.kind != .end, !startsDeclaration(current) {
      switch current.kind {
      case .leftParen, .leftBracket, .leftBrace: open += 1
      case .comma where open == 0:
        advance()
        return true
      case .rightParen, .rightBracket, .rightBrace:
        if open == 0 { return current.kind == closing }
        open -= 1
      default: break
      }
      advance()
    }
    return false
  }

  /// Whether `name =` begins a line that is not indented deeper than the line with the opening bracket: then it is a
  /// field, not an argument.
  private func outdentedField(_ open: Token) -> Bool {
    guard current.startsLine, startsAmendment else { return false }
    return indent(of: current.lower) <= indent(of: open.lower)
  }

  /// How far the line is indented that an offset lies in.
  func indent(of offset: Int) -> Int {
    var start = offset
    while start > 0, source.bytes[start - 1] != 0x0A { start -= 1 }
    var end = start
    while end < offset, source.bytes[end] == 0x20 || source.bytes[end] == 0x09 { end += 1 }
    return end - start
  }

  /// Whether the current token shows that a bracket was forgotten.
  private func isUnclosed(afterComma: Bool) -> Bool {
    switch current.kind {
    case .end, .rightBrace: true
    case .name: startsDeclaration(current) || !afterComma && current.startsLine && startsAmendment
    default: false
    }
  }

  // MARK: Primary

  private mutating func primary() -> Expression {
    let start = currentSpan
    switch current.kind {
    case .number: return number()
    case .string: return string()
    case .dot:
      if habitNumber() { return make(.invalid, from: start) }
      mark(.prefix)
      advance()
      guard let name = name("a member", anyWord: true) else { return make(.invalid, from: start) }
      return make(.member(name), from: start)
    case .leftParen:
      let open = current
      advance()
      let inside = expression()
      if current.kind == .comma {
        fail(.expectedToken, "there are no tuples", help: "write a list `[a, b]`, or a record")
        _ = skipElement(closing: .rightParen)
        while current.kind != .rightParen, skipElement(closing: .rightParen), current.kind != .rightParen {}
      }
      close(.rightParen, of: open)
      return Expression(kind: inside.kind, span: start.through(previousSpan))
    case .leftBracket: return bracketed()
    case .name: return named()
    default:
      if current.kind == .star || current.kind == .starStar {
        habitStars()
        return make(.invalid, from: start)
      }
      if current.kind == .leftBrace {
        habitBrace()
        return make(.invalid, from: start)
      }
      fail(.expectedExpression, "expected a value, found \(shown)")
      return invalid
    }
  }

  private mutating func named() -> Expression {
    let start = currentSpan
    let word = text(current)
    if let kind = habitLiteral(word) { return make(kind, from: start) }
    if habitStringPrefix() { return string() }
    switch word {
    case "true", "false":
      advance()
      return make(.bool(word == "true"), from: start)
    case "none":
      advance()
      return make(.none, from: start)
    case "if":
      mark(.conditional)
      advance()
      let condition = expression()
      let first = branch()
      guard take(word: "else") else {
        fail(.expectedToken, "an `if` that gives a value needs an `else`, found \(shown)")
        return make(.invalid, from: start)
      }
      let second = self.word == "if" ? (nested { $0.named() } ?? invalid) : branch()
      return make(.conditional(condition, first, second), from: start)
    default:
      if Keyword.reserved.contains(word) {
        fail(
          .expectedExpression, "expected a value, found the word `\(word)`",
          help: word == "let" ? "compare with none: `if x != none { … }`; inside, `x` has its value" : nil)
        if word == "let" {
          while current.kind != .leftBrace, current.kind != .end, !peek().startsLine { advance() }
        } else if !current.startsLine {
          advance()
        }
        return make(.invalid, from: start)
      }
      advance()
      return make(.name(word), from: start)
    }
  }

  private mutating func branch() -> Expression {
    let open = current
    guard take(.leftBrace) else {
      fail(.expectedToken, "expected `{`, found \(shown)")
      return invalid
    }
    let value = expression()
    close(.rightBrace, of: open)
    return value
  }

  /// A list, a map or a comprehension.
  private mutating func bracketed() -> Expression {
    let start = currentSpan
    let open = current
    advance()
    if current.kind == .colon, peek().kind == .rightBracket {
      advance()
      advance()
      return make(.map([]), from: start)
    }
    var elements: [Expression] = []
    var items: [MapItem] = []
    while current.kind != .rightBracket {
      if isUnclosed(afterComma: true) {
        unclosed(open)
        return make(.invalid, from: start)
      }
      let before = index
      let element = expression()
      if take(.colon) {
        items.append(MapItem(key: element, value: expression()))
      } else if take(word: "for", marking: .infix) {
        return comprehension(element, open: open, from: start)
      } else {
        elements.append(element)
      }
      if !separator(closing: .rightBracket, open: open, before: before) { return make(.invalid, from: start) }
    }
    advance()
    if !items.isEmpty, let element = elements.first {
      sink.report(.expectedToken, "this element of the map has no key", at: element.span, help: "write `key: value`")
      return make(.invalid, from: start)
    }
    return make(items.isEmpty ? .list(elements) : .map(items), from: start)
  }

  private mutating func comprehension(_ element: Expression, open: Token, from start: SourceSpan) -> Expression {
    guard let variable = name("the name of a variable") else {
      skipLine()
      return make(.invalid, from: start)
    }
    if !take(word: "in") { fail(.expectedToken, "expected `in`, found \(shown)") }
    let sequence = nested { $0.binary(above: 0) } ?? invalid
    let condition = take(word: "if", marking: .infix) ? expression() : nil
    if word == "for" {
      fail(
        .expectedToken, "a comprehension has one `for`", help: "put a comprehension inside, and join with `sum` or `+`")
      if skipElement(closing: .rightBracket) { _ = take(.rightBracket) }
      return make(.invalid, from: start)
    }
    close(.rightBracket, of: open)
    return make(
      .comprehension(element: element, variable: variable, sequence: sequence, condition: condition), from: start)
  }

  private mutating func string() -> Expression {
    let start = currentSpan
    var parts: [StringPart] = []
    for part in list.strings[index] ?? [] {
      switch part {
      case .text(let text): parts.append(.text(text))
      case .interpolation(let range):
        guard checkDepth(depth + 8) else { return invalid }
        let value = Parser.parseExpression(source, range: range, depth: depth + 8, limits: limits, into: sink)
        parts.append(.value(value))
      }
    }
    advance()
    return make(.string(parts), from: start)
  }

  private mutating func number() -> Expression {
    let start = currentSpan
    let text = text(current)
    advance()
    return make(NumberLiteral.read(text, at: start, into: sink), from: start)
  }
}
