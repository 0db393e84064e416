/// A file of a program: its tree and what its top-level names mean.
final class Module {
  let tree: SyntaxTree
  /// Where the file lies, for its imports; nil for text that is in no file.
  let path: String?
  /// Top-level names to indices into `Checker.globals`.
  var names: [String: Int] = [:]
  /// Imported files by their names here.
  var imports: [String: Module] = [:]
  /// Where those names are given.
  var importNames: [String: SourceSpan] = [:]
  var source: SourceFile { tree.source }

  init(tree: SyntaxTree, path: String?) {
    self.tree = tree
    self.path = path
  }
}

/// A top-level declaration on its way from tree to value.
struct Global {
  let declaration: Declaration
  let module: Module
  /// The type of a `let`; `record(recipe)` for a recipe.
  var type: ValueType = .unknown
  /// The value of a `let` or recipe once it is evaluated; nil where it has an error.
  var value: Value?
  /// The index into `Checker.functions` of a `func`.
  var function: Int?
  /// Whether it is part of a circle, or failed otherwise: uses are silent.
  var isPoisoned = false
}
