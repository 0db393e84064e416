import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// `grammar.ebnf` is true: texts that are generated from it parse, and it has the words of the scanner and no others.
@Suite struct GrammarTests {
  @Test func everyProductionIsThere() throws {
    let grammar = try Grammar.load()
    for (name, item) in grammar.productions {
      for used in item.names where used == used.lowercased() && used != "comment" {
        #expect(grammar.productions[used] != nil, "\(name) speaks of \(used), which has no production")
      }
    }
    let used = Set(grammar.productions.values.flatMap(\.names))
    #expect(Set(grammar.productions.keys).subtracting(used) == ["file"], "productions that nothing leads to")
  }

  @Test func itsWordsAreTheLanguages() throws {
    let words = try Set(Grammar.load().productions.values.flatMap(\.texts))
    let keywords = words.filter { $0.first?.isLetter == true && $0.count > 1 }
    #expect(keywords == Keyword.reserved.union(Keyword.declarations).union(Keyword.contextual))
    let symbols = words.filter { $0.first?.isLetter == false && $0 != "1" && $0 != "_" }
    // Every symbol that the scanner knows, but for those it knows to say what to write instead.
    #expect(
      symbols == [
        "(", ")", "[", "]", "{", "}", ",", ":", ".", "=", "->", "?", "+", "-", "*", "/", "%", "==", "!=", "<", "<=",
        ">", ">=", "~=", "&&", "||", "!",
      ])
    let text = try Grammar.text()
    for unit in Unit.all { #expect(text.contains("\"\(unit.suffix)\""), "\(unit.suffix)") }
  }

  /// Whatever the grammar makes, the parser takes: nothing is reported about the text or its syntax.
  @Test(arguments: 0..<40) func whatItMakesIsParsed(seed: Int) throws {
    var writer = GrammarWriter(grammar: try Grammar.load(), seed: UInt64(seed) &* 7919 &+ 17)
    for _ in 0..<25 {
      let text = writer.text()
      let codes = load(text).1.filter { $0.code.id < "E0200" }
      #expect(codes.isEmpty, "\(text)\n\(DiagnosticRenderer().text(codes))")
      if !codes.isEmpty { return }
    }
  }
}

/// The productions of `grammar.ebnf` that are made of tokens.
struct Grammar {
  indirect enum Item: Sendable {
    case text(String)
    case name(String)
    case sequence([Item])
    case choice([Item])
    /// At least, and whether more than once.
    case repeated(Item, least: Int, many: Bool)

    var names: [String] {
      switch self {
      case .text: []
      case .name(let name): [name]
      case .sequence(let items), .choice(let items): items.flatMap(\.names)
      case .repeated(let item, _, _): item.names
      }
    }
    var texts: [String] {
      switch self {
      case .text(let text): [text]
      case .name: []
      case .sequence(let items), .choice(let items): items.flatMap(\.texts)
      case .repeated(let item, _, _): item.texts
      }
    }
  }

  let productions: [String: Item]

  static func text() throws -> String {
    try String(
      contentsOf: Fixtures.root.deletingLastPathComponent().appending(path: "Sources/RecipeLanguage/grammar.ebnf"),
      encoding: .utf8)
  }

  static func load() throws -> Grammar {
    let text = try text().replacing(/\/\*.*?\*\//.dotMatchesNewlines(), with: "")
    var productions: [String: Item] = [:]
    var parts: [(name: String, text: String)] = []
    for line in text.split(separator: "\n") {
      if let sign = line.firstRange(of: "::=") {
        parts.append((line[..<sign.lowerBound].filter { $0 != " " }, String(line[sign.upperBound...])))
      } else if !parts.isEmpty {
        parts[parts.count - 1].text += " " + line
      }
    }
    // What is made of characters is written by hand.
    for part in parts where part.name == part.name.lowercased() && part.name != "comment" {
      var reader = Reader(tokens: part.text.matches(of: /"[^"]*"|[A-Za-z]+|[|?*+()]/).map { String($0.output) })
      productions[part.name] = reader.choice()
    }
    return Grammar(productions: productions)
  }

  private struct Reader {
    let tokens: [String]
    var index = 0

    var current: String? { index < tokens.count ? tokens[index] : nil }

    mutating func choice() -> Item {
      var items = [sequence()]
      while current == "|" {
        index += 1
        items.append(sequence())
      }
      return items.count == 1 ? items[0] : .choice(items)
    }

    private mutating func sequence() -> Item {
      var items: [Item] = []
      while let token = current, token != "|", token != ")" {
        index += 1
        var item: Item =
          token == "(" ? choice() : token.hasPrefix("\"") ? .text(String(token.dropFirst().dropLast())) : .name(token)
        if token == "(" { index += 1 }
        switch current {
        case "?": item = .repeated(item, least: 0, many: false)
        case "*": item = .repeated(item, least: 0, many: true)
        case "+": item = .repeated(item, least: 1, many: true)
        default:
          items.append(item)
          continue
        }
        index += 1
        items.append(item)
      }
      return .sequence(items)
    }
  }
}

/// Writes random texts of the grammar.
struct GrammarWriter {
  let grammar: Grammar
  private var state: UInt64
  private var out = ""
  private var depth = 0
  /// Open braces: what stands in them is indented, since a word of a declaration at the margin begins one.
  private var braces = 0
  /// Whether the production that was written last was an expression.
  private var isExpression = false
  /// The production that is being written.
  private var current = ""

  init(grammar: Grammar, seed: UInt64) {
    self.grammar = grammar
    state = seed | 1
  }

  private mutating func random(_ limit: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(limit))
  }

  mutating func text() -> String {
    (out, depth, braces) = ("", 0, 0)
    write(.name("file"))
    return out
  }

  private mutating func write(_ item: Grammar.Item) {
    switch item {
    case .text(let text): put(text)
    case .sequence(let items): for item in items { write(item) }
    case .choice(let items): write(items[depth > 24 ? shortest(items) : random(items.count)])
    case .repeated(let item, let least, let many):
      var count = least
      if depth < 24, random(3) == 0 { count += many ? 1 + random(2) : 1 - least }
      for _ in 0..<count { write(item) }
    case .name(let name): write(name)
    }
  }

  private mutating func write(_ name: String) {
    switch name {
    case "EOL": newLine()
    case "DOC":
      newLine()
      out += "/// A comment."
      newLine()
    case "statement":
      // A line that begins with an operator or a dot goes on with the one before, and `if` begins a statement.
      let (start, place) = (out.count, out.endIndex)
      production(name)
      let made = out.dropFirst(start).drop { $0 == " " }
      guard let first = made.first, first == "-" || first == "." || made.hasPrefix("if") && isExpression else { return }
      out.removeSubrange(place...)
      put("a")
    case "NAME":
      put(["a", "b2", "lr", "_x", "Rate", "axis", "when", "from", "within", "skip_it", "ep"][random(11)])
    case "NUMBER": put(["0", "7", "1_000", "0.5", "5e-4", "2.5E+3", "500ep", "10%", "1.5h", "4GiB", "20step"][random(11)])
    case "STRING": put(["\"\"", "\"a b\"", "\"\\n\\u{2764}\\\\\"", "\"x \\(1 + f(y: \"z\")) w\""][random(4)])
    case "TEXT": put(["\"name\"", "\"E0401\"", "\"a.recipe\""][random(3)])
    default: production(name)
    }
  }

  private mutating func production(_ name: String) {
    depth += 1
    if name == "choice" { isExpression = false } else if name == "expression" { isExpression = true }
    let outer = current
    current = name
    if let item = grammar.productions[name] { write(item) }
    current = outer
    if name == "choice" { isExpression = false }
    depth -= 1
  }

  private mutating func newLine() { out += "\n" + String(repeating: "  ", count: braces) }

  /// Where it gets too deep: the branch without productions of its own.
  private func shortest(_ items: [Grammar.Item]) -> Int {
    items.indices.min { weight(items[$0]) < weight(items[$1]) } ?? 0
  }

  private func weight(_ item: Grammar.Item) -> Int {
    let names = item.names.filter { $0 == $0.lowercased() }
    return (names.contains(current) ? 100 : 0) + names.count * 10 + item.texts.count
  }

  private mutating func put(_ token: String) {
    // Calls and indices stand on the line of what they follow; elsewhere a space may be anything.
    let isTight = token == "(" || token == "["
    if token == "}" { braces -= 1 } else if token == "{" { braces += 1 }
    if let last = out.last, last != "\n", last != " " { out += isTight ? "" : random(12) == 0 ? " /* x */ " : " " }
    out += token
  }
}
