/// How much a recipe may use. Every limit has a name, a default and a diagnostic that says how to raise it.
public struct Limits: Sendable, Hashable {
  /// Bytes of one source file.
  public var sourceBytes = 16 << 20
  /// Nesting of brackets, operators and blocks.
  public var nesting = 128
  /// Files imported, altogether.
  public var imports = 64
  /// Calls, loop turns and list elements while the recipes are resolved, and again for each test and task.
  public var fuel = 2_000_000
  /// Nested calls of recipe functions.
  public var callDepth = 64
  /// Elements of one list, entries of one map, bytes of one string.
  public var elements = 1_000_000
  /// Runs of one sweep.
  public var cells = 10_000
  /// Diagnostics shown; the rest are counted.
  public var diagnostics = 100

  /// The defaults.
  public init() {}
}

extension Limits {
  /// The names of the limits, as `--limit` and diagnostics write them.
  public enum Name: String, Sendable, CaseIterable {
    case sourceBytes = "source_bytes"
    case nesting, imports, fuel
    case callDepth = "call_depth"
    case elements, cells, diagnostics
  }

  /// The value of a limit.
  public subscript(name: Name) -> Int {
    get { self[keyPath: name.field] }
    set { self[keyPath: name.field] = newValue }
  }

  /// What a diagnostic says when a limit has been reached.
  func help(_ name: Name) -> String { "raise the limit with `--limit \(name.rawValue)=\(2 * max(1, self[name]))`" }
}

extension Limits.Name {
  var field: WritableKeyPath<Limits, Int> {
    switch self {
    case .sourceBytes: \.sourceBytes
    case .nesting: \.nesting
    case .imports: \.imports
    case .fuel: \.fuel
    case .callDepth: \.callDepth
    case .elements: \.elements
    case .cells: \.cells
    case .diagnostics: \.diagnostics
    }
  }
}
