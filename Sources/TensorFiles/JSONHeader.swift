import Foundation

/// A JSON text (RFC 8259) read for a header, whose fields must be certain: numbers that are whole stay whole, and an
/// object that has one name twice is refused. `JSONDecoder` keeps one of the two and says nothing.
indirect enum JSONHeader {
  case null
  case bool(Bool)
  case integer(Int)
  /// Any other number, as it is written.
  case number(String)
  case text(String)
  case list([JSONHeader])
  case fields([(name: String, value: JSONHeader)])

  /// Deeper than any header needs, and shallow enough for every stack. The reference reader of safetensors has the same.
  static let deepest = 127

  /// - Throws: ``Problem``.
  init(parsing bytes: [UInt8]) throws {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw Problem("is not UTF-8") }
    var reader = Reader(bytes: bytes)
    self = try reader.document()
  }

  struct Problem: Error {
    let text: String
    init(_ text: String) { self.text = text }
  }

  /// What it is, for messages: `a list`.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let text): text
    case .text: "a string"
    case .list: "a list"
    case .fields: "an object"
    }
  }
}

extension JSONHeader {
  /// Walks along the bytes, which are valid UTF-8.
  private struct Reader {
    let bytes: [UInt8]
    var place = 0
    var depth = 0

    mutating func document() throws -> JSONHeader {
      let value = try value()
      skipSpace()
      guard place == bytes.count else { throw invalid("something stands after its end") }
      return value
    }

    private func invalid(_ what: String) -> Problem { Problem("not valid JSON: \(what) (byte \(place))") }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
      while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { place += 1 }
    }

    private mutating func take(_ character: Character) -> Bool {
      guard next == character.asciiValue else { return false }
      place += 1
      return true
    }

    private mutating func value() throws -> JSONHeader {
      skipSpace()
      guard let byte = next else { throw invalid("it ends too early") }
      switch Character(UnicodeScalar(byte)) {
      case "{": return .fields(try nested { try $0.fields() })
      case "[": return .list(try nested { try $0.list() })
      case "\"": return .text(try string())
      case "n": return try word("null", .null)
      case "t": return try word("true", .bool(true))
      case "f": return try word("false", .bool(false))
      case "-", "0"..."9": return try number()
      default: throw invalid("no value begins here")
      }
    }

    private mutating func nested<R>(_ body: (inout Reader) throws -> R) throws -> R {
      depth += 1
      guard depth <= JSONHeader.deepest else { throw invalid("more than \(JSONHeader.deepest) levels") }
      place += 1
      let result = try body(&self)
      depth -= 1
      return result
    }

    private mutating func fields() throws -> [(name: String, value: JSONHeader)] {
      var fields: [(name: String, value: JSONHeader)] = []
      var seen: [String: String] = [:]
      skipSpace()
      if take("}") { return fields }
      while true {
        skipSpace()
        guard next == UInt8(ascii: "\"") else { throw invalid("a name in double quotes is missing") }
        let name = try string()
        // Swift takes strings for equal that differ in their Unicode form alone; a dictionary would keep one.
        if let other = seen.updateValue(name, forKey: name) {
          let form = name.utf8.elementsEqual(other.utf8) ? "" : " (in two Unicode forms of the same characters)"
          throw Problem("\"\(name)\" is given twice\(form)")
        }
        skipSpace()
        guard take(":") else { throw invalid("a colon is missing") }
        fields.append((name, try value()))
        skipSpace()
        if take("}") { return fields }
        guard take(",") else { throw invalid("a comma or brace is missing") }
      }
    }

    private mutating func list() throws -> [JSONHeader] {
      var list: [JSONHeader] = []
      skipSpace()
      if take("]") { return list }
      while true {
        list.append(try value())
        skipSpace()
        if take("]") { return list }
        guard take(",") else { throw invalid("a comma or bracket is missing") }
      }
    }

    private mutating func word(_ text: String, _ value: JSONHeader) throws -> JSONHeader {
      guard bytes[place...].starts(with: text.utf8) else { throw invalid("no value begins here") }
      place += text.utf8.count
      return value
    }

    private mutating func number() throws -> JSONHeader {
      let start = place
      func isDigit(_ byte: UInt8?) -> Bool { byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }
      func digits(_ reader: inout Reader) throws {
        guard isDigit(reader.next) else { throw reader.invalid("a digit is missing") }
        while isDigit(reader.next) { reader.place += 1 }
      }
      var isWhole = true
      _ = take("-")
      if take("0") {
        guard !isDigit(next) else { throw invalid("a number begins with 0") }
      } else {
        try digits(&self)
      }
      if take(".") {
        isWhole = false
        try digits(&self)
      }
      if take("e") || take("E") {
        isWhole = false
        if !take("+") { _ = take("-") }
        try digits(&self)
      }
      let text = String(decoding: bytes[start..<place], as: UTF8.self)
      if isWhole, text != "-0", let value = Int(text) { return .integer(value) }
      guard Double(text)?.isFinite == true else { throw invalid("\(text) is too large") }
      return .number(text)
    }

    private mutating func string() throws -> String {
      place += 1
      var text: [UInt8] = []
      while let byte = next {
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
        case UInt8(ascii: "\\"): text += try escaped()
        case 0..<0x20: throw invalid("a control character in a string")
        default: text.append(byte)
        }
      }
      throw invalid("a string does not end")
    }

    /// The UTF-8 of what stands after a backslash.
    private mutating func escaped() throws -> [UInt8] {
      guard let byte = next else { throw invalid("a string does not end") }
      place += 1
      let single: [Character: UInt8] = [
        "\"": 0x22, "\\": 0x5c, "/": 0x2f, "b": 0x08, "f": 0x0c, "n": 0x0a, "r": 0x0d, "t": 0x09,
      ]
      if let character = single[Character(UnicodeScalar(byte))] { return [character] }
      guard byte == UInt8(ascii: "u") else { throw invalid("an unknown escape in a string") }
      var units = [try hexadecimal()]
      if UTF16.isLeadSurrogate(units[0]), take("\\"), take("u") { units.append(try hexadecimal()) }
      guard let text = String(validating: units, as: UTF16.self) else {
        throw invalid("half a surrogate pair in a string")
      }
      return Array(text.utf8)
    }

    private mutating func hexadecimal() throws -> UInt16 {
      let digits = bytes[place..<min(place + 4, bytes.count)]
      guard digits.count == 4, digits.allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }) else {
        throw invalid("\\u needs four hexadecimal digits")
      }
      place += 4
      return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)!
    }
  }
}
