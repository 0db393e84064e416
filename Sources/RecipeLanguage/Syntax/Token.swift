/// The kinds of tokens. Keywords are names; the parser tells them apart by their text and place.
enum TokenKind: UInt8, Sendable {
  case name, number, string
  case leftParen, rightParen, leftBracket, rightBracket, leftBrace, rightBrace
  case comma, colon, semicolon, dot, assign, arrow, question
  case plus, minus, star, starStar, slash, percent
  case equal, notEqual, less, lessEqual, greater, greaterEqual, nearlyEqual
  case andAnd, orOr, not, ellipsis
  /// Text that is no token; it has been reported.
  case invalid
  case end
}

/// A token: a kind and a place. Its text is in the source.
struct Token: Sendable {
  let kind: TokenKind
  /// Whether it is the first token of its line.
  let startsLine: Bool
  let lower: Int
  let upper: Int
}

/// A piece of a string literal.
enum RawStringPart: Sendable {
  /// Text with its escapes resolved.
  case text(String)
  /// The offsets between the brackets of `\( … )`.
  case interpolation(Range<Int>)
}

/// What the scanner makes of a source.
struct TokenList: Sendable {
  /// The tokens; the last one is `.end`.
  var tokens: [Token] = []
  /// The parts of every string token, by index of the token.
  var strings: [Int: [RawStringPart]] = [:]
  /// The text of the `///` comment before a token, by index of the token.
  var docs: [Int: String] = [:]
  /// Every comment, in order, for the formatter.
  var comments: [Range<Int>] = []
}

/// Words that cannot be names of values.
package enum Keyword {
  /// Words with a meaning of their own wherever an expression may stand.
  package static let reserved: Set<String> = [
    "let", "func", "enum", "record", "recipe", "sweep", "task", "test", "import", "if", "else", "for", "in", "return",
    "true", "false", "none", "then", "with", "expect",
  ]
  /// Words a declaration starts with.
  package static let declarations: Set<String> = [
    "let", "func", "enum", "record", "recipe", "sweep", "task", "test", "import", "edition",
  ]
  /// Words with a meaning in one place each, which may be names elsewhere.
  package static let contextual: Set<String> = [
    "edition", "from", "as", "axis", "skip", "when", "needs", "within", "fails",
  ]
  /// Names of the types of the language itself.
  package static let types = Set(LanguageWords.types.map(\.name).filter { $0.utf8.allSatisfy(Scanner.isNamePart) })
}
