/// Something that could be written at a place.
public struct Completion: Sendable {
  /// What a list shows.
  public let label: String
  /// The text that replaces `Completions.replaced`.
  public let text: String
  /// What it is; nil for keywords and units.
  public let kind: Symbol.Kind?
  /// Its type or signature.
  public let detail: String
  /// What its author wrote about it.
  public let doc: String
  /// What fits best comes first: items of a lower rank stand before others.
  public let rank: Int
}

/// What could be written at a place of a text.
public struct Completions: Sendable {
  /// The items, best first.
  public let items: [Completion]
  /// The name or number that is already there, in bytes of the source.
  public let replaced: Range<Int>

  /// What could be written at `offset` of `source`; the other arguments are those of `Analysis`.
  ///
  /// The text is checked once more with a name that nobody has standing there, and the checker says what else could
  /// stand in its place: so completion knows exactly what the checker knows.
  public static func at(
    _ offset: Int, in source: SourceFile, path: String?, catalogue: Catalogue, limits: Limits = Limits(),
    buffers: @escaping (String) -> SourceFile? = { _ in nil }
  ) -> Completions {
    guard let place = CompletionPlace(offset, in: source) else {
      return Completions(items: [], replaced: offset..<offset)
    }
    for ending in place.isNumber ? [""] : ["", " = 0", " in [0]", " {\n}"] {
      let (text, target) = place.filled(ending)
      let analysis = Analysis(text, path, catalogue, limits, buffers, target: target)
      let choices = analysis.recorder.choices
      guard !choices.isEmpty else { continue }
      var list = CompletionList(analysis: analysis, place: place)
      for choice in choices { list.add(choice) }
      return Completions(items: list.sorted, replaced: place.replaced)
    }
    return Completions(items: place.isNumber ? [] : place.keywords, replaced: place.replaced)
  }
}

/// The place in a text where something is to be written.
struct CompletionPlace {
  let source: SourceFile
  /// What is there already.
  let replaced: Range<Int>
  /// Whether that is a number.
  let isNumber: Bool
  /// Whether it stands alone on its line so far.
  let startsLine: Bool
  /// Whether its line begins at the left margin.
  let isAtMargin: Bool
  /// The word that begins the declaration around it.
  let declaration: String?
  /// The first token after it on the same line.
  let next: TokenKind?
  /// The token before it.
  let previous: TokenKind?
  /// The first word of its line.
  let lineStart: String?

  /// A name no recipe has, and which is near to none.
  private static let stranger = "qzxjqzxjqzxjq"

  /// Nil inside comments and strings, where nothing is to be offered.
  init?(_ offset: Int, in source: SourceFile) {
    guard offset >= 0, offset <= source.bytes.count else { return nil }
    var list = Scanner.scan(source, into: DiagnosticSink(limit: 0))
    func touches(_ range: Range<Int>) -> Bool { range.lowerBound < offset && offset <= range.upperBound }
    if list.comments.contains(where: { touches($0) && !source.endsBlockComment($0, before: offset) }) { return nil }
    while let index = list.tokens.firstIndex(where: {
      $0.kind == .string && $0.lower < offset && (offset < $0.upper || !source.isClosedString($0))
    }) {
      let inside = (list.strings[index] ?? []).lazy.compactMap { part -> Range<Int>? in
        guard case .interpolation(let range) = part, range.lowerBound <= offset, offset <= range.upperBound else {
          return nil
        }
        return range
      }.first
      guard let inside else { return nil }
      list = Scanner.scan(source, range: inside, into: DiagnosticSink(limit: 0))
    }
    let tokens = list.tokens.dropLast()
    let token = tokens.last { $0.lower < offset && offset <= $0.upper && ($0.kind == .name || $0.kind == .number) }
    self.source = source
    replaced = token.map { $0.lower..<$0.upper } ?? offset..<offset
    isNumber = token?.kind == .number
    let lower = replaced.lowerBound
    let upper = replaced.upperBound
    let before = tokens.last { $0.upper <= lower }
    let after = tokens.first { $0.lower >= upper }
    previous = before?.kind
    lineStart = tokens.last { $0.startsLine && $0.upper <= lower }.map { source.text($0.lower..<$0.upper) }
    next = after.flatMap { $0.startsLine ? nil : $0.kind }
    startsLine = source.bytes[..<lower].reversed().prefix { $0 != 0x0A }.allSatisfy { $0 == 0x20 || $0 == 0x09 }
    isAtMargin = lower == 0 || source.bytes[lower - 1] == 0x0A
    declaration = tokens.last { token in
      token.upper <= lower && token.startsLine && token.kind == .name
        && (token.lower == 0 || source.bytes[token.lower - 1] == 0x0A)
    }.map { source.text($0.lower..<$0.upper) }
  }

  /// The text with the stranger at this place, and where the stranger stands. A number stays what it is.
  func filled(_ ending: String) -> (SourceFile, SourceSpan) {
    let word = isNumber ? source.text(replaced) : CompletionPlace.stranger
    var bytes = source.bytes
    bytes.replaceSubrange(replaced, with: Array((word + ending).utf8))
    let file = SourceFile(name: source.name, bytes: bytes, kind: source.kind)
    let lower = replaced.lowerBound
    return (file, SourceSpan(file: file, lower: lower, upper: lower + word.utf8.count))
  }

  /// Whether statements can begin here.
  var isStatement: Bool { startsLine && !isAtMargin && ["func", "test", "task"].contains(declaration ?? "") }

  /// What can be written where the checker is not asked: words a declaration begins with, and words behind a value.
  var keywords: [Completion] {
    if isAtMargin { return Keyword.declarations.sorted().map { .keyword($0) } }
    if startsLine { return declaration == "sweep" ? [.keyword("axis"), .keyword("skip when")] : [] }
    switch previous {
    case .name, .number, .string, .rightParen, .rightBracket, .rightBrace:
      let words =
        switch lineStart {
        case "recipe", "sweep": ["from"]
        case "task": ["needs"]
        case "axis": ["in"]
        case "import": ["as"]
        case "expect": ["with", "within"]
        case "for": ["in", "with"]
        default: ["then", "with"] + (previous == .rightBrace ? ["else"] : [])
        }
      return words.map { .keyword($0) }
    default: return []
    }
  }
}

extension Completion {
  static func keyword(_ word: String) -> Completion {
    Completion(label: word, text: word, kind: nil, detail: "", doc: "", rank: 9)
  }
}

extension SourceFile {
  /// Whether a comment is closed with `*/` before an offset, which is then behind it.
  fileprivate func endsBlockComment(_ comment: Range<Int>, before offset: Int) -> Bool {
    offset == comment.upperBound && comment.count >= 4 && text(comment).hasPrefix("/*") && text(comment).hasSuffix("*/")
  }

  /// Whether a string token ends with a quotation mark.
  fileprivate func isClosedString(_ token: Token) -> Bool {
    token.upper - token.lower >= 2 && bytes[token.upper - 1] == bytes[token.lower]
  }
}
