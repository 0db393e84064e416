/// A checked recipe file: its recipes and sweeps fully resolved, its tests and tasks ready to run.
public struct Program: Sendable {
  /// The file.
  public let source: SourceFile
  /// Every recipe declared in the file, resolved, in order (overrides applied).
  public let recipes: [ResolvedRecipe]
  /// Every sweep, expanded.
  public let sweeps: [ResolvedSweep]
  /// Every task.
  public let tasks: [TaskDeclaration]
  /// Every test.
  public let tests: [TestDeclaration]
  /// The catalogue it was checked against, with the enums and records the file declares.
  public let catalogue: Catalogue
  /// What it was allowed to use while it was checked.
  public let limits: Limits
  let image: ProgramImage
}

/// A recipe with every field resolved, defaults included.
public struct ResolvedRecipe: Sendable {
  /// Its name in the file; for a cell of a sweep `sweep[axis: value, …]`.
  public let name: String
  /// The text of its `///` comment.
  public let doc: String
  /// The recipe it is derived from.
  public let base: String?
  /// Its fields: a record of the catalogue's recipe schema.
  public let record: RecordValue
  /// Where its name stands.
  public let span: SourceSpan
  /// The resolved recipe as text: one writing for one meaning, without name and comments.
  public let canonicalText: String
  /// SHA-256 of the canonical text, 64 hexadecimal digits.
  public let identity: String
}

/// A sweep with all its cells; how many runs there are is known here.
public struct ResolvedSweep: Sendable {
  /// One axis.
  public struct Axis: Sendable {
    /// Its name: the path it sets, or the variable it binds.
    public let name: String
    /// Its values, in order.
    public let values: [Value]
  }

  /// One run.
  public struct Cell: Sendable {
    /// The value of every axis, in the order of the axes.
    public let axes: [(name: String, value: Value)]
    /// The resolved recipe of this cell.
    public let recipe: ResolvedRecipe
  }

  /// Its name in the file.
  public let name: String
  /// The text of its `///` comment.
  public let doc: String
  /// The recipe it varies.
  public let base: String
  /// Its axes; the last one varies fastest.
  public let axes: [Axis]
  /// Its runs, without the skipped ones.
  public let cells: [Cell]
  /// How many combinations `skip when` left out.
  public let skipped: Int
  /// Where its name stands.
  public let span: SourceSpan
}

/// A task: statements to be run when what it needs is there.
public struct TaskDeclaration: Sendable {
  /// Its name.
  public let name: String
  /// The text of its `///` comment.
  public let doc: String
  /// The recipes, sweeps and tasks it needs, in order.
  public let needs: [String]
  /// The effects its statements may have; the host grants them or refuses to run it.
  public let effects: Set<Effect>
  /// Where its name stands.
  public let span: SourceSpan
}

/// A test.
public struct TestDeclaration: Sendable {
  /// Its name.
  public let name: String
  /// The effects its statements may have.
  public let effects: Set<Effect>
  /// Where its name stands.
  public let span: SourceSpan
}

/// What came of running a test or a task.
public struct Outcome: Sendable {
  /// Whether everything held.
  public let passed: Bool
  /// How many expectations were looked at.
  public let expectations: Int
  /// Failed expectations and run-time errors, with their places.
  public let diagnostics: [Diagnostic]
  /// What it printed.
  public let output: String
}
