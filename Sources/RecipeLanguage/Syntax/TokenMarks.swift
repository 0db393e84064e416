/// What the parser found out about single tokens, which their text alone does not show.
/// The formatter sets lines and spaces by it, so that it needs no grammar of its own.
struct TokenMarks: OptionSet, Sendable {
  let rawValue: UInt8

  /// The first token of a declaration, statement, field, axis or member: it stands on a line of its own.
  static let start = TokenMarks(rawValue: 1)
  /// A sign, `!` or the dot of `.member`: belongs to what follows.
  static let prefix = TokenMarks(rawValue: 2)
  /// The bracket of a call, an index or parameters: belongs to what stands before.
  static let attached = TokenMarks(rawValue: 4)
  /// An operator, `within`, or the `for` and `if` of a comprehension: a line may end before it.
  static let infix = TokenMarks(rawValue: 8)
  /// `then`: either every part of a schedule has a line, or none.
  static let then = TokenMarks(rawValue: 16)
  /// The `if` of a statement or value, with a condition and braces after it.
  static let conditional = TokenMarks(rawValue: 32)
}
