import VisibleText

/// Turns tokens into a tree by recursive descent. It never fails: what it cannot read is reported, skipped to the
/// next line, comma or closing bracket, and stands in the tree as `invalid`.
struct Parser {
  let source: SourceFile
  let list: TokenList
  let sink: DiagnosticSink
  let limits: Limits
  var index = 0
  /// Nesting of expressions, blocks and interpolations.
  var depth = 0
  /// What is known about each token; empty unless it was asked for.
  private(set) var marks: [TokenMarks] = []
  /// Set when nesting went too deep: the rest of the file is not read, and no more is reported.
  private(set) var isAborted = false
  /// The token at which the last error was reported; a second one there would only repeat it.
  private var lastError = -1

  /// Parses a whole file.
  static func parse(_ source: SourceFile, limits: Limits, into sink: DiagnosticSink) -> SyntaxTree {
    guard var parser = Parser(reading: source, limits: limits, into: sink) else {
      return SyntaxTree(source: source, declarations: [], comments: [])
    }
    let declarations = parser.declarations()
    // Half a file would be full of names that the other half declares.
    return SyntaxTree(
      source: source, declarations: parser.isAborted ? [] : declarations, comments: parser.list.comments)
  }

  /// Parses a whole file for the formatter, which needs the tokens and their marks as well. Nil if it is too large.
  static func parseMarking(_ source: SourceFile, limits: Limits, into sink: DiagnosticSink)
    -> (tree: SyntaxTree, tokens: [Token], marks: [TokenMarks])?
  {
    guard var parser = Parser(reading: source, limits: limits, into: sink) else { return nil }
    parser.marks = Array(repeating: [], count: parser.list.tokens.count)
    let declarations = parser.declarations()
    let tree = SyntaxTree(source: source, declarations: declarations, comments: parser.list.comments)
    return (tree, parser.list.tokens, parser.marks)
  }

  init?(reading source: SourceFile, limits: Limits, into sink: DiagnosticSink) {
    guard source.bytes.count <= limits.sourceBytes else {
      sink.report(
        .sourceTooLarge, "\(source.name) has \(source.bytes.count) bytes; the limit is \(limits.sourceBytes)",
        at: SourceSpan(file: source, lower: 0, upper: 0), help: limits.help(.sourceBytes))
      return nil
    }
    if let bad = source.firstInvalidByte {
      sink.report(
        .invalidUTF8, "byte \(bad + 1) of the file is not UTF-8",
        at: SourceSpan(file: source, lower: bad, upper: bad + 1), help: "save the file as UTF-8")
    }
    Parser.reportMisleadingCharacters(in: source, into: sink)
    self.init(source: source, list: Scanner.scan(source, into: sink), sink: sink, limits: limits)
  }

  /// What makes a line look other than it is has no place in a recipe, not in comments either. A carriage return may stand
  /// before a line feed, or end the file.
  private static func reportMisleadingCharacters(in source: SourceFile, into sink: DiagnosticSink) {
    var at = 0
    for scalar in String(decoding: source.bytes, as: UTF8.self).unicodeScalars {
      let lower = at
      at += UTF8.width(scalar)
      guard scalar.misleads, scalar != "\n", scalar != "\t" else { continue }
      if scalar == "\r", at >= source.bytes.count || source.bytes[at] == 0x0A { continue }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      sink.report(
        .misleadingCharacter, "\(name) makes a line look other than it is",
        at: SourceSpan(file: source, lower: lower, upper: at), help: "remove it; in a string write `\(scalar.escape)`")
    }
  }

  /// Parses one expression that fills the range, such as an interpolation or an override's value.
  static func parseExpression(
    _ source: SourceFile, range: Range<Int>? = nil, depth: Int = 0, limits: Limits, into sink: DiagnosticSink
  ) -> Expression {
    let list = Scanner.scan(source, range: range, into: sink)
    var parser = Parser(source: source, list: list, sink: sink, limits: limits)
    parser.depth = depth
    let expression = parser.expression()
    if parser.current.kind != .end { parser.fail(.expectedToken, "unexpected \(parser.shown) after the value") }
    return expression
  }

  init(source: SourceFile, list: TokenList, sink: DiagnosticSink, limits: Limits) {
    self.source = source
    self.list = list
    self.sink = sink
    self.limits = limits
  }

  // MARK: Tokens

  var current: Token { list.tokens[index] }
  func peek(_ ahead: Int = 1) -> Token { list.tokens[min(index + ahead, list.tokens.count - 1)] }
  func span(_ token: Token) -> SourceSpan { SourceSpan(file: source, lower: token.lower, upper: token.upper) }
  func text(_ token: Token) -> String { source.text(token.lower..<token.upper) }
  var currentSpan: SourceSpan { span(current) }
  /// The text of the current token if it is a name.
  var word: String? { current.kind == .name ? text(current) : nil }
  /// The end of the token before the current one.
  var previousSpan: SourceSpan {
    index > 0 ? span(list.tokens[index - 1]) : SourceSpan(file: source, lower: 0, upper: 0)
  }

  /// The current token as a message shows it.
  var shown: String {
    switch current.kind {
    case .end: return "the end of the file"
    case .string: return "a string"
    default:
      let text = text(current)
      return "`\(text.count > 24 ? text.prefix(24) + "…" : text)`"
    }
  }

  mutating func advance() { if current.kind != .end { index += 1 } }

  /// Steps over a token of this kind, if it is there.
  mutating func take(_ kind: TokenKind, marking mark: TokenMarks = []) -> Bool {
    guard current.kind == kind else { return false }
    self.mark(mark)
    advance()
    return true
  }

  /// Steps over this word, if it is there.
  mutating func take(word: String, marking mark: TokenMarks = []) -> Bool {
    guard self.word == word else { return false }
    self.mark(mark)
    advance()
    return true
  }

  /// Notes something about the current token.
  mutating func mark(_ mark: TokenMarks) { if !marks.isEmpty { marks[index].insert(mark) } }

  // MARK: Errors

  /// Reports at the current token, unless the last error was reported there already.
  mutating func fail(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan? = nil, label: String = "",
    secondary: [Diagnostic.Label] = [], help: String? = nil, fix: Diagnostic.Fix? = nil
  ) {
    guard !isAborted, lastError != index else { return }
    lastError = index
    if current.kind == .invalid { return }
    sink.report(
      code, message, at: span ?? currentSpan, label: label, secondary: secondary, help: help, fix: fix)
  }

  /// Runs `body` one level deeper; at the limit reports, gives up on the file and returns nil.
  mutating func nested<T>(_ body: (inout Parser) -> T) -> T? {
    guard checkDepth(depth + 1) else { return nil }
    depth += 1
    defer { depth -= 1 }
    return body(&self)
  }

  /// Whether a tree of this depth is allowed.
  mutating func checkDepth(_ wanted: Int) -> Bool {
    if wanted <= limits.nesting { return true }
    if !isAborted {
      sink.report(
        .tooDeep, "nested more than \(limits.nesting) levels deep; nothing after this is checked", at: currentSpan,
        help: "name parts with `let`, or " + limits.help(.nesting))
    }
    isAborted = true
    index = list.tokens.count - 1
    return false
  }

  // MARK: Recovery

  /// Whether the token begins a declaration at the left margin: nothing unclosed reaches past it.
  func startsDeclaration(_ token: Token) -> Bool {
    guard token.kind == .name, token.startsLine else { return false }
    guard token.lower == 0 || source.bytes[token.lower - 1] == 0x0A else { return false }
    return Keyword.declarations.contains(text(token))
  }

  /// Whether `path =` begins at the current token.
  var startsAmendment: Bool {
    var ahead = 0
    while peek(ahead).kind == .name {
      switch peek(ahead + 1).kind {
      case .assign: return true
      case .dot: ahead += 2
      default: return false
      }
    }
    return false
  }

  /// Skips to the next line that is not inside brackets opened on the way, or to the `}` that closes the block.
  mutating func skipLine() {
    var open = 0
    while current.kind != .end {
      if startsDeclaration(current) { return }
      switch current.kind {
      case .leftParen, .leftBracket, .leftBrace: open += 1
      case .rightBrace where open == 0: return
      case .rightParen, .rightBracket, .rightBrace: open = max(0, open - 1)
      default: break
      }
      advance()
      if open == 0 && current.startsLine { return }
    }
  }

  /// Checks that a statement or field ends here, at the end of its line.
  mutating func endLine(of what: String) {
    if current.startsLine || current.kind == .rightBrace || current.kind == .end { return }
    switch current.kind {
    case .semicolon:
      fail(
        .semicolon, "lines do not end with `;`", help: "remove it",
        fix: Diagnostic.Fix(currentSpan, replacement: ""))
      advance()
    case .comma:
      fail(
        .expectedNewLine, "\(what)s are separated by new lines, not by `,`", help: "remove it",
        fix: Diagnostic.Fix(currentSpan, replacement: ""))
      advance()
    case .rightParen, .rightBracket:
      fail(.strayBracket, "\(shown) closes nothing", help: "remove it, or add the bracket it should close")
      skipLine()
    default:
      fail(
        .expectedNewLine, "expected a new line after this \(what), found \(shown)", label: "starts on the same line",
        help: current.kind == .assign ? "values do not change; `let` makes a new name" : nil)
      skipLine()
    }
  }

  /// Reads the closing bracket of `open`, or reports that it is missing.
  mutating func close(_ kind: TokenKind, of open: Token) {
    if take(kind) { return }
    unclosed(open)
  }

  mutating func unclosed(_ open: Token) {
    let bracket = text(open)
    fail(
      .unclosedBracket, "`\(bracket)` is not closed", at: span(open), label: "opened here",
      secondary: [Diagnostic.Label(currentSpan, "not closed before this")],
      help: "add `\(bracket == "(" ? ")" : bracket == "[" ? "]" : "}")`")
  }

  /// Reads a name; keywords are refused unless `anyWord`.
  mutating func name(_ what: String, anyWord: Bool = false) -> Name? {
    guard let word, !startsDeclaration(current) || startsAmendment else {
      fail(.expectedName, "expected \(what), found \(shown)")
      return nil
    }
    if !anyWord, Keyword.reserved.contains(word) {
      fail(.reservedWord, "`\(word)` is a word of the language and cannot be \(what)", help: "choose another name")
    }
    defer { advance() }
    return Name(text: word, span: currentSpan)
  }

  /// Reads a string without interpolation.
  mutating func plainString(_ what: String) -> Name? {
    guard current.kind == .string else {
      fail(.expectedToken, "expected \(what) in quotation marks, found \(shown)")
      return nil
    }
    let place = currentSpan
    var result = ""
    for part in list.strings[index] ?? [] {
      switch part {
      case .text(let text): result += text
      case .interpolation: fail(.expectedToken, "\(what) must be plain text, without `\\( )`")
      }
    }
    advance()
    return Name(text: result, span: place)
  }
}
