import VisibleText

/// Prints diagnostics with excerpts, as a compiler does; and as JSON for editors.
public struct DiagnosticRenderer: Sendable {
  /// Whether to colour (ANSI) for a terminal.
  public let usesColor: Bool

  /// A renderer.
  public init(usesColor: Bool = false) { self.usesColor = usesColor }

  /// One diagnostic as text, ending in a line break.
  public func text(_ diagnostic: Diagnostic) -> String {
    let head = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code.id)]", severityStyle(diagnostic.severity))
    var result = "\(head): \(paint(diagnostic.message.visibleLine, "1"))\n"
    let labels = [(diagnostic.primary, true)] + diagnostic.secondary.map { ($0, false) }
    var files: [SourceFile] = []
    for (label, _) in labels where !files.contains(where: { $0 === label.span.file }) { files.append(label.span.file) }
    let width = String((labels.map(\.0) + diagnostic.values).map(\.span.line).max() ?? 1).count
    let gutter = String(repeating: " ", count: width)
    for (index, file) in files.enumerated() {
      let here = labels.filter { $0.0.span.file === file }
      let arrow = index == 0 ? "-->" : ":::"
      result += "\(gutter)\(paint(arrow, "34")) \(here[0].0.span)\n"
      if file.bytes.isEmpty { continue }
      result += excerpt(here, diagnostic.values.filter { $0.span.file === file }, gutter)
    }
    for note in diagnostic.notes { result += "\(gutter) \(paint("=", "34")) note: \(note.visibleLine)\n" }
    if let help = diagnostic.help { result += "\(paint("help", "36")): \(help.visibleLine)\n" }
    return result
  }

  /// All diagnostics, a blank line between them, and a last line that counts.
  public func text(_ diagnostics: [Diagnostic]) -> String {
    var result = diagnostics.map { text($0) }.joined(separator: "\n")
    let errors = diagnostics.filter { $0.severity == .error }.count
    let warnings = diagnostics.filter { $0.severity == .warning }.count
    var counts: [String] = []
    if errors > 0 { counts.append(errors == 1 ? "1 error" : "\(errors) errors") }
    if warnings > 0 { counts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
    if !counts.isEmpty { result += "\n\(counts.joined(separator: ", "))\n" }
    return result
  }

  /// One JSON object on one line: file, line, column, end, code, severity, message, labels, notes, help, fix.
  /// Lines and columns count from 1; columns in characters.
  public func json(_ diagnostic: Diagnostic) -> String {
    var fields: [(String, JSONText)] = [
      ("code", .string(diagnostic.code.id)), ("severity", .string(diagnostic.severity.rawValue)),
      ("message", .string(diagnostic.message)), ("place", place(diagnostic.primary)),
      ("related", .array(diagnostic.secondary.map(place))), ("notes", .array(diagnostic.notes.map { .string($0) })),
    ]
    if !diagnostic.values.isEmpty { fields.append(("values", .array(diagnostic.values.map(place)))) }
    if let help = diagnostic.help { fields.append(("help", .string(help))) }
    if let fix = diagnostic.fix {
      fields.append(
        ("fix", .object([("place", place(Diagnostic.Label(fix.span))), ("replacement", .string(fix.replacement))])))
    }
    return JSONText.object(fields).text
  }

  /// All diagnostics as a JSON array, one a line.
  public func json(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.isEmpty ? "[]\n" : "[\n" + diagnostics.map { json($0) }.joined(separator: ",\n") + "\n]\n"
  }

  private func place(_ label: Diagnostic.Label) -> JSONText {
    let span = label.span
    let start = span.file.position(at: span.lower)
    let end = span.file.position(at: span.upper)
    var fields: [(String, JSONText)] = [
      ("file", .string(span.file.name)), ("line", .number("\(start.line)")), ("column", .number("\(start.column)")),
      ("endLine", .number("\(end.line)")), ("endColumn", .number("\(end.column)")),
    ]
    if !label.text.isEmpty { fields.append(("label", .string(label.text))) }
    return .object(fields)
  }

  private func severityStyle(_ severity: Diagnostic.Severity) -> String {
    switch severity {
    case .error: "1;31"
    case .warning: "1;33"
    case .note: "1;36"
    }
  }

  private func paint(_ text: String, _ style: String) -> String {
    usesColor ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
  }

  // MARK: Excerpts

  private static let longestLine = 160

  private func excerpt(
    _ labels: [(Diagnostic.Label, Bool)], _ values: [Diagnostic.Label], _ gutter: String
  ) -> String {
    let bar = paint("|", "34")
    var result = "\(gutter) \(bar)\n"
    var previous = 0
    let byLine = Dictionary(grouping: labels) { $0.0.span.line }
    let drawn = Dictionary(grouping: values) { $0.span.line }
    for number in Set(byLine.keys).union(drawn.keys).sorted() {
      let here = byLine[number] ?? []
      if previous > 0, number > previous + 1 { result += "\(gutter) \(paint("…", "34"))\n" }
      previous = number
      let padding = String(repeating: " ", count: max(0, gutter.count - String(number).count))
      guard let first = here.first?.0.span ?? drawn[number]?.first?.span else { continue }
      let text = first.file.line(number)
      let line = ShownLine(text, window: window(of: text, around: first.column))
      result += "\(padding)\(paint(String(number), "34")) \(bar) \(line.text)\n"
      for (label, isPrimary) in here.sorted(by: { $0.0.span.column > $1.0.span.column }) {
        result += "\(gutter) \(bar) \(marks(label, isPrimary, line))\n"
      }
      let values = (drawn[number] ?? []).filter { line.window.contains($0.span.column - 1) }
      for row in ValueDrawing.rows(values.map { (line.columns(before: $0.span.column - 1), $0.text.visibleLine) }) {
        result += "\(gutter) \(bar) \(paint(row, "36"))\n"
      }
    }
    return result
  }

  /// The characters of a long line that are shown.
  private func window(of text: String, around column: Int) -> Range<Int> {
    let count = text.count
    guard count > DiagnosticRenderer.longestLine else { return 0..<count }
    let start = max(0, min(column - 60, count - DiagnosticRenderer.longestLine))
    return start..<min(count, start + DiagnosticRenderer.longestLine)
  }

  private func marks(_ label: Diagnostic.Label, _ isPrimary: Bool, _ line: ShownLine) -> String {
    let span = label.span
    let start = span.column - 1
    let isOneLine = span.file.position(at: span.upper).line == span.line
    let end = isOneLine ? start + span.text.count : line.count
    let from = line.columns(before: start)
    let mark = String(repeating: isPrimary ? "^" : "-", count: max(1, line.columns(before: end) - from))
    let text = label.text.isEmpty ? "" : " " + label.text.visibleLine
    return String(repeating: " ", count: from) + paint(mark + text, isPrimary ? "1;31" : "34")
  }
}

/// A line of a source as it is shown: what cannot be seen takes more columns than one.
private struct ShownLine {
  /// Characters of the whole line.
  let count: Int
  /// Those that are shown.
  let window: Range<Int>
  private let characters: [String]

  init(_ text: String, window: Range<Int>) {
    count = text.count
    self.window = window
    let piece = text.dropFirst(window.lowerBound).prefix(window.count)
    characters = piece.map { $0 == "\t" ? " " : String($0).visibleLine }
  }

  var text: String { characters.joined() }

  /// Columns of the window before a character of the line.
  func columns(before character: Int) -> Int {
    characters.prefix(max(0, character - window.lowerBound)).reduce(0) { $0 + $1.count }
  }
}
