/// A checked expression: what names mean is settled, and its type is known.
struct Code: Sendable {
  let node: Node
  let type: ValueType
  let span: SourceSpan
  /// A whole number written in digits, which may still become a Float.
  var isIntegerLiteral = false

  /// An expression that was reported; it fits everywhere and evaluates to nothing.
  static func poison(_ span: SourceSpan) -> Code { Code(node: .poison, type: .unknown, span: span) }
  var isPoison: Bool { if case .poison = node { true } else { false } }
  /// The value, where it is written out.
  var constant: Value? { if case .constant(let value) = node { value } else { nil } }
}

/// What a checked expression does.
indirect enum Node: Sendable {
  case poison
  case constant(Value)
  /// A top-level `let` or recipe.
  case global(Int)
  /// A parameter or variable in the current frame.
  case local(Int)
  case list([Code])
  case comprehension(element: Code, slot: Int, sequence: Code, condition: Code?)
  case map([(key: Code, value: Code)])
  case string([StringCode])
  case construct(RecordDefinition, [BoundArgument])
  case callHost(FunctionDefinition, [BoundArgument])
  case callFunction(Int, [BoundArgument])
  case select(Code, String)
  case property(Code, HostTypeDefinition.Property)
  case count(Code)
  case index(Code, Code)
  case negate(Code)
  case not(Code)
  case arithmetic(BinaryOperator, SourceSpan, Code, Code)
  case compare(BinaryOperator, Code, Code)
  case and(Code, Code)
  case or(Code, Code)
  case hostOperator(OperatorDefinition, Code, Code)
  case conditional(Code, Code, Code)
  case transition(Code, Code)
  case then([Code])
  case with(Code, [AmendmentCode])
}

/// A piece of an interpolated string.
enum StringCode: Sendable {
  case text(String)
  case value(Code)
}

/// An argument and the index of the parameter it is for.
struct BoundArgument: Sendable {
  let parameter: Int
  let code: Code
  /// Whether it was not written: the default stands here.
  var isDefault = false
}

/// A checked `path = value` of `with`.
struct AmendmentCode: Sendable {
  let path: [Name]
  let value: Code
}

/// A checked statement.
struct StatementCode: Sendable {
  let node: StatementNode
  let span: SourceSpan
}

/// What a checked statement does.
indirect enum StatementNode: Sendable {
  case bind(Int, Code)
  case loop(Int, Code, [StatementCode])
  case conditional(Code, [StatementCode], [StatementCode])
  case result(Code?)
  case evaluate(Code)
  case expect(Code)
  case expectNearly(Code, Code, within: Code)
  /// `staticCodes`: what checking the block found; it is not run then.
  case expectFailure(code: Name, staticCodes: [String], [StatementCode])
  case poison
}

/// A checked body with the size of its frame.
struct BodyCode: Sendable {
  var statements: [StatementCode] = []
  var slots = 0
  var effects: Set<Effect> = []
}

/// A checked recipe function.
struct FunctionCode: Sendable {
  let name: String
  let parameters: [FieldDefinition]
  let result: ValueType
  let span: SourceSpan
  var body = BodyCode()
  /// Defaults, by parameter.
  var defaults: [Int: Value] = [:]
}
