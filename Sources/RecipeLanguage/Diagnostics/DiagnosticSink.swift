/// Collects the diagnostics of one load. Shared by all stages, so that none has to hand lists around.
final class DiagnosticSink {
  private(set) var diagnostics: [Diagnostic] = []
  /// Whether an error has been reported.
  private(set) var hasErrors = false
  /// How many were left out because there were too many.
  private(set) var suppressed = 0
  private let limit: Int
  private var seen: Set<Key> = []

  private struct Key: Hashable {
    let code: String
    let file: ObjectIdentifier
    let lower: Int
    let message: String
  }

  /// Whether more diagnostics would only be counted.
  var isFull: Bool { diagnostics.count >= limit }

  init(limit: Int = 100) { self.limit = limit }

  /// The candidate nearest to a word, for a did-you-mean; nil when nobody would see it. With very many candidates it
  /// would take long, and the nearest one would mean little.
  func closest(
    to word: String, among candidates: @autoclosure () -> some Collection<String>, aliases: [String: String] = [:],
    inOrder: Bool = true
  ) -> String? {
    if isFull { return nil }
    let candidates = candidates()
    if candidates.count > 2000 { return nil }
    // Among equals the first one is taken, so the order must be the same every time.
    return Spelling.closest(to: word, among: inOrder ? Array(candidates) : candidates.sorted(), aliases: aliases)
  }

  /// Adds a diagnostic; the same one at the same place is kept once.
  func report(_ diagnostic: Diagnostic) {
    if diagnostic.severity == .error { hasErrors = true }
    let span = diagnostic.primary.span
    let key = Key(
      code: diagnostic.code.id, file: ObjectIdentifier(span.file), lower: span.lower, message: diagnostic.message)
    guard seen.insert(key).inserted else { return }
    if diagnostics.count < limit { diagnostics.append(diagnostic) } else { suppressed += 1 }
  }

  /// Adds a diagnostic of the language.
  func report(
    _ code: DiagnosticCode, _ message: String, at span: SourceSpan, label: String = "",
    secondary: [Diagnostic.Label] = [], values: [Diagnostic.Label] = [], notes: [String] = [], help: String? = nil,
    fix: Diagnostic.Fix? = nil
  ) {
    report(
      Diagnostic(
        code, message, at: span, label: label, secondary: secondary, values: values, notes: notes, help: help,
        fix: fix))
  }

  /// The diagnostics in source order, with a last one that counts what was left out.
  func finished() -> [Diagnostic] {
    let sorted = diagnostics.enumerated().sorted { left, right in
      let (a, b) = (left.element.primary.span, right.element.primary.span)
      if a.file !== b.file { return left.offset < right.offset }
      return a.lower != b.lower ? a.lower < b.lower : left.offset < right.offset
    }.map(\.element)
    guard suppressed > 0, let last = sorted.last else { return sorted }
    let end = SourceSpan(file: last.primary.span.file, lower: 0, upper: 0)
    return sorted + [
      Diagnostic(
        .tooManyDiagnostics, suppressed == 1 ? "1 more finding is not shown" : "\(suppressed) more findings are not shown",
        at: end, help: "mend the first ones, or raise the limit with `--limit diagnostics=\(limit + suppressed)`")
    ]
  }
}
