/// Sets a recipe file in the one style of the language.
///
/// Two spaces of indentation, at most 100 columns where a comma, an operator, `then` or a method allows a new line,
/// one statement, field or member a line, at most one blank line between things, no commas before closing brackets.
/// Comments stay where they are. A bracket whose content starts on a new line keeps a line for each element; a
/// schedule or a chain of methods that is broken before `then` or `.` stays so. Everything else is joined if it fits.
public enum RecipeFormatter {
  /// What came of formatting a file.
  public enum Outcome: Sendable {
    /// The text in the one style; it may be the text that was there.
    case formatted(String)
    /// The file has errors of syntax, so nothing can be said about its form.
    case invalid([Diagnostic])
    /// The formatter made a mistake and noticed: the new text would not mean what the old one does.
    case refused(reason: String)

    /// The formatted text, if there is one.
    public var text: String? {
      if case .formatted(let text) = self { text } else { nil }
    }
  }

  /// The widest line that is not broken.
  public static let width = 100

  /// Formats a file.
  ///
  /// Names and types need not be right. The result is parsed again, and refused unless it reads the same as `source`:
  /// the same declarations, documentation and comments in the same order.
  public static func format(_ source: SourceFile, limits: Limits = Limits()) -> Outcome {
    DeepStack.run(limits) { limits, _ in formatHere(source, limits) }
  }

  private static func formatHere(_ source: SourceFile, _ limits: Limits) -> Outcome {
    let sink = DiagnosticSink(limit: limits.diagnostics)
    let parsed = Parser.parseMarking(source, limits: limits, into: sink)
    guard let (tree, tokens, marks) = parsed, !sink.hasErrors else { return .invalid(sink.finished()) }
    guard var builder = LayoutBuilder(source: source, tokens: tokens, marks: marks, comments: tree.comments) else {
      return .refused(reason: "its brackets do not match")
    }
    let bytes = builder.formatted()

    // A limit may be passed only because the new text has more spaces; that must not refuse it.
    var limits = limits
    limits.sourceBytes = max(limits.sourceBytes, bytes.count)
    let result = SourceFile(name: source.name, bytes: bytes)
    let again = Parser.parse(result, limits: limits, into: sink)
    guard !sink.hasErrors else { return .refused(reason: "the result would not be a recipe file") }
    guard TreeShape.of(tree) == TreeShape.of(again) else {
      return .refused(reason: "the result would not mean the same")
    }
    guard comments(of: tree).elementsEqual(comments(of: again)) else {
      return .refused(reason: "a comment would be lost or changed")
    }
    return .formatted(String(decoding: bytes, as: UTF8.self))
  }

  /// The texts of all comments, without the spaces and carriage returns at the ends of their lines.
  private static func comments(of tree: SyntaxTree) -> some Sequence<[UInt8]> {
    tree.comments.lazy.map { range in
      var text: [UInt8] = []
      for byte in tree.source.bytes[range] {
        if byte == 0x0A { trim(&text) }
        text.append(byte)
      }
      trim(&text)
      return text
    }
  }

  private static func trim(_ text: inout [UInt8]) {
    while let last = text.last, last == 0x20 || last == 0x09 || last == 0x0D { text.removeLast() }
  }
}
