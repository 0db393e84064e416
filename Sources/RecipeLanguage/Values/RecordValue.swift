/// Where the value of a field came from.
public enum Provenance: Sendable {
  /// Written in the source, at this expression.
  case written(SourceSpan)
  /// Written in the recipe this one is derived from, directly or through others; the expression stands there.
  case inherited(recipe: String, SourceSpan)
  /// Set by a line `path = value` of the recipe itself, over what it is derived from.
  case amended(SourceSpan)
  /// Set by `with`.
  case with(SourceSpan)
  /// Set by an axis of a sweep.
  case axis(String, SourceSpan)
  /// Set on the command line with `--set`.
  case commandLine(SourceSpan)
  /// Not written: the default of the catalogue.
  case defaultValue

  /// The expression, where there is one.
  public var span: SourceSpan? {
    switch self {
    case .written(let span), .inherited(_, let span), .amended(let span), .with(let span), .axis(_, let span), .commandLine(let span):
      span
    case .defaultValue: nil
    }
  }

  /// A short phrase for `plan`: `recipe.recipe:12:3`, `default`, `command line`.
  public var description: String {
    switch self {
    case .written(let span): span.description
    case .inherited(let recipe, let span): "\(span) (from \(recipe))"
    case .amended(let span): "\(span) (amended)"
    case .with(let span): "\(span) (with)"
    case .axis(let name, let span): "\(span) (axis \(name))"
    case .commandLine: "command line"
    case .defaultValue: "default"
    }
  }

  /// What kind of place it is, in a word, for programs.
  public var kind: String {
    switch self {
    case .written: "recipe"
    case .inherited: "base"
    case .amended: "amendment"
    case .with: "with"
    case .axis: "axis"
    case .commandLine: "command line"
    case .defaultValue: "default"
    }
  }
}

/// A field of a record value.
public struct RecordField: Sendable {
  /// The field's name.
  public let name: String
  /// Its value, of the type the catalogue declares.
  public var value: Value
  /// Where the value came from.
  public var provenance: Provenance

  /// A field.
  public init(name: String, value: Value, provenance: Provenance) {
    self.name = name
    self.value = value
    self.provenance = provenance
  }
}

/// What a constructor made: a closed record with *all* fields of its definition, in the definition's order.
///
/// The typed accessors (`int("batch")`) are for hosts that read a checked record: asking for a field the
/// definition does not have, or as another type, is a programmer error and traps with both names.
public struct RecordValue: Sendable {
  /// The constructor: `sgd`. The record of a recipe has the name of the recipe schema.
  public let type: String
  /// The kind it belongs to (`Optimizer`); equal to `type` where none was declared.
  public let kind: String
  /// How its constructor is written.
  public let form: RecordDefinition.Form
  /// Where it was constructed (a default: where the catalogue says).
  public var span: SourceSpan
  /// Every field of the definition, in its order.
  public let fields: [RecordField]
  /// How many values it holds, those of its parts included: what walking it costs.
  let weight: Int
  /// How deep records are nested in it.
  let depth: Int

  /// A record.
  public init(
    type: String, kind: String? = nil, form: RecordDefinition.Form = .free, span: SourceSpan, fields: [RecordField]
  ) {
    self.type = type
    self.form = form
    self.kind = kind ?? type
    self.span = span
    self.fields = fields
    weight = fields.reduce(1) { Value.add($0, $1.value.weight) }
    depth = 1 + (fields.map(\.value.depth).max() ?? 0)
  }

  /// The record with one field changed.
  public func replacing(_ index: Int, by value: Value, _ provenance: Provenance) -> RecordValue {
    var changed = fields
    changed[index].value = value
    changed[index].provenance = provenance
    return RecordValue(type: type, kind: kind, form: form, span: span, fields: changed)
  }

  /// The value of a field, or nil when there is no such field.
  public subscript(_ name: String) -> Value? { field(name)?.value }

  /// The field of this name.
  public func field(_ name: String) -> RecordField? { fields.first { $0.name == name } }

  /// Whether the field is `none` (or does not exist).
  public func isNone(_ name: String) -> Bool { self[name]?.isNone ?? true }

  /// Where a field was written; for a default, the constructor call.
  public func span(of name: String) -> SourceSpan { field(name)?.provenance.span ?? span }

  /// The value at a dotted path: `optimizer.lr`.
  public func value(at path: String) -> Value? {
    var current: Value = .record(self)
    for name in path.split(separator: ".") {
      guard let next = current.recordValue?[String(name)] else { return nil }
      current = next
    }
    return current
  }
}

extension RecordValue: Equatable {
  /// Equal in meaning: constructor and values; provenance does not count.
  public static func == (left: RecordValue, right: RecordValue) -> Bool {
    guard left.type == right.type, left.fields.count == right.fields.count else { return false }
    return zip(left.fields, right.fields).allSatisfy { $0.name == $1.name && $0.value == $1.value }
  }
}

extension RecordValue {
  /// The integer field `name`.
  public func int(_ name: String) -> Int { require(name, "Int", \.intValue) }
  /// The number field `name` (a quantity in base units, percent as a fraction).
  public func float(_ name: String) -> Double { require(name, "Float", \.doubleValue) }
  /// The string field `name`.
  public func string(_ name: String) -> String { require(name, "String", \.stringValue) }
  /// The truth-value field `name`.
  public func bool(_ name: String) -> Bool { require(name, "Bool", \.boolValue) }
  /// The quantity field `name`.
  public func quantity(_ name: String) -> Quantity { require(name, "quantity", \.quantityValue) }
  /// The list field `name`.
  public func list(_ name: String) -> [Value] { require(name, "list", \.listValue) }
  /// The record field `name`.
  public func record(_ name: String) -> RecordValue { require(name, "record", \.recordValue) }
  /// The name of the enum member in field `name`, without its dot.
  public func member(_ name: String) -> String { require(name, "enum member", \.memberName) }
  /// The schedule in field `name`; a plain number is a constant schedule.
  public func schedule(_ name: String) -> ScheduleValue { require(name, "schedule", \.scheduleValue) }

  private func require<T>(_ name: String, _ wanted: String, _ path: KeyPath<Value, T?>) -> T {
    guard let field = field(name) else {
      preconditionFailure("record \(type) has no field \(name); it has \(fields.map(\.name))")
    }
    guard let value = field.value[keyPath: path] else {
      preconditionFailure("field \(name) of \(type) is not a \(wanted): \(field.value)")
    }
    return value
  }
}

extension RecordValue {
  /// The record as a recipe sees it that is derived from `recipe`: everything written is inherited, and what that
  /// recipe has inherited itself keeps the name of the recipe it stands in.
  func inherited(from recipe: String) -> RecordValue {
    let fields = fields.map { field in
      var field = field
      switch field.provenance {
      case .inherited, .defaultValue: break
      case .written(let span), .amended(let span), .with(let span), .axis(_, let span), .commandLine(let span):
        field.provenance = .inherited(recipe: recipe, span)
      }
      if case .record(let inner) = field.value { field.value = .record(inner.inherited(from: recipe)) }
      return field
    }
    return RecordValue(type: type, kind: kind, form: form, span: span, fields: fields)
  }
}
