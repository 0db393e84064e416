/// The name of a kind of diagnostic, with the page that explains it.
///
/// The language's own codes stand in `DiagnosticCode.all`, grouped by the stage that finds them:
/// E00 text, E01 syntax, E02 names and labels, E03 types and units, E04 values, E05 schedules,
/// E06 recipes and sweeps, E07 running tests and tasks, E08 limits. Hosts add theirs from E1000 on.
public struct DiagnosticCode: Sendable, Hashable, Identifiable {
  /// `E0203`.
  public let id: String
  /// A few words.
  public let title: String
  /// A paragraph or two: what is wrong, why the language insists, how to mend it.
  public let explanation: String
  /// The smallest recipe text that shows it, or empty where text alone cannot.
  public let example: String
  /// The severity it has unless a diagnostic says otherwise.
  public let severity: Diagnostic.Severity

  /// Makes a code; hosts use this to add their own.
  public init(
    _ id: String, _ title: String, _ explanation: String, example: String = "",
    severity: Diagnostic.Severity = .error
  ) {
    self.id = id
    self.title = title
    self.explanation = explanation
    self.example = example
    self.severity = severity
  }

  /// Two codes are the same when their ids are.
  public static func == (left: DiagnosticCode, right: DiagnosticCode) -> Bool { left.id == right.id }
  /// Hashes the id.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
