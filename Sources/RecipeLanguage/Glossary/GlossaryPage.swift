extension Glossary {
  /// The whole reference as a page of Markdown.
  ///
  /// - Parameter head: what stands above the topics, such as how the page was made.
  public func markdown(head: String) -> String {
    var lines = [head, ""]
    for topic in topics { lines.append("- [\(topic.title)](#\(Glossary.anchor(topic.title)))") }
    for topic in topics {
      lines += ["", "## \(topic.title)"]
      if !topic.doc.isEmpty { lines += ["", topic.doc] }
      if topic.entries.allSatisfy({ $0.rows.isEmpty }) {
        lines += [""] + Glossary.table(topic.entries)
      } else {
        for entry in topic.entries { lines += [""] + Glossary.section(entry) }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func anchor(_ title: String) -> String {
    title.lowercased().map { $0 == " " ? "-" : String($0) }.joined()
  }

  /// Words without fields, one a line.
  private static func table(_ entries: [Entry]) -> [String] {
    var lines = ["| word | meaning | example |", "|---|---|---|"]
    for entry in entries {
      let example = entry.example.split(separator: "\n").map { code(String($0)) }.joined(separator: "<br>")
      let meaning = ([entry.doc] + entry.notes).filter { !$0.isEmpty }.joined(separator: " — ")
      lines.append("| \(code(entry.form)) | \(cell(meaning)) | \(example) |")
    }
    return lines
  }

  private static func section(_ entry: Entry) -> [String] {
    var lines = ["### \(code(entry.form))"]
    if !entry.doc.isEmpty { lines += ["", entry.doc] }
    if !entry.rows.isEmpty {
      let isPlain = entry.rows.allSatisfy { $0.type.isEmpty }
      lines += ["", isPlain ? "| member | meaning |" : "| name | type | range | default | meaning |"]
      lines.append(isPlain ? "|---|---|" : "|---|---|---|---|---|")
      for row in entry.rows {
        let aliases = row.aliases.isEmpty ? "" : " *(elsewhere: \(row.aliases.joined(separator: ", ")))*"
        let type = row.unit.isEmpty ? row.type : "\(row.type) (\(row.unit))"
        let value = ["", "required"].contains(row.defaultValue) ? row.defaultValue : code(row.defaultValue)
        lines.append(
          isPlain
            ? "| \(code(row.name)) | \(cell(row.doc + aliases)) |"
            : "| \(code(row.name)) | \(cell(type)) | \(cell(row.range)) | \(value) | \(cell(row.doc + aliases)) |")
      }
    }
    for note in entry.notes { lines += ["", note] }
    if !entry.example.isEmpty { lines += ["", "```", entry.example, "```"] }
    return lines
  }

  private static func cell(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : $0 == "\n" ? " " : String($0) }.joined()
  }
  private static func code(_ text: String) -> String { "`\(cell(text))`" }
}
