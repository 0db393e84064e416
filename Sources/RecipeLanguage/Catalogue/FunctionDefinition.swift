/// What calling a function does to the world. A pure function has none; the host grants effects one by one.
public struct Effect: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  /// The effect's name: `read`.
  public let rawValue: String
  /// An effect of this name.
  public init(rawValue: String) { self.rawValue = rawValue }
  /// Work on host values, such as kernels on tensors: no trace outside, but not for constructors.
  public static let compute = Effect(rawValue: "compute")
  /// Reads files.
  public static let read = Effect(rawValue: "read")
  /// Writes files.
  public static let write = Effect(rawValue: "write")
  /// Prints.
  public static let output = Effect(rawValue: "output")
  /// The name.
  public var description: String { rawValue }
}

/// The arguments of a call, complete: every parameter has a value (its default where it was not written).
public struct Arguments: Sendable {
  private let values: [String: Value]

  /// Arguments by parameter name.
  public init(_ values: [String: Value]) { self.values = values }

  /// The argument of a parameter. Asking for a parameter the definition does not have traps.
  public subscript(_ name: String) -> Value {
    guard let value = values[name] else { preconditionFailure("the function has no parameter \(name)") }
    return value
  }
  /// The argument as an integer.
  public func int(_ name: String) -> Int { require(name, \.intValue) }
  /// The argument as a number.
  public func float(_ name: String) -> Double { require(name, \.doubleValue) }
  /// The argument as a string.
  public func string(_ name: String) -> String { require(name, \.stringValue) }
  /// The argument as a truth value.
  public func bool(_ name: String) -> Bool { require(name, \.boolValue) }
  /// The argument as a list.
  public func list(_ name: String) -> [Value] { require(name, \.listValue) }
  /// The argument as a host object.
  public func host<T>(_ name: String, as type: T.Type = T.self) -> T {
    guard let object: T = self[name].hostObject() else { preconditionFailure("parameter \(name) is not a \(T.self)") }
    return object
  }

  private func require<T>(_ name: String, _ path: KeyPath<Value, T?>) -> T {
    guard let value = self[name][keyPath: path] else {
      preconditionFailure("parameter \(name) is not a \(T.self): \(self[name])")
    }
    return value
  }
}

/// What a host function may know about its call.
public struct CallContext: Sendable {
  /// The call in the source; its file's name is what relative paths are relative to.
  public let span: SourceSpan
  /// Where each written argument stands.
  public let argumentSpans: [String: SourceSpan]
  /// What the recipe may use.
  public let limits: Limits
  /// Where printed text goes.
  public let output: @Sendable (String) -> Void

  /// A context.
  public init(
    span: SourceSpan, argumentSpans: [String: SourceSpan], limits: Limits = Limits(),
    output: @escaping @Sendable (String) -> Void
  ) {
    self.span = span
    self.argumentSpans = argumentSpans
    self.limits = limits
    self.output = output
  }
}

/// An error of a host function with a place among its arguments. Any other error may be thrown as well.
public struct CallError: Error, Sendable {
  /// The code; the language's own E0702 if nil.
  public let code: DiagnosticCode?
  /// One sentence.
  public let message: String
  /// The argument at fault, if one is.
  public let argument: String?
  /// What to do.
  public let help: String?

  /// An error.
  public init(_ message: String, code: DiagnosticCode? = nil, argument: String? = nil, help: String? = nil) {
    self.code = code
    self.message = message
    self.argument = argument
    self.help = help
  }
}

/// A registered function.
public struct FunctionDefinition: Sendable {
  /// Its name.
  public let name: String
  /// Its parameters.
  public let parameters: [FieldDefinition]
  /// What it returns.
  public let result: ValueType
  /// What it does besides; functions with effects can only be called in `test` and `task`.
  public let effects: Set<Effect>
  /// What it computes.
  public let doc: String
  /// How many bytes the result takes, judged by the arguments before it is computed; nil where no result is much larger
  /// than they are.
  public let bytes: (@Sendable (Arguments) -> Int)?
  /// How many simple operations (a multiplication and an addition) it takes, judged by the arguments before it is called; nil
  /// where they are about as many as arguments and result have elements, which are counted anyway.
  public let work: (@Sendable (Arguments, CallContext) -> Double)?
  /// The work. Arguments are checked before.
  public let body: @Sendable (Arguments, CallContext) throws -> Value

  /// A function. Without effects it can be called anywhere and must be a pure function of its arguments.
  public init(
    _ name: String, doc: String = "", parameters: [FieldDefinition], result: ValueType, effects: Set<Effect> = [],
    bytes: (@Sendable (Arguments) -> Int)? = nil, work: (@Sendable (Arguments, CallContext) -> Double)? = nil,
    body: @escaping @Sendable (Arguments, CallContext) throws -> Value
  ) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.effects = effects
    self.doc = doc
    self.bytes = bytes
    self.work = work
    self.body = body
  }
}

/// A registered meaning of `+ - * /` for two types.
public struct OperatorDefinition: Sendable {
  /// What the operator does.
  public enum Meaning: Sendable {
    /// Makes a record of this constructor from its two operands.
    case record(constructor: String, left: String, right: String)
    /// Computes; with effects, only in tests and tasks.
    case function(effects: Set<Effect>, @Sendable (Value, Value) throws -> Value)
  }

  /// `+`, `-`, `*` or `/`.
  public let symbol: String
  /// The left operand's type.
  public let left: ValueType
  /// The right operand's type.
  public let right: ValueType
  /// The type of the result.
  public let result: ValueType
  /// What it does.
  public let meaning: Meaning
  /// What it means.
  public let doc: String

  /// An operator.
  public init(
    _ symbol: String, _ left: ValueType, _ right: ValueType, result: ValueType, doc: String = "", _ meaning: Meaning
  ) {
    self.symbol = symbol
    self.left = left
    self.right = right
    self.result = result
    self.meaning = meaning
    self.doc = doc
  }
}
