/// A name and where it stands.
struct Name: Sendable {
  let text: String
  let span: SourceSpan
}

/// An expression as it was written.
struct Expression: Sendable {
  let kind: Kind
  let span: SourceSpan

  indirect enum Kind: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case quantity(Quantity)
    case string([StringPart])
    case name(String)
    /// `.cifar`, `.simclr`
    case member(Name)
    case list([Expression])
    /// `[element for variable in sequence if condition]`
    case comprehension(element: Expression, variable: Name, sequence: Expression, condition: Expression?)
    case map([MapItem])
    /// `base.name`
    case select(Expression, Name)
    /// `callee(arguments)`
    case call(Expression, [Argument])
    /// `base[index]`
    case index(Expression, Expression)
    case negate(Expression)
    case not(Expression)
    case binary(BinaryOperator, SourceSpan, Expression, Expression)
    /// `a -> b`
    case transition(Expression, Expression)
    /// The parts of `a then b then c`.
    case then([Expression])
    /// `base with { path = value }`
    case with(Expression, [Amendment])
    /// `if condition { a } else { b }`
    case conditional(Expression, Expression, Expression)
    /// Text that was reported and could not be read.
    case invalid
  }
}

/// A piece of a string.
enum StringPart: Sendable {
  case text(String)
  case value(Expression)
}

/// `key: value` of a map.
struct MapItem: Sendable {
  let key: Expression
  let value: Expression
}

/// An argument of a call.
struct Argument: Sendable {
  let label: Name?
  let value: Expression
}

/// `a.b = value` of a recipe, of `with` or of a sweep.
struct Amendment: Sendable {
  let path: [Name]
  let value: Expression
  var span: SourceSpan { path[0].span.through(path[path.count - 1].span) }
  var pathText: String { path.map(\.text).joined(separator: ".") }
}

/// An operator between two operands.
enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case remainder = "%"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case and = "&&"
  case or = "||"
  /// Only in `expect a ~= b within tol`.
  case nearly = "~="

  var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .nearly: true
    default: false
    }
  }
}

/// A type as it was written: `Int`, `[Float]`, `String?`.
indirect enum TypeSyntax: Sendable {
  case name(Name)
  case list(TypeSyntax, SourceSpan)
  case map(TypeSyntax, TypeSyntax, SourceSpan)
  case optional(TypeSyntax, SourceSpan)
  case invalid(SourceSpan)
}

/// A statement of a function, test or task.
struct Statement: Sendable {
  let kind: Kind
  let span: SourceSpan

  indirect enum Kind: Sendable {
    case binding(Name, TypeSyntax?, Expression)
    case loop(Name, Expression, [Statement])
    case conditional(Expression, [Statement], [Statement])
    case result(Expression?)
    case expression(Expression)
    /// `expect condition` or `expect a ~= b within tolerance`
    case expect(Expression, within: Expression?)
    /// `expect fails "CODE" { … }`
    case expectFailure(code: Name, [Statement])
    case invalid
  }
}

/// A parameter of a recipe function, or a field of a declared record.
struct ParameterSyntax: Sendable {
  let name: Name
  let type: TypeSyntax
  let defaultValue: Expression?
  /// Written `_ name: Type`: the call leaves out the label.
  let isPositional: Bool
  let doc: String
}

/// A declaration at the top of a file.
struct Declaration: Sendable {
  let kind: Kind
  let name: Name
  let doc: String
  let span: SourceSpan

  enum Kind: Sendable {
    case binding(TypeSyntax?, Expression)
    case function([ParameterSyntax], result: TypeSyntax?, [Statement])
    case enumeration([Name])
    case record([ParameterSyntax])
    case recipe(base: [Name], [Amendment])
    case sweep(base: [Name], axes: [AxisSyntax], [Amendment], skips: [Expression])
    case task(needs: [Name], [Statement])
    case test([Statement])
    case imported(path: Name)
  }
}

/// `axis path in [values]`
struct AxisSyntax: Sendable {
  let path: [Name]
  let values: Expression
  var name: String { path.map(\.text).joined(separator: ".") }
}

/// A parsed file.
struct SyntaxTree: Sendable {
  let source: SourceFile
  let declarations: [Declaration]
  let comments: [Range<Int>]
}
