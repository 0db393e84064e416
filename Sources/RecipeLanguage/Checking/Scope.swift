/// The variables of the body being checked, innermost block last.
struct Scope {
  struct Variable {
    let slot: Int
    let type: ValueType
    let span: SourceSpan?
  }

  private struct Block {
    var variables: [String: Variable] = [:]
    /// What is known here of a name or path (`a.b`) besides its declaration: that it is not none.
    var narrowed: [String: ValueType] = [:]
  }

  private var blocks: [Block] = [Block()]
  /// How many slots the frame needs.
  private(set) var slots = 0
  /// What calls made here may do besides computing.
  var effects: Set<Effect> = []
  /// Whether functions with effects may be called at all.
  var allowsEffects = false
  /// Whether `expect` may be written.
  var allowsExpect = false
  /// The type `return` must give; nil outside functions.
  var result: ValueType?
  /// Names of variables that were used.
  private(set) var used: Set<String> = []
  private var hasNarrowed = false

  mutating func push() { blocks.append(Block()) }
  mutating func pop() { blocks.removeLast() }

  mutating func declare(_ name: String, _ type: ValueType, at span: SourceSpan?) -> Int {
    blocks[blocks.count - 1].variables[name] = Variable(slot: slots, type: type, span: span)
    slots += 1
    return slots - 1
  }

  mutating func lookup(_ name: String) -> Variable? {
    guard let found = declared(name) else { return nil }
    used.insert(name)
    return found
  }

  /// Whether the name is taken in any open block.
  func declared(_ name: String) -> Variable? { blocks.reversed().lazy.compactMap { $0.variables[name] }.first }

  /// From here to the end of the block the name or path has this type. Values never change, so what a test has shown
  /// stays true.
  mutating func narrow(_ path: String, to type: ValueType) {
    blocks[blocks.count - 1].narrowed[path] = type
    hasNarrowed = true
  }

  /// The type that tests have shown a name or path to have, unless an inner block declares the name anew.
  func narrowed(_ path: String) -> ValueType? {
    guard hasNarrowed else { return nil }
    let root = String(path.prefix { $0 != "." })
    for block in blocks.reversed() {
      if let type = block.narrowed[path] { return type }
      if block.variables[root] != nil { return nil }
    }
    return nil
  }

  /// All variables in sight; an inner one hides an outer one of its name.
  var visible: [String: Variable] {
    blocks.reduce(into: [:]) { visible, block in visible.merge(block.variables) { _, inner in inner } }
  }

  /// All names in sight, for did-you-mean.
  var names: [String] { blocks.flatMap(\.variables.keys) }
}
