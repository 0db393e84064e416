/// How much a recipe may use. Every limit has a name, a default and a diagnostic that says how to raise it.
public struct Limits: Sendable {
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
