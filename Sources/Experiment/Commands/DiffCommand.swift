import Foundation
import RecipeLanguage
import VisibleText

/// `harmonia diff A B`: what two recipe files, or runs, mean differently.
public struct DiffCommand: Sendable {
  public var first: String
  public var second: String
  /// Names of recipes to compare; empty for all.
  public var recipes: [String]
  public var json: Bool
  public var limits = RecipeLimits()

  public init(first: String, second: String, recipes: [String] = [], json: Bool = false) {
    self.first = first
    self.second = second
    self.recipes = recipes
    self.json = json
  }

  /// As `diff`: 0 where nothing differs, 1 where something does, 2 where a side cannot be read.
  public func run(_ console: Console) -> ExitStatus {
    guard let old = side(first, console), let new = side(second, console) else { return .badRecipe }
    for name in recipes where !(old + new).contains(where: { $0.name == name }) {
      console.err("error: neither side has a recipe `\(name)`; there is: \(Self.names(old + new))".visibleLine)
      return .badRecipe
    }
    let pairs = pairs(chosen(old), chosen(new))
    if json {
      console.out(
        JSONValue.object([
          "first": .string(first), "second": .string(second), "equal": .bool(pairs.allSatisfy(\.isEqual)),
          "recipes": .array(pairs.map(\.json)),
        ]).document)
    } else {
      for pair in pairs where !pair.isEqual { console.out(pair.text(first, second)) }
    }
    return pairs.allSatisfy(\.isEqual) ? .success : .failedCheck
  }

  private static func names(_ recipes: [ResolvedRecipe]) -> String {
    recipes.isEmpty ? "none" : recipes.map(\.name).uniqued().joined(separator: ", ")
  }

  // MARK: Sides

  /// The recipes of a file, or those that a run's folder was started with; nil after saying why not.
  private func side(_ path: String, _ console: Console) -> [ResolvedRecipe]? {
    let url = URL(filePath: path)
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path(percentEncoded: false), isDirectory: &isFolder) else {
      console.err("error: \(path): no such recipe or run".visibleLine)
      return nil
    }
    let stored: [URL]
    if isFolder.boolValue {
      let arm = ArmFolder(url)
      stored = arm.isThere ? [arm.recipe] : RunFolder(url).everything.map(\.recipe)
      guard !stored.isEmpty else {
        console.err("error: \(path): holds no run".visibleLine)
        return nil
      }
    } else if url.pathExtension == "resolved" {
      stored = [url]
    } else {
      guard let program = RecipeRequest(file: path, limits: limits).load(console, json: json) else { return nil }
      return program.recipes + program.sweeps.flatMap { $0.cells.map(\.recipe) }
    }
    do {
      return try stored.map { try resolved(StoredRecipe($0), console) }
    } catch {
      console.err("error: \(error)".visibleLine)
      return nil
    }
  }

  private func resolved(_ stored: StoredRecipe, _ console: Console) throws -> ResolvedRecipe {
    let (recipe, diagnostics) = stored.resolved()
    guard let recipe else {
      DiagnosticPrinter(json: json).print(diagnostics, to: console)
      throw RunStoreError(stored.url, "was written by a version whose words differ")
    }
    return recipe.named(stored.name)
  }

  // MARK: Pairs

  /// Two recipes of one name; or one that has no counterpart.
  fileprivate struct Pair {
    let name: String
    let old: ResolvedRecipe?
    let new: ResolvedRecipe?
    let changes: [RecipeComparison.Change]

    var isEqual: Bool { old != nil && new != nil && changes.isEmpty }
  }

  private func chosen(_ all: [ResolvedRecipe]) -> [ResolvedRecipe] {
    recipes.isEmpty ? all : all.filter { recipes.contains($0.name) }
  }

  /// By name; a single one on each side is a pair whatever it is called.
  private func pairs(_ old: [ResolvedRecipe], _ new: [ResolvedRecipe]) -> [Pair] {
    func pair(_ a: ResolvedRecipe, _ b: ResolvedRecipe, _ name: String) -> Pair {
      Pair(name: name, old: a, new: b, changes: RecipeComparison(a, b).changes)
    }
    if old.count == 1, new.count == 1 {
      let (a, b) = (old[0], new[0])
      return [pair(a, b, a.name == b.name ? a.name : "\(a.name) → \(b.name)")]
    }
    let both = old.map { a in
      new.first { $0.name == a.name }.map { pair(a, $0, a.name) } ?? Pair(name: a.name, old: a, new: nil, changes: [])
    }
    return both
      + new.filter { b in !old.contains { $0.name == b.name } }.map { Pair(name: $0.name, old: nil, new: $0, changes: []) }
  }
}

extension DiffCommand.Pair {
  func text(_ first: String, _ second: String) -> String {
    guard old != nil else { return "\(name): only in \(second)".visibleLine }
    guard new != nil else { return "\(name): only in \(first)".visibleLine }
    return ([name] + changes.flatMap { ["  \($0.text)", "      \($0.old.place)", "      \($0.new.place)"] })
      .map(\.visibleLine).joined(separator: "\n")
  }

  var json: JSONValue {
    let status = old == nil ? "only_in_second" : new == nil ? "only_in_first" : changes.isEmpty ? "same" : "different"
    return .object([
      "name": .string(name), "status": .string(status),
      "identities": .array([old, new].map { recipe in recipe.map { .string($0.identity) } ?? .null }),
      "changes": .array(
        changes.map { .object(["path": .string($0.path), "old": $0.old.json, "new": $0.new.json]) }),
    ])
  }
}
