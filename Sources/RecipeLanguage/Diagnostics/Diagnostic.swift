/// One finding about a recipe: a code, one sentence, excerpts, and what to do about it.
public struct Diagnostic: Sendable {
  /// How bad it is. Only an error keeps a program from loading.
  public enum Severity: String, Sendable {
    case error, warning, note
  }

  /// A place in the text and what is to be said about it.
  public struct Label: Sendable {
    /// The place.
    public let span: SourceSpan
    /// What the marks under it say; may be empty.
    public let text: String

    /// A label on `span`.
    public init(_ span: SourceSpan, _ text: String = "") {
      self.span = span
      self.text = text
    }
  }

  /// An edit that removes the cause.
  public struct Fix: Sendable {
    /// What is replaced (empty: an insertion).
    public let span: SourceSpan
    /// The new text.
    public let replacement: String

    /// Replaces `span` by `replacement`.
    public init(_ span: SourceSpan, replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }

  /// The code, with its page for `explain`.
  public let code: DiagnosticCode
  /// How bad it is.
  public let severity: Severity
  /// One sentence, lower case, without a full stop.
  public let message: String
  /// Where it is.
  public let primary: Label
  /// Where the cause lies, when that is elsewhere.
  public let secondary: [Label]
  /// The values of the parts of a failed expectation, each at the place it is drawn under.
  public let values: [Label]
  /// Facts that help to understand.
  public var notes: [String]
  /// What to do.
  public let help: String?
  /// An edit that would mend it.
  public let fix: Fix?

  /// Makes a diagnostic. A host uses this for its own checks (plan, environment, run time).
  public init(
    _ code: DiagnosticCode, severity: Severity? = nil, _ message: String, at span: SourceSpan, label: String = "",
    secondary: [Label] = [], values: [Label] = [], notes: [String] = [], help: String? = nil, fix: Fix? = nil
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.message = message
    primary = Label(span, label)
    self.secondary = secondary
    self.values = values
    self.notes = notes
    self.help = help
    self.fix = fix
  }
}

extension Sequence where Element == Diagnostic {
  /// Whether any of them is an error.
  public var hasErrors: Bool { contains { $0.severity == .error } }
}
