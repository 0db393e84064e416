/// A token or comment as it is written: what tests and fuzzers take apart and put together.
package struct SourcePiece: Equatable, Sendable {
  package let text: String
  package let isComment: Bool

  /// All tokens and comments of a text, in order, whether or not they make sense.
  package static func all(of source: SourceFile) -> [SourcePiece] {
    let list = Scanner.scan(source, into: DiagnosticSink())
    let places = list.tokens.dropLast().map { ($0.lower..<$0.upper, false) } + list.comments.map { ($0, true) }
    return places.sorted { $0.0.lowerBound < $1.0.lowerBound }.map {
      SourcePiece(text: source.text($0.0), isComment: $0.1)
    }
  }
}
