/// Reads the text of a number token: an Int, a Float or an exact quantity.
enum NumberLiteral {
  /// The longest number token: longer ones would only take time to say that they are too large.
  static let longest = 400

  static func read(_ text: String, at span: SourceSpan, into sink: DiagnosticSink) -> Expression.Kind {
    guard text.utf8.count <= longest else {
      sink.report(.numberTooLarge, "this number is too long", at: span, label: "at most \(longest) characters")
      return .invalid
    }
    let (digits, suffix) = split(text)
    let plain = digits.utf8.contains(underscore) ? digits.filter { $0 != "_" } : String(digits)
    if plain.utf8.count < digits.utf8.count, digits.utf8.last == underscore || hasTwoUnderscores(digits) {
      sink.report(.badNumber, "`_` stands between digits", at: span, help: "write `1_000`")
      return .invalid
    }
    if !suffix.isEmpty { return quantity(plain, suffix, at: span, into: sink) }
    if plain.utf8.allSatisfy(Scanner.isDigit) {
      if plain.utf8.count > 1, plain.utf8.first == UInt8(ascii: "0") {
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

  private static let underscore = UInt8(ascii: "_")

  private static func hasTwoUnderscores(_ digits: Substring) -> Bool {
    zip(digits.utf8, digits.utf8.dropFirst()).contains { $0 == underscore && $1 == underscore }
  }

  private static func split(_ text: String) -> (digits: Substring, suffix: Substring) {
    let bytes = text.utf8
    var end = bytes.startIndex
    while end < bytes.endIndex, Scanner.isDigit(bytes[end]) || bytes[end] == underscore || bytes[end] == UInt8(ascii: ".") {
      end = bytes.index(after: end)
    }
    if end < bytes.endIndex, bytes[end] | 0x20 == UInt8(ascii: "e") {
      var next = bytes.index(after: end)
      if next < bytes.endIndex, bytes[next] == UInt8(ascii: "-") || bytes[next] == UInt8(ascii: "+") {
        next = bytes.index(after: next)
      }
      if next < bytes.endIndex, Scanner.isDigit(bytes[next]) {
        while next < bytes.endIndex, Scanner.isDigit(bytes[next]) { next = bytes.index(after: next) }
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
      let guess = sink.closest(to: String(suffix), among: known, aliases: unitHabits)
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
