/// Turns the tokens and comments of a file without errors of syntax into layout operations, item by item.
///
/// The file order is the order of nesting: the file and its items here, then brackets, then comments.
struct LayoutBuilder {
  let source: SourceFile
  let tokens: [Token]
  let marks: [TokenMarks]
  let comments: [Range<Int>]
  /// For each opening bracket its closing one.
  let match: [Int]
  var operations: [LayoutOperation] = []
  /// The first comment that has not been written.
  var nextComment = 0
  /// The end of the last token or comment.
  var lastEnd = 0
  /// Whether no space is wanted before the next token: it is the first one after a bracket or on a line.
  var isFresh = true

  /// Nil when brackets do not match, which the parser has reported.
  init?(source: SourceFile, tokens: [Token], marks: [TokenMarks], comments: [Range<Int>]) {
    self.source = source
    self.tokens = tokens
    self.marks = marks
    self.comments = comments
    var match = Array(repeating: 0, count: tokens.count)
    var open: [Int] = []
    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .leftParen, .leftBracket, .leftBrace: open.append(index)
      case .rightParen, .rightBracket, .rightBrace:
        // In the list of kinds, a closing bracket follows its opening one.
        guard let start = open.popLast(), tokens[start].kind.rawValue + 1 == token.kind.rawValue else { return nil }
        match[start] = index
      default: break
      }
    }
    guard open.isEmpty else { return nil }
    self.match = match
  }

  /// The whole file. One item at a time is laid out, so that memory is needed for the largest one only.
  mutating func formatted() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(source.bytes.count + source.bytes.count / 8)
    let end = tokens.count - 1
    var start = 0
    while start <= end {
      operations.removeAll(keepingCapacity: true)
      // Comments at the end of the line before belong to the item before.
      if hasComments(before: start) || start < end { operations.append(.hardLine(blank: hasBlank(before: nextStart(start)))) }
      ownComments(before: start)
      let next = start == end ? end + 1 : itemEnd(start, before: end)
      if start < end {
        item(start, next)
        trailingComments(before: next)
      }
      var printer = LayoutPrinter(operations, source: source, after: bytes)
      bytes = []
      printer.print()
      bytes = printer.bytes
      start = next
    }
    return bytes
  }

  /// The next token at this level that starts an item, or `end`.
  func itemEnd(_ start: Int, before end: Int) -> Int {
    var index = start
    repeat {
      if isOpening(index) { index = match[index] }
      index += 1
    } while index < end && !marks[index].contains(.start)
    return min(index, end)
  }

  // MARK: Items

  /// A declaration, statement, field, element or argument: tokens that fill lines, the later ones indented.
  mutating func item(_ start: Int, _ end: Int) {
    isFresh = true
    let hasMembers = marks[start].contains(.start) && ["enum", "record"].contains(text(start))
    let breaks = thens(start, end)
    if breaks.isEmpty { return parts(start, end, hasMembers: hasMembers) }
    let isForced = breaks.contains { tokens[$0].startsLine }
    operations.append(.open(.init(kind: .together, isForced: isForced)))
    var start = start
    for next in breaks + [end] {
      parts(start, next, hasMembers: false)
      if next < end { line(.space, before: next) }
      start = next
    }
    operations.append(.close)
  }

  /// The words `then` at the level of this item.
  private func thens(_ start: Int, _ end: Int) -> [Int] {
    var result: [Int] = []
    var index = start
    while index < end {
      if marks[index].contains(.then) { result.append(index) }
      index = next(after: index, end)
    }
    return result
  }

  /// Operands, with places to break before the operators that bind least; then before those that bind more.
  mutating func parts(_ start: Int, _ end: Int, hasMembers: Bool) {
    operations.append(.open(.init(kind: .fill)))
    let breaks = weakestOperators(start, end)
    if breaks.isEmpty { run(start, end, hasMembers: hasMembers) }
    var start = start
    for next in breaks.isEmpty ? [] : breaks + [end] {
      if weakestOperators(start, next).isEmpty {
        run(start, next, hasMembers: false)
      } else {
        parts(start, next, hasMembers: false)
      }
      if next < end { line(.space, before: next) }
      start = next
    }
    operations.append(.close)
  }

  /// The operators after the first token, at the level of this item, that bind least.
  private func weakestOperators(_ start: Int, _ end: Int) -> [Int] {
    var result: [Int] = []
    var weakest = Int.max
    var index = start
    while index < end {
      if marks[index].contains(.infix), index > start {
        let level = precedence(index)
        if level < weakest { result = [] }
        weakest = min(level, weakest)
        if level == weakest { result.append(index) }
      }
      index = next(after: index, end)
    }
    return result
  }

  private func precedence(_ index: Int) -> Int {
    switch tokens[index].kind {
    case .orOr: 1
    case .andAnd: 2
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .nearlyEqual: 3
    case .plus, .minus: 4
    case .star, .slash, .percent: 5
    default: 0
    }
  }

  /// The next token at this level; brackets, and an `if` with its branches, are stepped over whole.
  func next(after index: Int, _ end: Int) -> Int {
    if isOpening(index) { return match[index] + 1 }
    guard marks[index].contains(.conditional) else { return index + 1 }
    var brace = self.brace(after: index, end)
    while brace < end, match[brace] + 1 < end, isElse(match[brace] + 1) {
      let next = self.brace(after: match[brace] + 1, end)
      if next >= end { break }
      brace = next
    }
    return brace < end ? match[brace] + 1 : index + 1
  }

  /// The brace after the condition of an `if`, or after `else`.
  func brace(after start: Int, _ end: Int) -> Int {
    var index = start + 1
    if index < end, marks[start].isDisjoint(with: .conditional), marks[index].contains(.conditional) { index += 1 }
    while index < end, tokens[index].kind != .leftBrace || text(index - 1) == "with" {
      index = next(after: index, end)
    }
    return index
  }

  /// Tokens and brackets without operators, with places to break before methods.
  mutating func run(_ start: Int, _ end: Int, hasMembers: Bool = false) {
    var index = start
    while index < end {
      if let chainEnd = chain(index, end) {
        operations.append(.open(.init(kind: .together, isForced: isBrokenChain(index, chainEnd))))
        while index < chainEnd {
          if isMethod(index), index > start { line(.nothing, before: index) }
          index = element(index)
        }
        operations.append(.close)
      } else if marks[index].contains(.conditional) {
        token(index)
        let brace = brace(after: index, end)
        parts(index + 1, brace, hasMembers: false)
        index = brace < end ? braces(brace, end, hasMembers: false) : brace
      } else if tokens[index].kind == .leftBrace {
        index = braces(index, end, hasMembers: hasMembers)
      } else {
        index = element(index)
      }
    }
  }

  /// A token, or a bracket with its content.
  private mutating func element(_ index: Int) -> Int {
    if tokens[index].kind == .leftParen || tokens[index].kind == .leftBracket { return brackets(index) }
    token(index)
    return index + 1
  }

  // MARK: Chains

  /// Whether `.name(` of a chain of methods stands here.
  private func isMethod(_ index: Int) -> Bool {
    tokens[index].kind == .dot && !marks[index].contains(.prefix) && marks[min(index + 2, marks.count - 1)].contains(.attached)
  }

  /// The end of a chain of methods that starts here, if it has two, or one on a line of its own.
  private func chain(_ start: Int, _ end: Int) -> Int? {
    switch tokens[start].kind {
    case .name, .string, .number, .leftParen, .leftBracket: break
    default: return nil
    }
    guard !marks[start].contains(.attached) else { return nil }
    if start > 0, tokens[start - 1].kind == .dot, !marks[start - 1].contains(.prefix) { return nil }
    var index = isOpening(start) ? match[start] + 1 : start + 1
    var methods = 0
    var isBroken = false
    while index < end {
      if tokens[index].kind == .dot, !marks[index].contains(.prefix) {
        if isMethod(index) {
          methods += 1
          isBroken = isBroken || tokens[index].startsLine
        }
        index += 2
      } else if marks[index].contains(.attached) {
        index = match[index] + 1
      } else {
        break
      }
    }
    return methods >= 2 || isBroken ? index : nil
  }

  private func isBrokenChain(_ start: Int, _ end: Int) -> Bool {
    var index = start
    while index < end {
      if isMethod(index), tokens[index].startsLine { return true }
      index = isOpening(index) ? match[index] + 1 : index + 1
    }
    return false
  }

  // MARK: Tokens

  func isOpening(_ index: Int) -> Bool { match[index] > 0 }

  func text(_ index: Int) -> String { source.text(tokens[index].lower..<tokens[index].upper) }

  /// The comments before a token, a space if it is wanted, and the token.
  mutating func token(_ index: Int) {
    innerComments(before: index)
    if !isFresh, wantsSpace(before: index) { operations.append(.space) }
    operations.append(.source(tokens[index].lower, tokens[index].upper))
    lastEnd = tokens[index].upper
    isFresh = false
  }

  /// A place where a line may end; comments on lines of their own come first.
  mutating func line(_ flat: LayoutOperation.Line.Text, before index: Int) {
    innerComments(before: index)
    operations.append(.line(.init(flat: flat)))
    isFresh = true
  }

  private func wantsSpace(before index: Int) -> Bool {
    if marks[index].contains(.attached) { return false }
    switch tokens[index].kind {
    case .comma, .colon, .question, .rightParen, .rightBracket: return false
    case .dot where !marks[index].contains(.prefix): return false
    default: break
    }
    switch tokens[index - 1].kind {
    case .leftParen, .leftBracket, .dot: return false
    default: return !marks[index - 1].contains(.prefix)
    }
  }
}
