import Foundation

/// A function of the language itself.
struct Builtin: Sendable {
  /// How its parameters and result get their types.
  enum Typing: Sendable {
    /// As the definition says.
    case fixed
    /// `Float` in the definition stands for the scalar of the schedule: Float or percent.
    case schedule
    /// The result is a number of the same type as the arguments, which must agree.
    case sameNumbers
    /// The result is the element type of the list argument.
    case element
    /// The result is the type of the list argument.
    case sameList
  }

  let definition: FunctionDefinition
  let typing: Typing
}

/// The functions every recipe can use.
package enum Builtins {
  /// The names of all of them.
  package static var names: [String] { table.keys.sorted() }

  /// By name.
  static let table: [String: Builtin] = Dictionary(
    uniqueKeysWithValues: (schedules + numbers + lists).map { ($0.definition.name, $0) })

  private static let value = FieldDefinition("x", .float, positional: true)

  private static func function(
    _ name: String, _ doc: String, _ parameters: [FieldDefinition], _ result: ValueType,
    _ typing: Builtin.Typing = .fixed,
    _ body: @escaping @Sendable (Arguments, CallContext) throws -> Value
  ) -> Builtin {
    Builtin(
      definition: FunctionDefinition(name, doc: doc, parameters: parameters, result: result, body: body), typing: typing
    )
  }

  private static func unary(_ name: String, _ doc: String, _ body: @escaping @Sendable (Double) -> Double) -> Builtin {
    function(name, doc, [value], .float) { arguments, _ in .float(body(arguments.float("x"))) }
  }

  private static func whole(_ name: String, _ doc: String, _ rule: FloatingPointRoundingRule) -> Builtin {
    function(name, doc, [value], .int) { arguments, _ in
      let rounded = arguments.float("x").rounded(rule)
      guard let result = Int(exactly: rounded) else { throw CallError("\(rounded) does not fit", code: .overflow) }
      return .int(result)
    }
  }

  private static let numbers: [Builtin] = [
    unary("sqrt", "The square root.", { $0.squareRoot() }),
    unary("exp", "e to the power of x.", { Foundation.exp($0) }),
    unary("log", "The natural logarithm.", { Foundation.log($0) }), unary("sin", "The sine.", { Foundation.sin($0) }),
    unary("cos", "The cosine.", { Foundation.cos($0) }),
    unary("tanh", "The hyperbolic tangent.", { Foundation.tanh($0) }),
    whole("round", "The nearest whole number; halves away from zero.", .toNearestOrAwayFromZero),
    whole("floor", "The greatest whole number that is not greater.", .down),
    whole("ceil", "The least whole number that is not less.", .up),
    function("pow", "x to the power of y.", [value, FieldDefinition("y", .float, positional: true)], .float) {
      arguments, _ in
      .float(Foundation.pow(arguments.float("x"), arguments.float("y")))
    },
    function("float", "A whole number as a Float.", [FieldDefinition("x", .int, positional: true)], .float) {
      arguments, _ in
      .float(Double(arguments.int("x")))
    },
    function(
      "div", "Whole division; the result is rounded towards zero.",
      [FieldDefinition("x", .int, positional: true), FieldDefinition("y", .int, positional: true)], .int
    ) { arguments, _ in
      guard arguments.int("y") != 0 else { throw CallError("division by zero", code: .divisionByZero, argument: "y") }
      let (quotient, overflow) = arguments.int("x").dividedReportingOverflow(by: arguments.int("y"))
      if overflow { throw CallError("the quotient does not fit in 64 bits", code: .overflow) }
      return .int(quotient)
    },
    function("string", "A value as text.", [FieldDefinition("x", .any, positional: true)], .string) { arguments, _ in
      .string(CanonicalText.shown(arguments["x"]))
    },
    function("abs", "The size without the sign.", [FieldDefinition("x", .any, positional: true)], .any, .sameNumbers) {
      arguments, _ in
      let value = arguments["x"]
      guard let number = value.doubleValue, number < 0 else { return value }
      return try Arithmetic.negate(value)
    },
    extremum("min", "The smaller of two.") { $0 < $1 }, extremum("max", "The greater of two.") { $0 > $1 },
  ]

  private static func extremum(
    _ name: String, _ doc: String, _ first: @escaping @Sendable (Double, Double) -> Bool
  ) -> Builtin {
    let parameters = [FieldDefinition("a", .any, positional: true), FieldDefinition("b", .any, positional: true)]
    return function(name, doc, parameters, .any, .sameNumbers) { arguments, _ in
      let (a, b) = (arguments["a"], arguments["b"])
      return first(b.doubleValue ?? 0, a.doubleValue ?? 0) ? b : a
    }
  }

  private static let lists: [Builtin] = [
    function(
      "range", "The whole numbers from `from` up to but not including `to`; with one argument, from 0.",
      [
        FieldDefinition("from", .int, positional: true), FieldDefinition("to", .optional(.int), positional: true),
        FieldDefinition("step", .int, default: 1, positional: true),
      ], .list(.int)
    ) { arguments, context in
      let (from, to) =
        arguments["to"].intValue.map { (arguments.int("from"), $0) } ?? (0, arguments.int("from"))
      let step = arguments.int("step")
      guard step != 0 else {
        throw CallError("a range needs a step that is not 0", code: .badBuiltinArgument, argument: "step")
      }
      let count = (Double(to) - Double(from)) / Double(step)
      if let problem = context.limits.problem(ofList: count) { throw problem }
      return .list(stride(from: from, to: to, by: step).map { .int($0) })
    },
    function(
      "sum", "The sum of a list of numbers.", [FieldDefinition("list", .list(.any), positional: true)], .any, .element
    ) {
      arguments, _ in
      let elements = arguments.list("list")
      guard let first = elements.first else { return .int(0) }
      return try elements.dropFirst().reduce(first) { try Arithmetic.apply(.add, $0, $1) }
    },
    function(
      "count", "How many elements or characters there are.",
      [FieldDefinition("x", .oneOf([.list(.any), .map(.any), .string]), positional: true)], .int
    ) { arguments, _ in .int(Arithmetic.count(arguments["x"])) },
    function(
      "reversed", "The list backwards.", [FieldDefinition("list", .list(.any), positional: true)], .list(.any),
      .sameList
    ) { arguments, _ in .list(arguments.list("list").reversed()) },
  ]
}
