import RecipeLanguage

/// What has changed between the recipe a run was started with and the one it is to go on with.
struct RecipeDifference {
  /// A line a change, two blanks before each; at most 20 and how many more there are.
  let text: String

  init(from canonical: String, to recipe: ResolvedRecipe) {
    var lines = Self.fields(from: canonical, to: recipe)
    // Text that this version reads otherwise than the one that wrote it.
    if lines.isEmpty { lines = Self.lines(from: canonical, to: recipe.canonicalText) }
    text = lines.prefix(20).joined(separator: "\n") + (lines.count > 20 ? "\n  … and \(lines.count - 20) more" : "")
  }

  /// `  model.precision: .fast → .exact`
  private static func fields(from canonical: String, to recipe: ResolvedRecipe) -> [String] {
    let source = SourceFile(name: "recipe.resolved", text: "edition 1\n" + named(canonical))
    guard let old = Program.load(source, catalogue: RecipeCatalogue.shared).program?.recipes.first else { return [] }
    let (before, after) = (old.leaves, recipe.leaves)
    let (was, now) = (texts(before), texts(after))
    let paths = after.map(\.path) + before.map(\.path).filter { now[$0] == nil }
    return paths.filter { was[$0] != now[$0] }.map { path in
      "  \(path): \(was[path] ?? "not there") → \(now[path] ?? "not there")"
    }
  }

  /// A declaration of canonical text, which has no name.
  private static func named(_ canonical: String) -> String {
    let head = "recipe {"
    return canonical.hasPrefix(head) ? "recipe started {" + canonical.dropFirst(head.count) : canonical
  }

  private static func texts(_ leaves: [(path: String, text: String, provenance: Provenance)]) -> [String: String] {
    Dictionary(leaves.map { ($0.path, $0.text) }, uniquingKeysWith: { first, _ in first })
  }

  /// The lines that differ, old with `-` and new with `+`.
  private static func lines(from old: String, to new: String) -> [String] {
    let (old, new) = (old.split(separator: "\n"), new.split(separator: "\n"))
    let lines = new.difference(from: old).map { change in
      switch change {
      case .remove(let offset, let line, _): (offset, "  - \(line)")
      case .insert(let offset, let line, _): (offset, "  + \(line)")
      }
    }
    return lines.sorted { ($0.0, $1.1) < ($1.0, $0.1) }.map(\.1)
  }
}
