/// Comments are never moved past a token, only past a comma.
extension LayoutBuilder {
  private enum Kind { case line, documentation, inline, spread }

  private func kind(_ comment: Range<Int>) -> Kind {
    let bytes = source.bytes[comment]
    if bytes.starts(with: [0x2F, 0x2A]) { return bytes.contains(0x0A) ? .spread : .inline }
    return bytes.starts(with: [0x2F, 0x2F, 0x2F]) ? .documentation : .line
  }

  private func lines(_ lower: Int, _ upper: Int) -> Int {
    var count = 0
    for index in min(lower, upper)..<upper where source.bytes[index] == 0x0A { count += 1 }
    return count
  }

  /// Whether a comment stands before this token.
  func hasComments(before index: Int) -> Bool {
    nextComment < comments.count && comments[nextComment].lowerBound < tokens[index].lower
  }

  func hasComments(between lower: Int, and upper: Int) -> Bool {
    var low = nextComment
    var high = comments.count
    while low < high {
      let middle = (low + high) / 2
      if comments[middle].lowerBound < lower { low = middle + 1 } else { high = middle }
    }
    return low < comments.count && comments[low].lowerBound < upper
  }

  /// Where the next comment or, if none comes before it, this token starts.
  func nextStart(_ index: Int) -> Int {
    hasComments(before: index) ? comments[nextComment].lowerBound : tokens[index].lower
  }

  /// Whether a blank line lies between what was written last and this offset.
  func hasBlank(before offset: Int) -> Bool { lastEnd > 0 && lines(lastEnd, offset) >= 2 }

  /// Whether a comment was written last.
  var isAfterComment: Bool {
    switch operations.last {
    case .comment: true
    case .source(let lower, _): nextComment > 0 && comments[nextComment - 1].lowerBound == lower
    default: false
    }
  }

  /// Whether the line must end because of the comment that was written last.
  var endsWithLineComment: Bool { if case .comment = operations.last { true } else { false } }

  /// Comments that stand on the line of what was written last.
  mutating func trailingComments(before index: Int) {
    while hasComments(before: index), lastEnd > 0, lines(lastEnd, comments[nextComment].lowerBound) == 0 {
      write(ownLine: false)
    }
  }

  /// Comments on lines of their own, before a token that starts a line of its own; or before a closing bracket.
  /// Unless `startsLine`, something stands on the line already.
  mutating func ownComments(before index: Int, startsLine: Bool = true) {
    if startsLine { isFresh = true }
    while hasComments(before: index) {
      let comment = comments[nextComment]
      let ownLine = lastEnd == 0 || lines(lastEnd, comment.lowerBound) > 0
      let next =
        nextComment + 1 < comments.count
        ? min(comments[nextComment + 1].lowerBound, tokens[index].lower) : tokens[index].lower
      let after = lines(comment.upperBound, next)
      if kind(comment) == .inline, !ownLine || after == 0 {
        write(ownLine: false)
        continue
      }
      let blank = hasBlank(before: comment.lowerBound)
      write(ownLine: ownLine, blank: blank)
      let isClosing = !hasComments(before: index) && isEnd(index)
      if !isClosing {
        operations.append(.hardLine(blank: after >= 2))
        isFresh = true
      }
    }
  }

  private func isEnd(_ index: Int) -> Bool {
    switch tokens[index].kind {
    case .rightParen, .rightBracket, .rightBrace, .end: true
    default: false
    }
  }

  /// Comments within an item, before any of its tokens.
  mutating func innerComments(before index: Int) {
    while hasComments(before: index) {
      write(ownLine: lastEnd == 0 || lines(lastEnd, comments[nextComment].lowerBound) > 0)
    }
  }

  /// Comments that cannot go past the comma after them: `/* */`, and all up to a `///`.
  mutating func commentsBeforeComma(_ index: Int) {
    var last = nextComment
    var at = nextComment
    while at < comments.count, comments[at].lowerBound < tokens[index].lower {
      if kind(comments[at]) == .documentation || kind(comments[at]) == .inline && last == at { last = at + 1 }
      at += 1
    }
    while nextComment < last {
      write(ownLine: lines(lastEnd, comments[nextComment].lowerBound) > 0)
    }
  }

  /// Writes the next comment.
  private mutating func write(ownLine: Bool, blank: Bool = false) {
    let comment = comments[nextComment]
    if kind(comment) == .inline, !ownLine {
      if !isFresh { operations.append(.space) }
      operations.append(.source(comment.lowerBound, comment.upperBound))
    } else {
      operations.append(.comment(comment.lowerBound, comment.upperBound, ownLine: ownLine, blank: blank))
    }
    isFresh = false
    nextComment += 1
    lastEnd = comment.upperBound
  }
}
