import Foundation
import RecipeLanguage

/// The recipe an arm's folder was started with: `recipe.resolved`.
///
///     // identity 3f2a…
///     // recipe simclr_gh
///     recipe {
///       seed = 0
///       …
public struct StoredRecipe: Sendable {
  /// Where it is stored.
  public let url: URL
  /// SHA-256 of ``canonical``.
  public let identity: String
  /// As in the file it came from; the folder's name in folders that do not say.
  public let name: String
  public let canonical: String
  /// The whole file with what the language needs to read it, line for line.
  private let readable: String

  private static let identityPrefix = "// identity "
  private static let namePrefix = "// recipe "

  static func text(name: String, identity: String, canonical: String) -> String {
    identityPrefix + identity + "\n" + namePrefix + name + "\n" + canonical
  }

  /// Throws ``RunStoreError`` where the file is none of ours.
  init(_ url: URL) throws {
    let data: Data
    do { data = try Data(contentsOf: url) } catch { throw RunStoreError(url, "cannot be read: \(error.localizedDescription)") }
    guard let text = String(data: data, encoding: .utf8), text.hasPrefix(Self.identityPrefix), let end = text.firstIndex(of: "\n")
    else { throw RunStoreError(url, "not readable as a resolved recipe; start anew with another --out") }
    self.url = url
    identity = String(text[..<end].dropFirst(Self.identityPrefix.count))
    var rest = text[text.index(after: end)...]
    var head = "edition 1\n"
    if rest.hasPrefix(Self.namePrefix), let end = rest.firstIndex(of: "\n") {
      name = String(rest[..<end].dropFirst(Self.namePrefix.count))
      rest = rest[rest.index(after: end)...]
      head += "\n"
    } else {
      name = url.deletingLastPathComponent().lastPathComponent
    }
    canonical = String(rest)
    let opening = "recipe {"
    readable = head + (rest.hasPrefix(opening) ? "recipe started {" + rest.dropFirst(opening.count) : rest)
  }

  /// The recipe as this version reads it, or what is wrong with it.
  public func resolved() -> (recipe: ResolvedRecipe?, diagnostics: [Diagnostic]) {
    let source = SourceFile(name: url.relativePath, text: readable)
    let (program, diagnostics) = Program.load(source, catalogue: RecipeCatalogue.shared)
    return (program?.recipes.first, diagnostics)
  }
}
