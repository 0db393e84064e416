/// Why a limit that was given as text cannot be set.
public struct LimitError: Error, Sendable, CustomStringConvertible {
  /// One sentence, with what could be written.
  public let description: String
}

extension Limits {
  /// Sets a limit from text such as `nesting=256`, `fuel=10_000_000` or `memory=4GiB`.
  public mutating func set(_ text: String) throws(LimitError) {
    guard let sign = text.firstIndex(of: "=") else {
      throw LimitError(description: "`\(text)` sets nothing: write it as `nesting=256`")
    }
    let word = text[..<sign]
    let written = text[text.index(after: sign)...]
    guard let name = Name(rawValue: String(word)) else {
      let guess = Spelling.closest(to: String(word), among: Name.allCases.map(\.rawValue))
      let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
      throw LimitError(
        description: "there is no limit `\(word)`; " + (guess.map { "did you mean `\($0)`?" } ?? "there is \(known)"))
    }
    guard let value = Self.number(written), (1...name.largest).contains(value) else {
      throw LimitError(
        description: "`\(written)` is no value for the limit `\(word)`: a whole number of 1 to \(name.largest)")
    }
    self[name] = value
  }

  /// The limits with all of `texts` set.
  public func setting(_ texts: [String]) throws(LimitError) -> Limits {
    var limits = self
    for text in texts { try limits.set(text) }
    return limits
  }

  /// `256`, `10_000`, `512KiB`
  private static func number(_ text: Substring) -> Int? {
    let units = ["KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30]
    let unit = units.first { text.hasSuffix($0.key) }
    let digits = text.dropLast(unit?.key.count ?? 0).filter { $0 != "_" }
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits) else { return nil }
    let (result, overflow) = number.multipliedReportingOverflow(by: unit?.value ?? 1)
    return overflow ? nil : result
  }
}
