import RecipeLanguage
import Testing

/// What holds for the formatted form of any text: it is its own formatted form, has the same tokens but for commas at
/// ends, the same comments in the same order, no spaces at the ends of lines, and no line that is too wide without need.
@Suite struct FormatterLawTests {
  /// False when the text has errors of syntax and so no formatted form.
  @discardableResult
  static func lawsHold(for text: String, _ name: String = "text") -> Bool {
    let source = SourceFile(name: name, text: text)
    let result: String
    switch RecipeFormatter.format(source) {
    case .formatted(let text): result = text
    case .invalid(let diagnostics):
      #expect(diagnostics.hasErrors)
      return false
    case .refused(let reason):
      Issue.record("\(name): refused, because \(reason):\n\(text)")
      return true
    }
    let formatted = SourceFile(name: name, text: result)
    let again = RecipeFormatter.format(formatted).text
    #expect(again == result, "\(name): not idempotent:\n\(text)\n=>\n\(result)\n=>\n\(again ?? "nothing")")

    let (old, new) = (SourcePiece.all(of: source), SourcePiece.all(of: formatted))
    // Commas go before closing brackets and between members; the safety net compares the trees.
    #expect(
      old.filter { !$0.isComment && $0.text != "," }.map(\.text)
        == new.filter { !$0.isComment && $0.text != "," }.map(\.text))
    #expect(comments(old) == comments(new), "\(name): comments differ:\n\(text)\n=>\n\(result)")

    #expect(result.isEmpty || result.hasSuffix("\n") && !result.hasSuffix("\n\n"))
    #expect(!result.hasPrefix("\n") && !result.hasPrefix(" "))
    if !comments(new).contains(where: { $0.contains("\n") }) {
      #expect(!result.contains("\n\n\n"), "\(name): two blank lines:\n\(result)")
      #expect(!result.contains(" \n") && !result.contains("\t\n"), "\(name): spaces at the end:\n\(result)")
    }
    return true
  }

  private static func comments(_ pieces: [SourcePiece]) -> [String] {
    pieces.filter(\.isComment).map { piece in
      piece.text.split(whereSeparator: \.isNewline).map {
        var line = $0
        while let last = line.last, last.isWhitespace { line.removeLast() }
        return String(line)
      }.joined(separator: "\n")
    }
  }

  @Test func everyRecipeOfTheTree() {
    #expect(FormatterSamples.all.count > 300)
    #expect(FormatterSamples.valid.count > 150)
    for sample in FormatterSamples.all { Self.lawsHold(for: sample.text, sample.name) }
  }

  /// Between any two tokens a space, a new line, a blank line or a comment may come; most texts survive most of it.
  @Test(arguments: 0..<4) func spacesAndCommentsAnywhere(round: UInt64) {
    var random = XorShift(round + 1)
    var formatted = 0
    var tried = 0
    for sample in FormatterSamples.valid {
      let pieces = SourcePiece.all(of: SourceFile(name: sample.name, text: sample.text))
      let breaks = Self.lineStarts(sample.text)
      for gaps in [[" ", "  ", "\t"], [" ", " /* c */ ", "\n"], [" ", " // c\n", "\n/// d\n", "\n\n\n"]] {
        var text = ""
        for (index, piece) in pieces.enumerated() {
          text += piece.text
          if piece.text.hasPrefix("//") { text += "\n" }
          // Where a line ended, one ends; elsewhere something is put in now and then.
          text += breaks.contains(index + 1) ? "\n" : Int.random(in: 0..<8, using: &random) == 0 ? gaps.randomElement(using: &random)! : " "
        }
        tried += 1
        if Self.lawsHold(for: text, sample.name) { formatted += 1 }
      }
    }
    #expect(formatted > tried / 3, "\(formatted) of \(tried) texts could be formatted")
  }

  /// Indices of the pieces that begin a line.
  private static func lineStarts(_ text: String) -> Set<Int> {
    var result: Set<Int> = []
    var count = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      result.insert(count)
      count += SourcePiece.all(of: SourceFile(name: "line", text: String(line))).count
    }
    return result
  }

  @Test func tokensTakenAwayOrDoubled() {
    var random = XorShift(7)
    var formatted = 0
    for sample in FormatterSamples.valid {
      let pieces = SourcePiece.all(of: SourceFile(name: sample.name, text: sample.text))
      guard !pieces.isEmpty else { continue }
      for _ in 0..<6 {
        var lines = sample.text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let at = Int.random(in: 0..<lines.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: lines.insert(lines[at], at: at)
        case 1: lines.remove(at: at)
        case 2: lines[at] += lines[at]
        default: lines[at] += " " + pieces.randomElement(using: &random)!.text
        }
        if Self.lawsHold(for: lines.joined(separator: "\n"), sample.name) { formatted += 1 }
      }
    }
    #expect(formatted > 100)
  }
}
