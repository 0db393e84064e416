import VisibleText

/// The name of a kind of diagnostic, with the page that explains it.
///
/// The language's own codes stand in `DiagnosticCode.all`, grouped by the stage that finds them:
/// E00 text, E01 syntax, E02 names and labels, E03 types and units, E04 values, E05 schedules,
/// E06 recipes and sweeps, E07 running tests and tasks, E08 limits. Hosts add theirs from E1000 on.
///
/// A page shows a text that yields the code and the same text mended; tests check that both do so. In them `base`
/// stands for a complete recipe, which is not written out.
public struct DiagnosticCode: Sendable, Hashable, Identifiable {
  /// `E0203`.
  public let id: String
  /// A few words.
  public let title: String
  /// A paragraph or two: what is wrong, why the language insists, how to mend it.
  public let explanation: String
  /// The smallest recipe text that shows it.
  public let example: String
  /// The same, mended.
  public let corrected: String
  /// Files that lie beside the example, by path.
  public let files: [String: String]
  /// The limit that is lowered for the example.
  public let limit: Limit?
  /// What `--set` says for both texts.
  public let overrides: Overrides?
  /// The severity it has unless a diagnostic says otherwise.
  public let severity: Diagnostic.Severity

  /// A limit with the value that shows what happens at it.
  public struct Limit: Sendable {
    /// Which limit.
    public let name: Limits.Name
    /// The value it has for the example.
    public let value: Int

    /// `name` at `value`.
    public init(_ name: Limits.Name, _ value: Int) {
      self.name = name
      self.value = value
    }
  }

  /// Overrides that show it, and mended ones.
  public struct Overrides: Sendable {
    /// `path=value` that yields the code.
    public let failing: String
    /// `path=value` that does not.
    public let corrected: String

    /// A pair of overrides.
    public init(failing: String, corrected: String) {
      self.failing = failing
      self.corrected = corrected
    }
  }

  /// Makes a code; hosts use this to add their own.
  public init(
    _ id: String, _ title: String, _ explanation: String, example: String = "", corrected: String = "",
    files: [String: String] = [:], limit: Limit? = nil, overrides: Overrides? = nil,
    severity: Diagnostic.Severity = .error
  ) {
    self.id = id
    self.title = title
    self.explanation = explanation
    self.example = example
    self.corrected = corrected
    self.files = files
    self.limit = limit
    self.overrides = overrides
    self.severity = severity
  }

  /// Two codes are the same when their ids are.
  public static func == (left: DiagnosticCode, right: DiagnosticCode) -> Bool { left.id == right.id }
  /// Hashes the id.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

extension DiagnosticCode {
  /// The page `explain` prints: id, title, explanation, an example and the same mended.
  public var page: String {
    var parts = ["\(id): \(title)", explanation]
    if !example.isEmpty { parts += ["For example:", Self.indented(example)] }
    var conditions: [String] = []
    for (name, text) in files.sorted(by: { $0.key < $1.key }) { conditions.append("\(name) beside it holds `\(text)`") }
    if let limit { conditions.append("`--limit \(limit.name.rawValue)=\(limit.value)` is given") }
    if let overrides { conditions.append("on the command line stands `--set '\(overrides.failing)'`") }
    if example.contains("base {"), !example.contains("recipe base") { conditions.append("`base` is a complete recipe") }
    let hidden = example.unicodeScalars.filter { $0.isHidden && $0 != "\n" }
    if let first = hidden.first { conditions.append("the character itself stands in the place of `\(first.escape)`") }
    if !conditions.isEmpty { parts.append("where \(conditions.joined(separator: ", and "))") }
    if !corrected.isEmpty { parts += ["Mended:", Self.indented(corrected)] }
    if let overrides { parts.append("with `--set '\(overrides.corrected)'`") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private static func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
      .joined(separator: "\n")
  }
}
