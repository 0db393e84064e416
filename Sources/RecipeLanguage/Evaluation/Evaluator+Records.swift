import Synchronization

extension Evaluator {
  /// Makes a record: every field in the definition's order, ranges and rules checked.
  func construct(_ definition: RecordDefinition, _ arguments: [BoundArgument], _ span: SourceSpan) -> Value? {
    guard burn(1, at: span) else { return nil }
    var fields = [RecordField?](repeating: nil, count: definition.fields.count)
    for argument in arguments {
      let field = definition.fields[argument.parameter]
      guard let value = value(of: argument, field, in: definition.name) else { continue }
      let provenance: Provenance = argument.isDefault ? .defaultValue : .written(argument.code.span)
      fields[argument.parameter] = RecordField(name: field.name, value: value, provenance: provenance)
    }
    let complete = fields.compactMap { $0 }
    guard complete.count == fields.count else { return nil }
    let record = RecordValue(
      type: definition.name, kind: definition.kind, form: definition.form, span: span, fields: complete)
    guard checkRules(record, definition) else { return nil }
    return admit(.record(record), at: span)
  }

  /// Evaluates an argument and checks it against its field.
  private func value(of argument: BoundArgument, _ field: FieldDefinition, in owner: String) -> Value? {
    guard let value = evaluate(argument.code) else { return nil }
    if argument.isDefault { return value }
    let wasChecked = argument.code.constant != nil
    return accept(value, field, "`\(field.name)` of `\(owner)`", at: argument.code.span, wasChecked: wasChecked)
  }

  /// A value as the field keeps it, or nil after a report: a constant schedule becomes a plain number.
  func accept(
    _ value: Value, _ field: FieldDefinition, _ what: String, at span: SourceSpan, wasChecked: Bool = false
  ) -> Value? {
    if !wasChecked, let problem = FieldCheck.problem(value, field, what) {
      sink.report(problem.code, problem.message, at: span, notes: problem.notes)
      return nil
    }
    if case .schedule(let schedule) = value, case .schedulable = field.type.unwrapped, let constant = schedule.constant
    {
      guard schedule.isPercent else { return .float(constant) }
      return Rational(shownAs: constant).map { .quantity(Quantity($0, .percent)) } ?? value
    }
    return value
  }

  /// Checks the rules between fields; false after a report.
  func checkRules(_ record: RecordValue, _ definition: RecordDefinition, at place: SourceSpan? = nil) -> Bool {
    var isFine = true
    for rule in definition.rules {
      guard let violation = rule.check(record) else { continue }
      let span = violation.field.map { record.span(of: $0) } ?? place ?? record.span
      sink.report(
        .recordRule, violation.message, at: span,
        secondary: record.span == span ? [] : [Diagnostic.Label(record.span, "in this `\(record.type)`")],
        notes: ["rule: \(rule.doc)"], help: violation.help)
      isFine = false
    }
    return isFine
  }

  func select(_ base: Code, _ name: String, _ span: SourceSpan) -> Value? {
    guard case .record(let record)? = evaluate(base) else { return nil }
    if let value = record[name] { return value }
    return fail(
      .unknownMethod, "this `\(record.type)` has no `\(name)`", at: span,
      help: "it has \(record.fields.map { "`\($0.name)`" }.joined(separator: ", "))")
  }

  func host(_ definition: OperatorDefinition, _ left: Code, _ right: Code, _ span: SourceSpan) -> Value? {
    guard let a = evaluate(left), let b = evaluate(right) else { return nil }
    switch definition.meaning {
    case .function(let effects, let body):
      guard isGranted(effects, definition.symbol, at: span) else { return nil }
      guard burn(goingThrough: [a, b], at: span) else { return nil }
      return guarded(span) { try body(a, b) }.flatMap { admit($0, at: span) }
    case .record(let constructor, let leftField, let rightField):
      guard let record = catalogue.constructors[constructor] else { return nil }
      let arguments = record.fields.enumerated().compactMap { index, field -> BoundArgument? in
        if field.name == leftField {
          return BoundArgument(parameter: index, code: Code(node: .constant(a), type: left.type, span: left.span))
        }
        if field.name == rightField {
          return BoundArgument(parameter: index, code: Code(node: .constant(b), type: right.type, span: right.span))
        }
        guard case .value(let value) = field.defaultValue else { return nil }
        return BoundArgument(
          parameter: index, code: Code(node: .constant(value), type: field.type, span: span), isDefault: true)
      }
      return construct(record, arguments, span)
    }
  }

  func isGranted(_ effects: Set<Effect>, _ name: String, at span: SourceSpan) -> Bool {
    let missing = effects.subtracting(granted)
    if missing.isEmpty { return true }
    let list = missing.map(\.rawValue).sorted().joined(separator: ", ")
    sink.report(.effectNotGranted, "`\(name)` may not be called: \(list) is not granted", at: span)
    return false
  }

  /// Calls a function of the host or of the language.
  func call(_ function: FunctionDefinition, _ arguments: [BoundArgument], _ span: SourceSpan) -> Value? {
    guard burn(1, at: span) else { return nil }
    var values: [String: Value] = [:]
    var spans: [String: SourceSpan] = [:]
    for argument in arguments {
      let field = function.parameters[argument.parameter]
      guard let value = value(of: argument, field, in: function.name) else { continue }
      values[field.name] = value
      if !argument.isDefault { spans[field.name] = argument.code.span }
    }
    guard values.count == function.parameters.count, isGranted(function.effects, function.name, at: span) else {
      return nil
    }
    let given = Arguments(values)
    if let bytes = function.bytes?(given) {
      let before = held
      guard hold(bytes, at: span), burn(bytes / 256, at: span) else { return nil }
      held = before
    }
    let printed = Mutex<[String]>([])
    let context = CallContext(span: span, argumentSpans: spans, limits: limits) { text in printed.withLock { $0.append(text) } }
    guard burn(goingThrough: values.values, at: span),
      burn(operations: function.work?(given, context) ?? 0, at: span)
    else { return nil }
    let result = guarded(span, spans) { try function.body(given, context) }
    for text in printed.withLock({ $0 }) {
      guard mayPrint(text, at: span) else { return nil }
      output(text)
    }
    if case .list(let elements)? = result, !burn(elements.count, at: span) { return nil }
    return result.flatMap { admit($0, at: span) }
  }

  func with(_ base: Code, _ amendments: [AmendmentCode]) -> Value? {
    guard case .record(var record)? = evaluate(base) else {
      for amendment in amendments { _ = evaluate(amendment.value) }
      return nil
    }
    var isFine = true
    for amendment in amendments {
      guard let value = evaluate(amendment.value) else {
        isFine = false
        continue
      }
      let changed = set(record, amendment.path, value, .with(amendment.value.span), at: amendment.value.span)
      if let changed { record = changed } else { isFine = false }
    }
    guard isFine, checkTree(record, at: base.span) else { return nil }
    return admit(.record(record), at: base.span)
  }

  /// The record with the value at a path; nil after a report.
  func set(
    _ record: RecordValue, _ path: [Name], _ value: Value, _ provenance: Provenance, at span: SourceSpan
  ) -> RecordValue? {
    guard let name = path.first, let definition = catalogue.definition(of: record) else { return nil }
    guard let field = definition.field(name.text), let index = record.fields.firstIndex(where: { $0.name == name.text })
    else {
      reportUnknownField(name, definition)
      return nil
    }
    if path.count == 1 {
      guard let kept = accept(value, field, "`\(field.name)` of `\(record.type)`", at: span) else { return nil }
      return record.replacing(index, by: kept, provenance)
    }
    guard case .record(let inner) = record.fields[index].value else {
      sink.report(
        .pathNotRecord, "`\(name.text)` is \(CanonicalText.text(record.fields[index].value)), which has no fields",
        at: path[1].span)
      return nil
    }
    guard let changed = set(inner, Array(path.dropFirst()), value, provenance, at: span) else { return nil }
    return record.replacing(index, by: .record(changed), record.fields[index].provenance)
  }

  func reportUnknownField(_ name: Name, _ definition: RecordDefinition) {
    var aliases: [String: String] = [:]
    for field in definition.fields { for alias in field.aliases { aliases[alias] = field.name } }
    let known = definition.fields.map(\.name)
    let guess = sink.closest(to: name.text, among: known, aliases: aliases)
    let field = guess.flatMap { definition.field($0) }
    sink.report(
      .unknownField, "`\(definition.name)` has no field `\(name.text)`", at: name.span,
      notes: guess == nil || known.count <= 8
        ? ["`\(definition.name)` has \(known.map { "`\($0)`" }.joined(separator: ", "))"] : [],
      help: field.map { "did you mean `\($0.name)`?  (\($0.summary))" },
      fix: guess.map { Diagnostic.Fix(name.span, replacement: $0) })
  }

  /// Checks the rules of a record and of every record in it.
  func checkTree(_ record: RecordValue, at place: SourceSpan? = nil) -> Bool {
    var isFine = catalogue.definition(of: record).map { checkRules(record, $0, at: place) } ?? true
    for field in record.fields {
      for inner in records(in: field.value) where !checkTree(inner) { isFine = false }
    }
    return isFine
  }

  private func records(in value: Value) -> [RecordValue] {
    switch value {
    case .record(let record): [record]
    case .list(let elements): elements.flatMap(records)
    case .map(let entries): entries.flatMap { records(in: $0.value) }
    default: []
    }
  }
}
