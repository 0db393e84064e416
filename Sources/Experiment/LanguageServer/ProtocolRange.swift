import RecipeLanguage

/// Positions and ranges as the protocol writes them: lines and characters from 0.
enum ProtocolRange {
  /// The offset of `{line, character}`.
  static func offset(_ value: JSONValue?, _ lines: LineIndex, _ encoding: PositionEncoding) throws(ResponseError) -> Int
  {
    guard let line = value?["line"]?.integer, let character = value?["character"]?.integer, line >= 0, character >= 0
    else { throw ResponseError(.invalidParams, "a position needs `line` and `character`, from 0") }
    return lines.offset(line: line, character: character, encoding)
  }

  /// The offsets of `{start, end}`.
  static func offsets(
    _ value: JSONValue?, _ lines: LineIndex, _ encoding: PositionEncoding
  ) throws(ResponseError) -> Range<Int> {
    let start = try offset(value?["start"], lines, encoding)
    let end = try offset(value?["end"], lines, encoding)
    guard start <= end else { throw ResponseError(.invalidParams, "a range ends before it starts") }
    return start..<end
  }

  static func json(_ offset: Int, _ lines: LineIndex, _ encoding: PositionEncoding) -> JSONValue {
    let position = lines.position(at: offset, encoding)
    return .object(["line": .int(position.line), "character": .int(position.character)])
  }

  static func json(_ range: Range<Int>, _ lines: LineIndex, _ encoding: PositionEncoding) -> JSONValue {
    .object([
      "start": json(range.lowerBound, lines, encoding), "end": json(range.upperBound, lines, encoding),
    ])
  }

  static func edit(
    _ range: Range<Int>, _ text: String, _ lines: LineIndex, _ encoding: PositionEncoding
  ) -> JSONValue {
    .object(["range": json(range, lines, encoding), "newText": .string(text)])
  }
}

extension SourceSpan {
  var offsets: Range<Int> { lower..<upper }
}
