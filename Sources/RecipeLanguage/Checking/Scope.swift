/// The variables of the body being checked, innermost block last.
struct Scope {
  struct Variable {
    let slot: Int
    let type: ValueType
    let span: SourceSpan?
  }

  private var blocks: [[String: Variable]] = [[:]]
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

  mutating func push() { blocks.append([:]) }
  mutating func pop() { blocks.removeLast() }

  mutating func declare(_ name: String, _ type: ValueType, at span: SourceSpan?) -> Int {
    blocks[blocks.count - 1][name] = Variable(slot: slots, type: type, span: span)
    slots += 1
    return slots - 1
  }

  mutating func lookup(_ name: String) -> Variable? {
    for block in blocks.reversed() {
      if let found = block[name] {
        used.insert(name)
        return found
      }
    }
    return nil
  }

  /// Whether the name is taken in any open block.
  func declared(_ name: String) -> Variable? { blocks.reversed().lazy.compactMap { $0[name] }.first }

  /// All names in sight, for did-you-mean.
  var names: [String] { blocks.flatMap(\.keys) }
}
