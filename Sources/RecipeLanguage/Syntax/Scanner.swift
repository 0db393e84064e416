import VisibleText

/// Cuts a source into tokens. It never fails: what it does not know is reported and skipped.
struct Scanner {
  let source: SourceFile
  private let end: Int
  private var at: Int
  private var startsLine = true
  private var pendingDoc: [String] = []
  private(set) var list = TokenList()
  var sink: DiagnosticSink

  /// Scans all of `source`, or the part of it between the brackets of an interpolation.
  static func scan(_ source: SourceFile, range: Range<Int>? = nil, into sink: DiagnosticSink) -> TokenList {
    var scanner = Scanner(source: source, range: range ?? 0..<source.bytes.count, sink: sink)
    scanner.run()
    return scanner.list
  }

  private init(source: SourceFile, range: Range<Int>, sink: DiagnosticSink) {
    self.source = source
    at = range.lowerBound
    end = range.upperBound
    startsLine = range.lowerBound == 0
    self.sink = sink
    if range.lowerBound == 0, source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
  }

  private func byte(_ ahead: Int = 0) -> UInt8 { at + ahead < end ? source.bytes[at + ahead] : 0 }
  private func span(_ lower: Int, _ upper: Int) -> SourceSpan { SourceSpan(file: source, lower: lower, upper: upper) }

  private mutating func run() {
    while at < end {
      let current = byte()
      switch current {
      case 0x0A:
        at += 1
        startsLine = true
      case 0x20, 0x09, 0x0D: at += 1
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"): lineComment()
      case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): blockComment()
      case UInt8(ascii: "#"): hashComment()
      case UInt8(ascii: "\""): string(quote: current)
      case UInt8(ascii: "'"): string(quote: current)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number()
      case _ where Scanner.isNameStart(current): name()
      default: symbol()
      }
    }
    add(.end, from: end)
  }

  private mutating func add(_ kind: TokenKind, from lower: Int) {
    if !pendingDoc.isEmpty {
      list.docs[list.tokens.count] = pendingDoc.joined(separator: "\n")
      pendingDoc = []
    }
    list.tokens.append(Token(kind: kind, startsLine: startsLine, lower: lower, upper: kind == .end ? lower : at))
    startsLine = false
  }

  static func isNameStart(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_") || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
  }
  static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
  static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

  private mutating func name() {
    let start = at
    while Scanner.isNamePart(byte()) { at += 1 }
    add(.name, from: start)
  }

  /// A number with its unit, which follows without a space: `1_000`, `0.5`, `5e-4`, `500ep`, `10%`.
  private mutating func number() {
    let start = at
    while Scanner.isDigit(byte()) || byte() == UInt8(ascii: "_") { at += 1 }
    if byte() == UInt8(ascii: "."), Scanner.isDigit(byte(1)) {
      at += 1
      while Scanner.isDigit(byte()) || byte() == UInt8(ascii: "_") { at += 1 }
    }
    if byte() | 0x20 == UInt8(ascii: "e") {
      let signed = byte(1) == UInt8(ascii: "-") || byte(1) == UInt8(ascii: "+")
      if Scanner.isDigit(byte(signed ? 2 : 1)) {
        at += signed ? 2 : 1
        while Scanner.isDigit(byte()) { at += 1 }
      }
    }
    if byte() == UInt8(ascii: "%") {
      at += 1
    } else {
      while Scanner.isNamePart(byte()) { at += 1 }
    }
    add(.number, from: start)
  }

  private mutating func lineComment() {
    let start = at
    while at < end, byte() != 0x0A { at += 1 }
    habitDivision(start)
    list.comments.append(start..<at)
    let text = source.text(start..<at)
    if text.hasPrefix("///") {
      var line = text.dropFirst(3)
      if line.first == " " { line = line.dropFirst() }
      while let last = line.last, last.isWhitespace { line = line.dropLast() }
      pendingDoc.append(String(line))
    }
  }

  /// `7 // 2`: a comment that is nothing but a number, after a value, was meant to divide.
  private func habitDivision(_ start: Int) {
    guard !startsLine, let last = list.tokens.last, last.kind == .number || last.kind == .name || last.kind == .rightParen
    else { return }
    let text = source.text((start + 2)..<min(at, start + 40)).drop { $0 == " " }
    guard let first = text.first, first.isNumber, text.allSatisfy({ $0.isNumber || " ._)\r".contains($0) }) else { return }
    sink.report(
      Diagnostic(
        .habitOperator, severity: .warning, "`//` begins a comment; it does not divide", at: span(start, at),
        help: "for whole numbers rounded towards zero write `div(a, b)`; `a / b` is a Float"))
  }

  private mutating func hashComment() {
    let start = at
    while at < end, byte() != 0x0A { at += 1 }
    let first = span(start, start + 1)
    sink.report(
      .hashComment, "`#` does not start a comment", at: first, help: "write `//`",
      fix: Diagnostic.Fix(first, replacement: "//"))
  }

  private mutating func blockComment() {
    let start = at
    var depth = 0
    repeat {
      if byte() == UInt8(ascii: "/"), byte(1) == UInt8(ascii: "*") {
        depth += 1
        at += 2
      } else if byte() == UInt8(ascii: "*"), byte(1) == UInt8(ascii: "/") {
        depth -= 1
        at += 2
      } else {
        if byte() == 0x0A { startsLine = true }
        at += 1
      }
    } while depth > 0 && at < end
    at = min(at, end)
    list.comments.append(start..<at)
    if depth > 0 {
      sink.report(.unterminatedComment, "this comment is not closed", at: span(start, start + 2), help: "add `*/`")
    }
  }

  private mutating func symbol() {
    let start = at
    let pair: TokenKind? =
      switch (byte(), byte(1)) {
      case (UInt8(ascii: "-"), UInt8(ascii: ">")): .arrow
      case (UInt8(ascii: "="), UInt8(ascii: "=")): .equal
      case (UInt8(ascii: "!"), UInt8(ascii: "=")): .notEqual
      case (UInt8(ascii: "<"), UInt8(ascii: "=")): .lessEqual
      case (UInt8(ascii: ">"), UInt8(ascii: "=")): .greaterEqual
      case (UInt8(ascii: "~"), UInt8(ascii: "=")): .nearlyEqual
      case (UInt8(ascii: "&"), UInt8(ascii: "&")): .andAnd
      case (UInt8(ascii: "|"), UInt8(ascii: "|")): .orOr
      case (UInt8(ascii: "*"), UInt8(ascii: "*")): .starStar
      case (UInt8(ascii: "."), UInt8(ascii: ".")): .ellipsis
      default: nil
      }
    if let pair {
      at += 2
      if pair == .ellipsis, byte() == UInt8(ascii: ".") || byte() == UInt8(ascii: "<") { at += 1 }
      add(pair, from: start)
      return
    }
    guard let kind = Scanner.single[byte()] else { return unknown() }
    at += 1
    add(kind, from: start)
  }

  private static let single: [UInt8: TokenKind] = [
    UInt8(ascii: "("): .leftParen, UInt8(ascii: ")"): .rightParen, UInt8(ascii: "["): .leftBracket,
    UInt8(ascii: "]"): .rightBracket, UInt8(ascii: "{"): .leftBrace, UInt8(ascii: "}"): .rightBrace,
    UInt8(ascii: ","): .comma, UInt8(ascii: ":"): .colon, UInt8(ascii: ";"): .semicolon, UInt8(ascii: "."): .dot,
    UInt8(ascii: "="): .assign, UInt8(ascii: "?"): .question, UInt8(ascii: "+"): .plus, UInt8(ascii: "-"): .minus,
    UInt8(ascii: "*"): .star, UInt8(ascii: "/"): .slash, UInt8(ascii: "%"): .percent, UInt8(ascii: "<"): .less,
    UInt8(ascii: ">"): .greater, UInt8(ascii: "!"): .not,
  ]

  /// Typographic quotation marks and the ones that close them.
  private static let quotes: [String: Character] = ["“": "”", "‘": "’", "«": "»", "„": "“"]

  /// Reports one run of characters that belong to no token.
  private mutating func unknown() {
    let start = at
    at += 1
    while at < end, byte() >= 0x80 { at += 1 }
    if let close = Scanner.quotes[source.text(start..<at)] {
      let rest = source.text(at..<min(end, at + 200)).prefix { $0 != "\n" }
      if let found = rest.firstIndex(of: close) { at += rest[...found].utf8.count }
    }
    let text = source.text(start..<at)
    let help: String? =
      switch text.first {
      case "“", "”", "‘", "’": "write a straight quotation mark: `\"`"
      case "→": "write `->`"
      case "×": "write `*`"
      case "&": "write `&&`"
      case "|": "write `||`"
      case "^": "write `pow(a, b)`"
      case "@": "there are no decorators or attributes; remove it"
      case "`": "names are written as they are"
      case "\\": #"lines need no `\` at their end; an expression goes on while a bracket is open or an operator follows"#
      case "−", "–": "write `-`"
      default: nil
      }
    // What misleads has been reported where the file was read.
    if !text.unicodeScalars.contains(where: \.misleads) {
      sink.report(.unexpectedCharacter, "`\(text.prefix(12))` has no meaning here", at: span(start, at), help: help)
    }
    add(.invalid, from: start)
  }
}

extension Scanner {
  /// A string literal, `\( … )` included. It ends with its line if it is not closed.
  private mutating func string(quote: UInt8) {
    let start = at
    if tripleQuoted(quote) { return }
    at += 1
    var parts: [RawStringPart] = []
    var text: [UInt8] = []
    var closed = false
    if quote == UInt8(ascii: "'") {
      sink.report(
        .singleQuotes, "strings are written with double quotation marks", at: span(start, start + 1), help: "write `\"`"
      )
    }
    func flush() {
      if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
      text = []
    }
    scan: while at < end {
      switch byte() {
      case quote:
        at += 1
        closed = true
        break scan
      case 0x0A: break scan
      case UInt8(ascii: "\\"):
        if byte(1) == UInt8(ascii: "(") {
          flush()
          if let inside = interpolation() { parts.append(.interpolation(inside)) } else { closed = true }
        } else {
          escape(into: &text)
        }
      default:
        text.append(byte())
        at += 1
      }
    }
    flush()
    if !closed {
      sink.report(
        .unterminatedString, "this string is not closed on its line", at: span(start, start + 1),
        help: "add `\"`, or write `\\n` for a line break")
    }
    list.strings[list.tokens.count] = parts
    add(.string, from: start)
  }

  /// `"""…"""`, which no string here begins with.
  private mutating func tripleQuoted(_ quote: UInt8) -> Bool {
    guard byte(1) == quote, byte(2) == quote else { return false }
    let start = at
    at += 3
    while at < end, !(byte() == quote && byte(1) == quote && byte(2) == quote) { at += 1 }
    at = min(at + 3, end)
    sink.report(
      .singleQuotes, "there are no triple quotation marks", at: span(start, start + 3),
      help: #"a string has one line: write `"`, and `\n` for a line break"#)
    list.strings[list.tokens.count] = []
    add(.string, from: start)
    return true
  }

  private mutating func escape(into text: inout [UInt8]) {
    let start = at
    at += 2
    switch start + 1 < end ? source.bytes[start + 1] : 0 {
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "\""): text.append(UInt8(ascii: "\""))
    case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
    case UInt8(ascii: "u") where byte() == UInt8(ascii: "{"):
      let open = at
      while at < end, byte() != UInt8(ascii: "}"), byte() != 0x0A, byte() != UInt8(ascii: "\"") { at += 1 }
      let digits = source.text((open + 1)..<max(open + 1, at))
      if byte() == UInt8(ascii: "}") { at += 1 }
      if let value = UInt32(digits, radix: 16), let scalar = Unicode.Scalar(value) {
        text.append(contentsOf: Array(String(scalar).utf8))
      } else {
        sink.report(.badEscape, "`\(digits.prefix(12))` is not a Unicode code point", at: span(start, at))
      }
    default:
      at = min(start + 1, end)
      sink.report(
        .badEscape, "`\\` starts no escape here", at: span(start, at),
        help: #"the escapes are \n \t \r \" \\ \u{…} and \( ) for a value; write `\\` for a backslash"#)
    }
  }

  /// Finds the end of `\( … )`: brackets are counted, strings inside are stepped over.
  /// Nil, after a report, when the line ends first.
  private mutating func interpolation() -> Range<Int>? {
    let start = at
    at += 2
    let inside = at
    var depth = 1
    var quoted = false
    while at < end, byte() != 0x0A {
      let current = byte()
      if quoted {
        if current == UInt8(ascii: "\\") { at += 1 } else if current == UInt8(ascii: "\"") { quoted = false }
      } else if current == UInt8(ascii: "\"") {
        quoted = true
      } else if current == UInt8(ascii: "(") {
        depth += 1
      } else if current == UInt8(ascii: ")") {
        depth -= 1
        if depth == 0 {
          at += 1
          return inside..<(at - 1)
        }
      }
      at += 1
    }
    at = min(at, end)
    sink.report(.unclosedBracket, "`\\(` is not closed", at: span(start, start + 2), help: "add `)`")
    return nil
  }
}
