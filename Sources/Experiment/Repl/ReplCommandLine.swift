import Foundation

/// A line that begins with `:`.
struct ReplCommandLine {
  enum Name: String, CaseIterable {
    case help, type, doc, plan, list, load, reset, quit

    /// What it takes and what it does.
    var usage: (String, String) {
      switch self {
      case .help: ("", "this list")
      case .type: ("EXPR", "the type of an expression, or what a name means")
      case .doc: ("WORD", "what is written about a word of recipes, or about something declared")
      case .plan: ("[RECIPE]", "what training would do: classes, steps, schedules, memory")
      case .list: ("", "everything declared so far")
      case .load: ("FILE", "declare what a recipe file declares")
      case .reset: ("", "forget everything declared")
      case .quit: ("", "leave; so does Ctrl-D")
      }
    }
  }

  /// The command; nil if there is none of the name, or more than one.
  let name: Name?
  let argument: String
  /// Why there is no command.
  let problem: String

  /// Nil for lines that are no commands.
  init?(_ line: String) {
    let line = line.drop { $0 == " " || $0 == "\t" }
    guard line.first == ":" else { return nil }
    let word = line.dropFirst().prefix { !$0.isWhitespace }
    argument = line.dropFirst(1 + word.count).trimmingCharacters(in: .whitespaces)
    let matches = Name.allCases.filter { $0.rawValue.hasPrefix(word) }
    let exact = matches.first { $0.rawValue == word }
    // `:l` could be two; what is typed oftener counts.
    name = word.isEmpty ? nil : exact ?? matches.first
    problem = "there is no command `:\(word)`; `:help` lists them"
  }

  static let help: String = {
    let lines = Name.allCases.map { name in
      let head = ":\(name.rawValue) \(name.usage.0)"
      return "  " + head + String(repeating: " ", count: max(1, 18 - head.count)) + name.usage.1
    }
    return """
      Enter declarations (`let`, `func`, `recipe`, …), expressions and tests. An input ends with the line that closes
      its brackets. A name may be declared again: what uses it follows. Ctrl-C clears the input, Ctrl-D leaves.

      \(lines.joined(separator: "\n"))
      """
  }()
}
