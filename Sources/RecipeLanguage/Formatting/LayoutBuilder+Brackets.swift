extension LayoutBuilder {
  /// `( … )` or `[ … ]`: on one line, or with a line for each element. Returns what comes after it.
  mutating func brackets(_ open: Int) -> Int {
    let close = match[open]
    if holdsOneList(open, close) {
      token(open)
      isFresh = true
      _ = brackets(open + 1)
      comma(close - 1, before: close)
      token(close)
      return close + 1
    }
    innerComments(before: open)
    if close == open + 1, !hasComments(before: close) {
      token(open)
      token(close)
      return close + 1
    }
    operations.append(.open(.init(kind: .together, isForced: tokens[open + 1].startsLine && close > open + 1)))
    token(open)
    isFresh = true
    trailingComments(before: open + 1)
    operations.append(.line(.init(flat: isAfterComment ? .space : .nothing)))
    let fills = isSimple(open, close)
    if fills { operations.append(.open(.init(kind: .fill, indent: 0))) }
    var start = open + 1
    while start < close {
      ownComments(before: start)
      let end = elementEnd(start, before: close)
      item(start, end)
      start = end
      guard end < close else { break }
      start = end + 1
      comma(end, before: close)
      trailingComments(before: start)
      if start < close { operations.append(.line(.init(flat: .space, blank: hasBlank(before: nextStart(start))))) }
    }
    trailingComments(before: close)
    let endsLine = endsWithLineComment || hasComments(before: close)
    ownComments(before: close, startsLine: false)
    if fills { operations.append(.close) }
    if endsLine { operations.append(.line(.init(flat: .nothing, isClosing: true))) }
    token(close)
    operations.append(.close)
    return close + 1
  }

  /// The comma, if any, that ends this element, or the closing bracket.
  private func elementEnd(_ start: Int, before close: Int) -> Int {
    var index = start
    while index < close, tokens[index].kind != .comma { index = isOpening(index) ? match[index] + 1 : index + 1 }
    return index
  }

  /// Whether the only argument of a call is a list: then the two brackets are laid out as one.
  private func holdsOneList(_ open: Int, _ close: Int) -> Bool {
    guard tokens[open].kind == .leftParen, tokens[open + 1].kind == .leftBracket, !tokens[open + 1].startsLine else {
      return false
    }
    var end = match[open + 1] + 1
    if tokens[end].kind == .comma { end += 1 }
    guard end == close, tokens[open + 2].kind != .rightBracket else { return false }
    // Comments between the two are rare; they are laid out the long way.
    return nextComment >= comments.count || comments[nextComment].lowerBound > tokens[open + 1].lower
      && !hasComments(between: tokens[match[open + 1]].upper, and: tokens[close].lower)
  }

  /// Whether a list has nothing but numbers, names, strings and members, and no comments: then its lines are filled.
  private func isSimple(_ open: Int, _ close: Int) -> Bool {
    guard tokens[open].kind == .leftBracket,
      !hasComments(between: tokens[open].upper, and: tokens[close].lower)
    else { return false }
    var isFirst = true
    for index in (open + 1)..<close {
      switch tokens[index].kind {
      case .comma: isFirst = true
      case .minus, .dot:
        guard isFirst, marks[index].contains(.prefix) else { return false }
      case .name, .number, .string:
        guard isFirst else { return false }
        isFirst = false
      default: return false
      }
    }
    return true
  }

  /// The comma that ends an element. Before a closing bracket it is left out.
  private mutating func comma(_ index: Int, before close: Int) {
    guard tokens[index].kind == .comma else { return }
    guard index + 1 < close else {
      lastEnd = max(lastEnd, tokens[index].upper)
      return
    }
    // `1 // one` and then `, 2` becomes `1, // one`; but a `///` must stay before the comma, whose comment it is.
    commentsBeforeComma(index)
    operations.append(.comma)
    lastEnd = max(lastEnd, tokens[index].upper)
    isFresh = false
  }

  // MARK: Braces

  /// `{ … }`, with `else { … }` after it: of statements, fields, members, or the values of an `if`.
  mutating func braces(_ start: Int, _ end: Int, hasMembers: Bool) -> Int {
    let isForced = chainOfElse(start, end).contains { mustSpread($0, hasMembers: hasMembers) }
    innerComments(before: start)
    operations.append(.open(.init(kind: .together, isForced: isForced, isBlock: true)))
    var open = start
    while true {
      block(open, hasMembers: hasMembers)
      let next = match[open] + 1
      guard next < end, isElse(next) else {
        operations.append(.close)
        return next
      }
      let brace = brace(after: next, end)
      token(next)
      if brace > next + 1 {
        // `else if` and a condition
        token(next + 1)
        parts(next + 2, brace, hasMembers: false)
      }
      guard brace < end else {
        operations.append(.close)
        return brace
      }
      open = brace
    }
  }

  private mutating func block(_ open: Int, hasMembers: Bool) {
    let close = match[open]
    token(open)
    if close == open + 1, !hasComments(before: close) {
      isFresh = true
      token(close)
      return
    }
    trailingComments(before: open + 1)
    operations.append(.line(.init(flat: .space)))
    var start = open + 1
    while start < close {
      ownComments(before: start)
      var next = itemEnd(start, before: close)
      let hasComma = hasMembers && tokens[next - 1].kind == .comma
      item(start, hasComma ? next - 1 : next)
      if next < close { separate(&next, hasMembers: hasMembers) }
      start = next
    }
    trailingComments(before: close)
    ownComments(before: close, startsLine: false)
    operations.append(.line(.init(flat: .space, isClosing: true)))
    isFresh = true
    token(close)
  }

  /// The end of a line in a block. Members on one line have commas between them, members on lines of their own none.
  private mutating func separate(_ next: inout Int, hasMembers: Bool) {
    guard hasMembers else {
      trailingComments(before: next)
      operations.append(.hardLine(blank: hasBlank(before: nextStart(next))))
      return
    }
    let hasComma = tokens[next - 1].kind == .comma
    // Without its comma, a member called `and` or `or` would be read as an operator; and a `///` before a comma
    // would belong to the next member.
    var isNeeded = hasComma && ["and", "or"].contains(text(next))
    if hasComma {
      isNeeded = isNeeded || hasComments(before: next - 1)
      if isNeeded { commentsBeforeComma(next - 1) }
      lastEnd = max(lastEnd, tokens[next - 1].upper)
    }
    if isNeeded { operations.append(.comma) }
    trailingComments(before: next)
    operations.append(
      .line(.init(flat: isNeeded ? .space : .commaAndSpace, blank: hasBlank(before: nextStart(next)))))
  }

  /// Whether the content of a brace has lines of its own: because it was written so, or has several parts.
  private func mustSpread(_ open: Int, hasMembers: Bool) -> Bool {
    let close = match[open]
    guard close > open + 1 else { return false }
    return tokens[open + 1].startsLine || !hasMembers && itemEnd(open + 1, before: close) < close
  }

  func isElse(_ index: Int) -> Bool {
    tokens[index].kind == .name && !marks[index].contains(.start) && text(index) == "else"
  }

  /// All braces of `if … { } else if … { } else { }`.
  private func chainOfElse(_ start: Int, _ end: Int) -> [Int] {
    var result = [start]
    while let last = result.last, match[last] + 1 < end, isElse(match[last] + 1) {
      let next = brace(after: match[last] + 1, end)
      guard next < end else { break }
      result.append(next)
    }
    return result
  }
}
