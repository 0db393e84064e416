/// A literal of Python as `ast.literal_eval` reads it, as far as headers of `.npy` files use them: no sets, no complex
/// numbers, no strings of bytes.
indirect enum PythonLiteral: CustomStringConvertible {
  case none
  case bool(Bool)
  case integer(Int)
  /// Any other number, as it is written.
  case number(String)
  case text(String)
  case list([PythonLiteral])
  case tuple([PythonLiteral])
  case dictionary([(key: PythonLiteral, value: PythonLiteral)])

  struct Problem: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  /// - Parameter allowsLong: whether whole numbers may end in `L`, as in Python 2.
  /// - Throws: ``Problem``.
  init(parsing text: String, allowsLong: Bool) throws {
    var reader = Reader(characters: Array(text.unicodeScalars), allowsLong: allowsLong)
    self = try reader.document()
  }

  var description: String {
    func joined(_ values: [PythonLiteral]) -> String { values.map(\.description).joined(separator: ", ") }
    return switch self {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .integer(let value): "\(value)"
    case .number(let text): text
    case .text(let text): "'\(text)'"
    case .list(let values): "[\(joined(values))]"
    case .tuple(let values): values.count == 1 ? "(\(values[0]),)" : "(\(joined(values)))"
    case .dictionary(let entries): "{\(entries.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
    }
  }
}

extension PythonLiteral {
  private struct Reader {
    let characters: [UnicodeScalar]
    let allowsLong: Bool
    var place = 0
    var depth = 0

    mutating func document() throws -> PythonLiteral {
      let value = try value()
      skipSpace()
      guard place == characters.count else { throw invalid("something stands after its end") }
      return value
    }

    private func invalid(_ what: String) -> Problem {
      Problem("is not a Python literal: \(what) (character \(place))")
    }

    private var next: UnicodeScalar? { place < characters.count ? characters[place] : nil }

    /// Blanks, line ends and comments.
    private mutating func skipSpace() {
      while let character = next {
        if character == "#" {
          while let character = next, character != "\n" { place += 1 }
        } else if [" ", "\t", "\n", "\r", "\u{c}"].contains(character) {
          place += 1
        } else {
          return
        }
      }
    }

    private mutating func take(_ character: UnicodeScalar) -> Bool {
      guard next == character else { return false }
      place += 1
      return true
    }

    private mutating func value() throws -> PythonLiteral {
      depth += 1
      defer { depth -= 1 }
      guard depth <= 32 else { throw invalid("more than 32 levels") }
      skipSpace()
      guard let character = next else { throw invalid("it ends too early") }
      switch character {
      case "{": return try dictionary()
      case "[":
        place += 1
        return .list(try elements(until: "]").values)
      case "(":
        place += 1
        let (values, hasComma) = try elements(until: ")")
        return values.count == 1 && !hasComma ? values[0] : .tuple(values)
      case "'", "\"": return .text(try string(isRaw: false))
      case "+", "-", ".", "0"..."9": return try number()
      default: return try word()
      }
    }

    /// Values between commas and whether one comma stood among them, up to and with the end mark.
    private mutating func elements(until end: UnicodeScalar) throws -> (values: [PythonLiteral], hasComma: Bool) {
      var values: [PythonLiteral] = []
      var hasComma = false
      skipSpace()
      while !take(end) {
        guard values.isEmpty || hasComma else { throw invalid("a comma is missing") }
        values.append(try value())
        skipSpace()
        guard next == "," || next == end else { throw invalid("a comma or \(end) is missing") }
        if take(",") { hasComma = true }
        skipSpace()
      }
      return (values, hasComma)
    }

    private mutating func dictionary() throws -> PythonLiteral {
      place += 1
      var entries: [(key: PythonLiteral, value: PythonLiteral)] = []
      skipSpace()
      while !take("}") {
        let key = try value()
        skipSpace()
        guard take(":") else { throw invalid("a colon is missing") }
        entries.append((key, try value()))
        skipSpace()
        guard next == "," || next == "}" else { throw invalid("a comma or brace is missing") }
        _ = take(",")
        skipSpace()
      }
      return .dictionary(entries)
    }

    private mutating func word() throws -> PythonLiteral {
      let start = place
      while let character = next, character.properties.isAlphabetic || character == "_" { place += 1 }
      let name = String(String.UnicodeScalarView(characters[start..<place]))
      if next == "'" || next == "\"" {
        switch name {
        case "u", "U": return .text(try string(isRaw: false))
        case "r", "R": return .text(try string(isRaw: true))
        default: throw invalid("a string with the prefix \(name)")
        }
      }
      switch name {
      case "None": return .none
      case "True": return .bool(true)
      case "False": return .bool(false)
      default: throw invalid(name.isEmpty ? "no value begins here" : "the word \(name)")
      }
    }

    private mutating func string(isRaw: Bool) throws -> String {
      let quote = characters[place]
      place += 1
      var text = String.UnicodeScalarView()
      while let character = next, character != "\n" {
        place += 1
        if character == quote { return String(text) }
        guard character == "\\", !isRaw else {
          text.append(character)
          continue
        }
        let escapes: [UnicodeScalar: UnicodeScalar] = ["\\": "\\", "'": "'", "\"": "\"", "n": "\n", "r": "\r", "t": "\t"]
        guard let escape = next, let meant = escapes[escape] else { throw invalid("an escape in a string") }
        place += 1
        text.append(meant)
      }
      throw invalid("a string does not end")
    }

    private mutating func number() throws -> PythonLiteral {
      let start = place
      if !take("+") { _ = take("-") }
      while let character = next,
        character.properties.numericType == .decimal && character.isASCII || "abcdefxoABCDEFXO_.".unicodeScalars.contains(character)
          || "+-".unicodeScalars.contains(character) && "eE".unicodeScalars.contains(characters[place - 1])
      { place += 1 }
      let text = String(String.UnicodeScalarView(characters[start..<place]))
      guard let value = Self.integer(text) else {
        let digits = text.trimmingPrefix { $0 == "-" || $0 == "+" }
        let isOctal = digits.hasPrefix("0") && digits.allSatisfy(\.isNumber)  // Python 2's; an error since
        guard Double(text) != nil, !isOctal else { throw invalid("the number \(text)") }
        return .number(text)
      }
      let end = place
      skipSpace()
      if !(allowsLong && take("L")) { place = end }
      return .integer(value)
    }

    /// `7`, `-7`, `1_000`, `0x1f`, `0o17`, `0b11`; not `07`.
    private static func integer(_ text: String) -> Int? {
      let sign = text.hasPrefix("-") ? "-" : ""
      var digits = text.trimmingPrefix { $0 == "-" || $0 == "+" }
      var radix = 10
      for (prefix, base) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.lowercased().hasPrefix(prefix) {
        digits = digits.dropFirst(2)
        radix = base
      }
      guard !digits.hasPrefix("_"), !digits.hasSuffix("_"), !digits.contains("__"), !digits.contains("+") else {
        return nil
      }
      let plain = digits.filter { $0 != "_" }
      guard radix != 10 || !plain.hasPrefix("0") || plain.allSatisfy({ $0 == "0" }) else { return nil }
      return Int(sign + plain, radix: radix)
    }
  }
}
