/// How much a recipe may use. Every limit has a name, a default, and a diagnostic that says how to raise it.
public struct Limits: Sendable, Hashable {
  /// Bytes of one source file.
  public var sourceBytes = 16 << 20
  /// Nesting of brackets, operators and blocks, and of records in records.
  public var nesting = 128
  /// Nesting of list and map types.
  public var typeDepth = 16
  /// Files imported, altogether.
  public var imports = 64
  /// Calls, loop turns, list elements and the work of functions while the recipes are resolved, and again for each test and task.
  public var fuel = 2_000_000
  /// Nested calls of recipe functions.
  public var callDepth = 64
  /// Elements of one list, entries of one map, bytes of one string.
  public var elements = 1_000_000
  /// Bytes of all values that are needed at the same time.
  public var memory = 1 << 30
  /// Bytes printed by one test or task.
  public var output = 1 << 20
  /// Runs of one sweep.
  public var cells = 10_000
  /// Diagnostics shown; the rest are counted.
  public var diagnostics = 100
  /// Whether ``nesting`` is what the stack that could be had bears, and so is not raised by asking for more.
  private(set) var isBoundByStack = false

  /// The defaults.
  public init() {}

  /// For recipes from people you do not know: checking one takes little time and memory, whatever it says.
  public static let untrusted: Limits = {
    var limits = Limits()
    limits.sourceBytes = 1 << 20
    limits.nesting = 64
    limits.typeDepth = 8
    limits.imports = 16
    limits.fuel = 200_000
    limits.callDepth = 16
    limits.elements = 100_000
    limits.memory = 64 << 20
    limits.output = 64 << 10
    limits.cells = 1000
    return limits
  }()
}

extension Limits {
  /// The names of the limits, as `--limit` and diagnostics write them.
  public enum Name: String, Sendable, CaseIterable {
    case sourceBytes = "source_bytes"
    case nesting
    case typeDepth = "type_depth"
    case imports, fuel
    case callDepth = "call_depth"
    case elements, memory, output, cells, diagnostics
  }

  /// The value of a limit.
  public subscript(name: Name) -> Int {
    get { self[keyPath: name.field] }
    set { self[keyPath: name.field] = newValue }
  }

  /// The same with at most so much nesting, for a stack that bears no more.
  func bearing(nesting most: Int) -> Limits {
    guard nesting > most else { return self }
    var limits = self
    (limits.nesting, limits.isBoundByStack) = (most, true)
    return limits
  }

  /// What a diagnostic says when a limit has been reached.
  func help(_ name: Name) -> String {
    if name == .nesting, isBoundByStack {
      return "let the process have a larger stack: a higher `ulimit -v`, `ulimit -u` or `ulimit -s`"
    }
    guard self[name] < name.largest else { return "this limit, `\(name.rawValue)`, cannot be higher" }
    let more = min(name.largest, 2 * max(1, self[name]))
    return "raise the limit with `--limit \(name.rawValue)=\(more)`"
  }
}

extension Limits.Name {
  /// One line of what it counts.
  public var doc: String {
    switch self {
    case .sourceBytes: "bytes of one file"
    case .nesting: "brackets, operators, blocks and records in each other"
    case .typeDepth: "lists and maps in each other"
    case .imports: "files imported"
    case .fuel: "calls, loop turns, list elements and work of functions"
    case .callDepth: "calls of recipe functions in each other"
    case .elements: "elements of one list or map, bytes of one string"
    case .memory: "bytes of all values at the same time"
    case .output: "bytes printed by one test or task"
    case .cells: "runs of one sweep"
    case .diagnostics: "diagnostics shown"
    }
  }

  /// The highest value that can be set: what the program itself can bear.
  public var largest: Int {
    switch self {
    // Offsets stay far below 2³¹; levels need room on the stack.
    case .sourceBytes: 1 << 30
    case .nesting, .callDepth: 1000
    case .typeDepth: 64
    case .imports, .cells, .diagnostics: 1_000_000
    case .fuel, .elements: 1_000_000_000_000
    case .memory, .output: 1 << 50
    }
  }

  var field: WritableKeyPath<Limits, Int> {
    switch self {
    case .sourceBytes: \.sourceBytes
    case .nesting: \.nesting
    case .typeDepth: \.typeDepth
    case .imports: \.imports
    case .fuel: \.fuel
    case .callDepth: \.callDepth
    case .elements: \.elements
    case .memory: \.memory
    case .output: \.output
    case .cells: \.cells
    case .diagnostics: \.diagnostics
    }
  }
}

extension Limits {
  /// Why a function may not make values of so many bytes, said before it takes them.
  package func problem(ofBytes count: Double, of what: String) -> CallError? {
    count <= Double(memory)
      ? nil : CallError("\(what) needs more than \(memory) bytes", code: .tooMuchMemory, help: help(.memory))
  }

  /// Why a list of so many elements may not be made, said before it takes up memory.
  func problem(ofList count: Double) -> CallError? {
    let shown = "a list of \(Int(min(count, 1e18))) elements"
    if count > Double(elements) {
      return CallError("\(shown) is too long; the limit is \(elements)", code: .tooManyElements, help: help(.elements))
    }
    if count > Double(fuel) {
      return CallError("\(shown) is too much work; the limit is \(fuel)", code: .outOfFuel, help: help(.fuel))
    }
    if count * Double(Evaluator.bytesOfValue) > Double(memory) {
      return CallError("\(shown) needs more than \(memory) bytes", code: .tooMuchMemory, help: help(.memory))
    }
    return nil
  }
}
