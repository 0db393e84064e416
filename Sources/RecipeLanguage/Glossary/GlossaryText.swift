extension Glossary {
  /// The entry for a terminal of 100 columns.
  public static func text(_ entry: Entry, usesColor: Bool = false) -> String {
    func paint(_ text: String, _ style: String) -> String { usesColor ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text }
    var lines = ["\(paint(entry.form, "1"))  (\(entry.kind))"]
    lines += wrapped(entry.doc, indent: 2)
    if !entry.rows.isEmpty { lines.append("") }
    let width = min(18, entry.rows.map(\.name.count).max() ?? 0)
    for row in entry.rows {
      let padding = String(repeating: " ", count: max(1, width + 2 - row.name.count))
      let facts = wrapped(row.facts, indent: width + 4)
      let first = facts.first.map { String($0.dropFirst(width + 4)) } ?? ""
      var rest = Array(facts.dropFirst())
      var doc = wrapped(row.doc, indent: width + 4)
      if first.isEmpty, !doc.isEmpty {
        lines.append("  \(paint(row.name, "36"))\(padding)" + doc.removeFirst().drop { $0 == " " })
      } else {
        lines.append("  \(paint(row.name, "36"))\(padding)" + paint(first, "2"))
      }
      rest = rest.map { paint($0, "2") }
      lines += rest + doc
      if !row.aliases.isEmpty { lines += wrapped("known elsewhere as \(row.aliases.joined(separator: ", "))", indent: width + 4) }
    }
    if !entry.notes.isEmpty { lines.append("") }
    for note in entry.notes { lines += wrapped(note, indent: 2) }
    if !entry.example.isEmpty {
      lines.append("")
      lines += entry.example.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }
    }
    return lines.joined(separator: "\n")
  }

  /// All words by topic, for a terminal of 100 columns.
  public func index(usesColor: Bool = false) -> String {
    topics.map { topic in
      let title = usesColor ? "\u{1B}[1m\(topic.title)\u{1B}[0m" : topic.title
      var names: [String] = []
      for entry in topic.entries where !names.contains(entry.name) { names.append(entry.name) }
      if topic.entries.count == 1, topic.entries[0].kind == "fields" { names = topic.entries[0].rows.map(\.name) }
      return ([title] + Glossary.wrapped(names, by: "  ", indent: 2)).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private static func wrapped(_ text: String, indent: Int) -> [String] {
    wrapped(text.split(separator: " ").map(String.init), by: " ", indent: indent)
  }

  private static func wrapped(_ words: [String], by space: String, indent: Int, width: Int = 100) -> [String] {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    for word in words {
      if !line.isEmpty, indent + line.count + space.count + word.count > width {
        lines.append(margin + line)
        line = ""
      }
      line += line.isEmpty ? word : space + word
    }
    return line.isEmpty ? lines : lines + [margin + line]
  }
}

extension Glossary.Row {
  /// `Float or schedule, 0.01…10, default 0.1`
  fileprivate var facts: String {
    var parts: [String] = []
    if !type.isEmpty { parts.append(unit.isEmpty ? type : "\(type) (\(unit))") }
    if !range.isEmpty { parts.append(range) }
    switch defaultValue {
    case "": break
    case "required": parts.append("required")
    case "none": parts.append("may be left out")
    default: parts.append("default \(defaultValue)")
    }
    return parts.joined(separator: ", ")
  }
}
