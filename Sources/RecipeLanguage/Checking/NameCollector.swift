/// Collects the names a declaration uses, to bring declarations into an order in which each comes after what it needs.
struct NameCollector {
  /// Names that are not bound inside the declaration; `alias.name` of imports as two parts, `name()` where it is
  /// called.
  private(set) var names: Set<String> = []
  private var bound: [String: Int] = [:]

  static func names(in declaration: Declaration) -> Set<String> {
    var collector = NameCollector()
    collector.visit(declaration)
    return collector.names
  }

  private mutating func use(_ name: String, called: Bool = false) {
    if bound[name, default: 0] == 0 { names.insert(called ? "\(name)()" : name) }
  }

  private mutating func visit(_ declaration: Declaration) {
    switch declaration.kind {
    case .binding(let type, let value):
      if let type { visit(type) }
      visit(value)
    case .function(let parameters, let result, let body):
      for parameter in parameters {
        visit(parameter.type)
        if let value = parameter.defaultValue { visit(value) }
      }
      if let result { visit(result) }
      for parameter in parameters { bound[parameter.name.text, default: 0] += 1 }
      visit(body)
    case .record(let fields):
      for field in fields {
        visit(field.type)
        if let value = field.defaultValue { visit(value) }
      }
    case .recipe(let base, let amendments):
      if !base.isEmpty { use(base.map(\.text).joined(separator: ".")) }
      for amendment in amendments { visit(amendment.value) }
    case .sweep(let base, let axes, let amendments, let skips):
      use(base.map(\.text).joined(separator: "."))
      for axis in axes { visit(axis.values) }
      for axis in axes { bound[axis.path[axis.path.count - 1].text, default: 0] += 1 }
      for amendment in amendments { visit(amendment.value) }
      for skip in skips { visit(skip) }
    case .task(let needs, let body):
      for need in needs {
        use(need.text)
        bound[need.text, default: 0] += 1
      }
      visit(body)
    case .test(let body): visit(body)
    case .enumeration, .imported: break
    }
  }

  private mutating func visit(_ type: TypeSyntax) {
    switch type {
    case .name(let name): use(name.text)
    case .list(let element, _), .optional(let element, _): visit(element)
    case .map(let key, let value, _):
      visit(key)
      visit(value)
    case .invalid: break
    }
  }

  private mutating func visit(_ statements: [Statement]) {
    var declared: [String] = []
    for statement in statements {
      switch statement.kind {
      case .binding(let name, let type, let value):
        if let type { visit(type) }
        visit(value)
        bound[name.text, default: 0] += 1
        declared.append(name.text)
      case .loop(let name, let sequence, let body):
        visit(sequence)
        bound[name.text, default: 0] += 1
        visit(body)
        bound[name.text, default: 0] -= 1
      case .conditional(let condition, let first, let second):
        visit(condition)
        visit(first)
        visit(second)
      case .result(let value): if let value { visit(value) }
      case .expression(let value): visit(value)
      case .expect(let value, let tolerance):
        visit(value)
        if let tolerance { visit(tolerance) }
      case .expectFailure(_, let body): visit(body)
      case .invalid: break
      }
    }
    for name in declared { bound[name, default: 0] -= 1 }
  }

  private mutating func visit(_ expression: Expression) {
    switch expression.kind {
    case .none, .bool, .int, .float, .quantity, .member, .invalid: break
    case .string(let parts): for case .value(let value) in parts { visit(value) }
    case .name(let name): use(name)
    case .list(let elements), .then(let elements): for element in elements { visit(element) }
    case .comprehension(let element, let variable, let sequence, let condition):
      visit(sequence)
      bound[variable.text, default: 0] += 1
      visit(element)
      if let condition { visit(condition) }
      bound[variable.text, default: 0] -= 1
    case .map(let items):
      for item in items {
        visit(item.key)
        visit(item.value)
      }
    case .select(let base, let name):
      if case .name(let alias) = base.kind { use("\(alias).\(name.text)") }
      visit(base)
    case .call(let callee, let arguments):
      if case .name(let name) = callee.kind { use(name, called: true) } else { visit(callee) }
      for argument in arguments { visit(argument.value) }
    case .index(let base, let index):
      visit(base)
      visit(index)
    case .negate(let operand), .not(let operand): visit(operand)
    case .binary(_, _, let left, let right), .transition(let left, let right):
      visit(left)
      visit(right)
    case .with(let base, let amendments):
      visit(base)
      for amendment in amendments { visit(amendment.value) }
    case .conditional(let condition, let first, let second):
      visit(condition)
      visit(first)
      visit(second)
    }
  }
}
