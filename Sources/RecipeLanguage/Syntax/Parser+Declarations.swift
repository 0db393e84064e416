extension Parser {
  /// All declarations of the file.
  mutating func declarations() -> [Declaration] {
    var result: [Declaration] = []
    edition()
    while current.kind != .end {
      let before = index
      if let declaration = declaration() { result.append(declaration) }
      if index == before { advance() }
    }
    return result
  }

  mutating func edition() {
    guard word == "edition", !peek().startsLine else { return }
    mark(.start)
    advance()
    if current.kind == .number, text(current) == "1" {
      advance()
    } else {
      fail(.unknownEdition, "this language is edition 1, not \(shown)", help: "write `edition 1`")
      advance()
    }
    endLine(of: "edition")
  }

  mutating func declaration() -> Declaration? {
    let doc = list.docs[index] ?? ""
    mark(.start)
    let start = currentSpan
    let known = habitDeclaration()
    guard let word = known ?? word else {
      if current.kind == .rightBrace || current.kind == .rightParen || current.kind == .rightBracket {
        fail(.strayBracket, "\(shown) closes nothing", help: "remove it")
        advance()
      } else if current.kind == .semicolon {
        endLine(of: "declaration")
      } else {
        fail(.expectedDeclaration, "expected a declaration, found \(shown)", help: declarationHelp)
        skipLine()
      }
      return nil
    }
    let parsed: (Name, Declaration.Kind)?
    switch word {
    case "let": parsed = binding()
    case "func": parsed = function()
    case "enum": parsed = enumeration()
    case "record": parsed = record()
    case "recipe": parsed = recipe()
    case "sweep": parsed = sweep()
    case "task": parsed = task()
    case "test": parsed = test()
    case "import": parsed = importation()
    default:
      if known == nil { unknownDeclaration() }
      let margin = indent(of: current.lower)
      skipLine()
      // What is indented below it belongs to it.
      while known != nil, current.startsLine, current.kind != .end, indent(of: current.lower) > margin { skipLine() }
      return nil
    }
    guard let (name, kind) = parsed else {
      skipLine()
      return nil
    }
    endLine(of: "declaration")
    return Declaration(kind: kind, name: name, doc: doc, span: start.through(previousSpan))
  }

  private var declarationHelp: String { "a file holds let, func, enum, record, recipe, sweep, task, test and import" }

  private mutating func unknownDeclaration() {
    if startsAmendment {
      let name = text(current)
      fail(
        .expectedDeclaration, "`\(name) = …` belongs in a recipe",
        help: "write `let \(name) = …`, or move it into `{ }`",
        fix: Diagnostic.Fix(SourceSpan(file: source, lower: current.lower, upper: current.lower), replacement: "let "))
      return
    }
    let guess = sink.closest(to: text(current), among: Keyword.declarations.sorted())
    fail(
      .expectedDeclaration, "expected a declaration, found \(shown)",
      help: guess.map { "did you mean `\($0)`?" } ?? declarationHelp)
  }

  private mutating func binding() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = name("a name") else { return nil }
    if current.kind == .colon, peek().kind == .assign, peek().lower == current.upper {
      fail(
        .habitOperator, "there is no operator `:=`", at: currentSpan.through(span(peek())), help: "write `=`",
        fix: Diagnostic.Fix(currentSpan, replacement: ""))
      advance()
    }
    let type = take(.colon) ? type() : nil
    guard assign(after: name.text) else { return nil }
    return (name, .binding(type, expression()))
  }

  mutating func assign(after name: String) -> Bool {
    if take(.assign) { return true }
    fail(.expectedToken, "expected `=` after `\(name)`, found \(shown)")
    return false
  }

  private mutating func function() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = name("the name of the function") else { return nil }
    guard current.kind == .leftParen else {
      fail(.expectedToken, "expected `(` after `\(name.text)`, found \(shown)")
      return nil
    }
    let parameters = parameters(closing: .rightParen)
    if current.kind == .colon, peek().kind == .name, !peek().startsLine, peek(2).kind == .leftBrace {
      fail(
        .expectedToken, "the type of the result follows `->`, not `:`", help: "write `->`",
        fix: Diagnostic.Fix(currentSpan, replacement: " ->"))
      advance()
      return (name, .function(parameters, result: type(), block(of: "function") ?? []))
    }
    let result = take(.arrow) ? type() : nil
    guard let body = block(of: "function") else { return nil }
    return (name, .function(parameters, result: result, body))
  }

  private mutating func enumeration() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = name("the name of the enum") else { return nil }
    let open = current
    guard take(.leftBrace) else {
      fail(.expectedToken, "expected `{`, found \(shown)")
      return nil
    }
    var members: [Name] = []
    while current.kind != .rightBrace, current.kind != .end, !startsDeclaration(current) {
      mark(.start)
      _ = take(word: "case")
      guard let member = self.name("the name of a member") else {
        skipLine()
        continue
      }
      members.append(member)
      _ = take(.comma)
    }
    close(.rightBrace, of: open)
    return (name, .enumeration(members))
  }

  private mutating func record() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = name("the name of the record") else { return nil }
    guard current.kind == .leftBrace else {
      fail(.expectedToken, "expected `{`, found \(shown)")
      return nil
    }
    return (name, .record(parameters(closing: .rightBrace)))
  }

  /// `(a: Int, _ b: Float = 1)`, or the fields of a record, one a line.
  private mutating func parameters(closing: TokenKind) -> [ParameterSyntax] {
    let open = current
    if closing == .rightParen { mark(.attached) }
    advance()
    var result: [ParameterSyntax] = []
    while current.kind != closing {
      if current.kind == .end || startsDeclaration(current) || current.kind == .leftBrace {
        unclosed(open)
        return result
      }
      let doc = list.docs[index] ?? ""
      if closing == .rightBrace { mark(.start) }
      habitStars()
      let positional = word == "_" && peek().kind == .name
      if positional { advance() }
      if closing == .rightBrace, word == "let" || word == "var" { advance() }
      guard let name = name("the name of a parameter") else {
        skipLine()
        return result
      }
      let type: TypeSyntax
      if take(.colon) {
        type = self.type()
      } else {
        fail(.expectedToken, "expected `:` and the type of `\(name.text)`, found \(shown)")
        type = .invalid(name.span)
      }
      let value = take(.assign) ? expression() : nil
      result.append(
        ParameterSyntax(name: name, type: type, defaultValue: value, isPositional: positional, doc: doc))
      if !take(.comma), current.kind != closing, closing == .rightParen {
        unclosed(open)
        return result
      }
    }
    advance()
    return result
  }

  mutating func type() -> TypeSyntax {
    let start = currentSpan
    var result: TypeSyntax =
      nested { parser in
        let open = parser.current
        if parser.take(.leftBracket) {
          let element = parser.type()
          if parser.take(.colon) {
            let value = parser.type()
            parser.close(.rightBracket, of: open)
            return .map(element, value, start.through(parser.previousSpan))
          }
          parser.close(.rightBracket, of: open)
          return .list(element, start.through(parser.previousSpan))
        }
        guard let name = parser.name("a type") else { return .invalid(start) }
        return .name(name)
      } ?? .invalid(start)
    if take(.question) {
      while take(.question) {}
      result = .optional(result, start.through(previousSpan))
    }
    return result
  }

  private mutating func recipe() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = name("the name of the recipe") else { return nil }
    var base: [Name] = []
    if take(word: "from") {
      base = dotted("the name of a recipe")
      if base.isEmpty { return nil }
    } else if current.kind == .colon {
      fail(.expectedToken, "a base is written `from`, not `:`", help: "write `recipe \(name.text) from base { … }`")
      return nil
    }
    guard current.kind == .leftBrace else {
      fail(.expectedToken, "expected `{` after the head of recipe `\(name.text)`, found \(shown)")
      return nil
    }
    return (name, .recipe(base: base, amendmentBlock(of: "the recipe")))
  }

  private mutating func dotted(_ what: String) -> [Name] {
    guard let first = name(what) else { return [] }
    var result = [first]
    while take(.dot), let next = name(what, anyWord: true) { result.append(next) }
    return result
  }

  /// `{ path = value … }`
  mutating func amendmentBlock(of what: String) -> [Amendment] {
    let open = current
    advance()
    var result: [Amendment] = []
    while current.kind != .rightBrace {
      if current.kind == .end || startsDeclaration(current), !startsAmendment {
        unclosed(open)
        return result
      }
      mark(.start)
      if let amendment = amendment(in: what) {
        result.append(amendment)
        endLine(of: "field")
      } else {
        skipLine()
      }
    }
    advance()
    return result
  }

  private mutating func amendment(in what: String) -> Amendment? {
    if let word, word == "let" || word == "var", peek().kind == .name {
      fail(.expectedToken, "`\(word)` cannot stand in \(what)", help: "move it to the top of the file")
      return nil
    }
    let path = path()
    guard let last = path.last else { return nil }
    if current.kind == .colon {
      fail(
        .colonInRecipe, "a field is written `\(last.text) = value`", at: currentSpan, label: "not `:`",
        help: "write `=`", fix: Diagnostic.Fix(currentSpan, replacement: " ="))
      advance()
    } else if !assign(after: last.text) {
      return nil
    }
    if current.startsLine, startsAmendment {
      fail(.expectedExpression, "expected a value for `\(last.text)`, found \(shown)", at: last.span)
      return Amendment(path: path, value: Expression(kind: .invalid, span: last.span))
    }
    return Amendment(path: path, value: expression())
  }

  private mutating func path() -> [Name] {
    guard let first = name("the name of a field", anyWord: true) else { return [] }
    var result = [first]
    while take(.dot) {
      guard let next = name("the name of a field", anyWord: true) else { return [] }
      result.append(next)
    }
    return result
  }

  private mutating func sweep() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = name("the name of the sweep") else { return nil }
    guard take(word: "from") else {
      fail(
        .expectedToken, "expected `from` and a recipe, found \(shown)",
        help: "write `sweep \(name.text) from base { … }`")
      return nil
    }
    let base = dotted("the name of a recipe")
    let open = current
    guard !base.isEmpty, take(.leftBrace) else {
      fail(.expectedToken, "expected `{`, found \(shown)")
      return nil
    }
    var axes: [AxisSyntax] = []
    var amendments: [Amendment] = []
    var skips: [Expression] = []
    while current.kind != .rightBrace {
      if current.kind == .end || startsDeclaration(current), !startsAmendment {
        unclosed(open)
        break
      }
      mark(.start)
      if word == "axis", peek().kind == .name {
        advance()
        let path = path()
        guard !path.isEmpty, take(word: "in") else {
          fail(.expectedToken, "expected `in` and a list, found \(shown)", help: "write `axis name in [a, b]`")
          // An axis that cannot be read is one nevertheless.
          if !path.isEmpty { axes.append(AxisSyntax(path: path, values: invalid)) }
          skipLine()
          continue
        }
        axes.append(AxisSyntax(path: path, values: expression()))
      } else if word == "skip", peek().kind == .name, text(peek()) == "when" {
        advance()
        advance()
        skips.append(expression())
      } else if let amendment = amendment(in: "the sweep") {
        amendments.append(amendment)
      } else {
        skipLine()
        continue
      }
      endLine(of: "line")
    }
    _ = take(.rightBrace)
    return (name, .sweep(base: base, axes: axes, amendments, skips: skips))
  }

  private mutating func task() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = name("the name of the task") else { return nil }
    var needs: [Name] = []
    if take(word: "needs") {
      repeat {
        guard let need = self.name("the name of a recipe, sweep or task") else { return nil }
        needs.append(need)
      } while take(.comma)
    }
    guard let body = block(of: "task") else { return nil }
    return (name, .task(needs: needs, body))
  }

  private mutating func test() -> (Name, Declaration.Kind)? {
    advance()
    guard let name = plainString("the name of the test") else { return nil }
    guard let body = block(of: "test") else { return nil }
    return (name, .test(body))
  }

  private mutating func importation() -> (Name, Declaration.Kind)? {
    advance()
    guard current.kind == .string else {
      if let word {
        fail(
          .pythonImport, "`import \(word)` brings in nothing: recipes need no libraries", at: currentSpan,
          help: "remove the line; `import \"other.recipe\" as name` brings in another recipe file")
      } else {
        fail(.expectedToken, "expected a file in quotation marks, found \(shown)")
      }
      return nil
    }
    guard let path = plainString("the file") else { return nil }
    guard take(word: "as") else {
      fail(.expectedToken, "expected `as` and a name, found \(shown)", help: "write `import \"\(path.text)\" as name`")
      return nil
    }
    guard let name = name("a name") else { return nil }
    return (name, .imported(path: path))
  }
}
