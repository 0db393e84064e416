import Foundation
import RecipeLanguage

/// What two resolved recipes mean differently, field by field. Names, comments and where a value was written do not
/// count.
public struct RecipeComparison: Sendable {
  /// One side of a difference.
  public struct Side: Sendable {
    /// The value in canonical writing.
    public let text: String
    public let provenance: Provenance
  }

  /// A field that differs.
  public struct Change: Sendable {
    /// `optimizer.lr`
    public let path: String
    public let old: Side
    public let new: Side

    /// `optimizer.lr: 0.1 → 0.2`
    public var text: String { "\(path): \(Self.short(old.text)) → \(Self.short(new.text))" }

    private static func short(_ text: String) -> String { text.count > 120 ? text.prefix(117) + "…" : text }
  }

  /// In the order of the recipe's fields.
  public let changes: [Change]

  public init(_ old: ResolvedRecipe, _ new: ResolvedRecipe) {
    var changes: [Change] = []
    Self.compare(old.record, new.record, "", &changes)
    self.changes = changes
  }

  private static func compare(_ old: RecordValue, _ new: RecordValue, _ prefix: String, _ changes: inout [Change]) {
    for after in new.fields {
      guard let before = old.field(after.name), before.value.canonicalText != after.value.canonicalText else { continue }
      let path = prefix + after.name
      if case .record(let a) = before.value, case .record(let b) = after.value, a.type == b.type, a.kind == b.kind {
        compare(a, b, path + ".", &changes)
      } else {
        changes.append(
          Change(
            path: path, old: Side(text: before.value.canonicalText, provenance: before.provenance),
            new: Side(text: after.value.canonicalText, provenance: after.provenance)))
      }
    }
  }
}

// MARK: - Text

extension RecipeComparison.Side {
  /// Where it comes from, and that line of the file: `a.recipe:12:9   lr: 0.1,`.
  var place: String {
    guard let span = provenance.span else { return "default" }
    let line = span.file.line(span.line).trimmingCharacters(in: .whitespaces)
    return "\(provenance.description)   " + (line.count > 80 ? line.prefix(77) + "…" : line)
  }

  var json: JSONValue { .object(["value": .string(text), "from": provenance.json]) }
}
