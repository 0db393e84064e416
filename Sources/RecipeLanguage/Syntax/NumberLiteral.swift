/// Reads the text of a number token: an Int, a Float or an exact quantity.
enum NumberLiteral {
  static func read(_ text: String, at span: SourceSpan, into sink: DiagnosticSink) -> Expression.Kind {
    let (digits, suffix) = split(text)
    let plain = digits.filter { $0 != "_" }
    if digits.hasSuffix("_") || digits.contains("__") {
      sink.report(.badNumber, "`_` stands between digits", at: span, help: "write `1_000`")
      return .invalid
    }
    if !suffix.isEmpty { return quantity(plain, suffix, at: span, into: sink) }
    if plain.allSatisfy(\.isNumber) {
      if plain.count > 1, plain.hasPrefix("0") {
        sink.report(.badNumber, "a whole number does not start with 0", at: span, help: "write `\(Int(plain) ?? 0)`")
        return .invalid
      }
      if let value = Int(plain) { return .int(value) }
      sink.report(.numberTooLarge, "this number does not fit in 64 bits", at: span, label: "at most \(Int.max)")
      return .invalid
    }
    guard let value = Double(plain), value.isFinite else {
      sink.report(.numberTooLarge, "this number is too large for a Float", at: span)
      return .invalid
    }
    return .float(value)
  }

  private static func split(_ text: String) -> (digits: Substring, suffix: Substring) {
    var end = text.startIndex
    while end < text.endIndex, text[end].isNumber || text[end] == "_" || text[end] == "." {
      end = text.index(after: end)
    }
    if end < text.endIndex, text[end] == "e" || text[end] == "E" {
      var next = text.index(after: end)
      if next < text.endIndex, text[next] == "-" || text[next] == "+" { next = text.index(after: next) }
      if next < text.endIndex, text[next].isNumber {
        while next < text.endIndex, text[next].isNumber { next = text.index(after: next) }
        end = next
      }
    }
    return (text[..<end], text[end...])
  }

  private static func quantity(
    _ digits: String, _ suffix: Substring, at span: SourceSpan, into sink: DiagnosticSink
  ) -> Expression.Kind {
    guard let unit = Unit.named(String(suffix)) else {
      if digits == "0", let base = ["x": 16, "b": 2, "o": 8][suffix.first?.lowercased() ?? ""] {
        let value = Int(suffix.dropFirst(), radix: base)
        sink.report(
          .badNumber, "whole numbers are written with ten digits, not in base \(base)", at: span,
          help: value.map { "write `\($0)`" })
        return .invalid
      }
      let known = Unit.all.map(\.suffix)
      let guess = Spelling.closest(to: String(suffix), among: known, aliases: unitHabits)
      let help = guess.map { "did you mean `\(digits)\($0)`?" }
      sink.report(
        .unknownUnit, "`\(suffix)` is not a unit", at: span,
        notes: ["the units are \(known.joined(separator: ", "))"], help: help,
        fix: guess.map { Diagnostic.Fix(span, replacement: digits + $0) })
      return .invalid
    }
    guard let number = Rational(decimal: digits), let amount = number.multiplied(by: unit.scale) else {
      sink.report(.numberTooLarge, "this quantity is too large to be kept exactly", at: span)
      return .invalid
    }
    return .quantity(Quantity(amount, unit.dimension))
  }

  private static let unitHabits: [String: String] = [
    "epoch": "ep", "epochs": "ep", "e": "ep", "steps": "step", "iter": "step", "iters": "step", "it": "step",
    "image": "img", "images": "img", "imgs": "img", "sec": "s", "seconds": "s", "second": "s", "m": "min",
    "mins": "min", "minutes": "min", "hours": "h", "hour": "h", "hr": "h", "kb": "KiB", "KB": "KiB", "MB": "MiB",
    "mb": "MiB", "GB": "GiB", "gb": "GiB", "percent": "%", "pct": "%",
  ]
}
