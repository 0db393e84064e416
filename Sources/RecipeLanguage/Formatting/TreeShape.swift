/// What a tree says, without where it says it: two texts of the same shape mean the same.
struct TreeShape {
  private var text = ""

  /// One writing for each tree.
  static func of(_ tree: SyntaxTree) -> String {
    var shape = TreeShape()
    for declaration in tree.declarations { shape.add(declaration) }
    return shape.text
  }

  // Every part starts with a word of its own and lists state their length, so that no two trees are written alike.
  private mutating func add(_ word: String) {
    text += word
    text += " "
  }
  private mutating func add(quoted: String) { add("\(quoted.utf8.count)\"\(quoted)") }
  private mutating func add(_ name: Name) { add(quoted: name.text) }
  private mutating func add(_ path: [Name]) {
    add("path\(path.count)")
    for name in path { add(name) }
  }

  private mutating func add(_ declaration: Declaration) {
    add("declaration")
    add(declaration.name)
    add(quoted: declaration.doc)
    switch declaration.kind {
    case .binding(let type, let value):
      add("let")
      add(type)
      add(value)
    case .function(let parameters, let result, let body):
      add("func")
      add(parameters)
      add(result)
      add(body)
    case .enumeration(let members):
      add("enum")
      add(members)
    case .record(let fields):
      add("record")
      add(fields)
    case .recipe(let base, let amendments):
      add("recipe")
      add(base)
      add(amendments)
    case .sweep(let base, let axes, let amendments, let skips):
      add("sweep")
      add(base)
      add("axes\(axes.count)")
      for axis in axes {
        add(axis.path)
        add(axis.values)
      }
      add(amendments)
      add(skips)
    case .task(let needs, let body):
      add("task")
      add(needs)
      add(body)
    case .test(let body):
      add("test")
      add(body)
    case .imported(let path):
      add("import")
      add(path)
    }
  }

  private mutating func add(_ parameters: [ParameterSyntax]) {
    add("parameters\(parameters.count)")
    for parameter in parameters {
      add(parameter.isPositional ? "_" : "label")
      add(parameter.name)
      add(parameter.type)
      add(optional: parameter.defaultValue)
      add(quoted: parameter.doc)
    }
  }

  private mutating func add(_ type: TypeSyntax?) {
    switch type {
    case nil: add("untyped")
    case .name(let name): add(name)
    case .list(let element, _):
      add("[]")
      add(element)
    case .map(let key, let value, _):
      add("[:]")
      add(key)
      add(value)
    case .optional(let type, _):
      add("?")
      add(type)
    case .invalid: add("invalid")
    }
  }

  private mutating func add(_ amendments: [Amendment]) {
    add("amendments\(amendments.count)")
    for amendment in amendments {
      add(amendment.path)
      add(amendment.value)
    }
  }

  private mutating func add(_ statements: [Statement]) {
    add("statements\(statements.count)")
    for statement in statements { add(statement) }
  }

  private mutating func add(_ statement: Statement) {
    switch statement.kind {
    case .binding(let name, let type, let value):
      add("let")
      add(name)
      add(type)
      add(value)
    case .loop(let name, let sequence, let body):
      add("for")
      add(name)
      add(sequence)
      add(body)
    case .conditional(let condition, let first, let second):
      add("if")
      add(condition)
      add(first)
      add(second)
    case .result(let value):
      add("return")
      add(optional: value)
    case .expression(let value): add(value)
    case .expect(let condition, let tolerance):
      add("expect")
      add(condition)
      add(optional: tolerance)
    case .expectFailure(let code, let body):
      add("fails")
      add(code)
      add(body)
    case .invalid: add("invalid")
    }
  }

  // MARK: Expressions

  private mutating func add(optional value: Expression?) {
    if let value { add(value) } else { add("left-out") }
  }

  private mutating func add(_ values: [Expression]) {
    add("values\(values.count)")
    for value in values { add(value) }
  }

  private mutating func add(_ expression: Expression) {
    switch expression.kind {
    case .none: add("none")
    case .bool(let value): add("\(value)")
    case .int(let value): add("int \(value)")
    case .float(let value): add("float \(value)")
    case .quantity(let value): add("quantity \(value)")
    case .string(let parts):
      add("string\(parts.count)")
      for part in parts {
        switch part {
        case .text(let text): add(quoted: text)
        case .value(let value): add(value)
        }
      }
    case .name(let name): add(quoted: name)
    case .member(let name):
      add(".")
      add(name)
    case .list(let elements): add(elements)
    case .comprehension(let element, let variable, let sequence, let condition):
      add("comprehension")
      add(element)
      add(variable)
      add(sequence)
      add(optional: condition)
    case .map(let items):
      add("map\(items.count)")
      for item in items {
        add(item.key)
        add(item.value)
      }
    case .select(let base, let name):
      add("select")
      add(base)
      add(name)
    case .call(let callee, let arguments):
      add("call\(arguments.count)")
      add(callee)
      for argument in arguments {
        if let label = argument.label { add(label) } else { add("_") }
        add(argument.value)
      }
    case .index(let base, let index):
      add("index")
      add(base)
      add(index)
    case .negate(let operand):
      add("negate")
      add(operand)
    case .not(let operand):
      add("not")
      add(operand)
    case .binary(let symbol, _, let left, let right): add(symbol.rawValue, left, right)
    case .transition(let left, let right): add("->", left, right)
    case .then(let parts):
      add("then")
      add(parts)
    case .with(let base, let amendments):
      add("with")
      add(base)
      add(amendments)
    case .conditional(let condition, let first, let second):
      add("if")
      add(condition)
      add(first)
      add(second)
    case .invalid: add("invalid")
    }
  }

  private mutating func add(_ word: String, _ left: Expression, _ right: Expression) {
    add(word)
    add(left)
    add(right)
  }
}
