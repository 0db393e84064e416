extension Checker {
  /// An axis with its values.
  private struct Axis {
    let syntax: AxisSyntax
    let values: [Value]
    let type: ValueType
    /// Whether its name is the path of a recipe field, which it sets.
    let setsField: Bool
    /// The last name of its path, under which the lines of the sweep see its value; where two axes end alike, and
    /// always, they see it under its whole path.
    var variable: String { syntax.path[syntax.path.count - 1].text }
  }

  /// A line that gives a field a value.
  private enum Line {
    case axis(Int)
    case amendment(Amendment)
  }

  func sweep(_ index: Int, _ base: [Name], _ syntax: [AxisSyntax], _ amendments: [Amendment], _ skips: [Expression]) {
    let declaration = globals[index].declaration
    globals[index].isPoisoned = true  // a sweep is no value
    let baseIndex = baseIndex(base)
    var axes: [Axis] = []
    var isFine = true
    for axis in syntax {
      if let checked = self.axis(axis, base: baseIndex, others: axes) { axes.append(checked) } else { isFine = false }
    }
    if syntax.isEmpty {
      sink.report(
        .badAxis, "a sweep needs at least one axis", at: declaration.name.span, help: "write `axis seed in [0, 1, 2]`")
      isFine = false
    }
    isFine = assignsOnce(axes.filter(\.setsField).map(\.syntax), amendments) && isFine
    guard let baseIndex, isFine, let record = machine.globals[baseIndex]?.recordValue else {
      checkLines(syntax, axes, amendments, skips)
      return
    }
    let count = axes.reduce(1.0) { $0 * Double($1.values.count) }
    guard count <= Double(limits.cells) else {
      reportTooManyCells(count, at: declaration.name.span)
      return
    }
    expand(index, base.map(\.text).joined(separator: "."), record, axes, amendments, skips, Int(count))
  }

  private func reportTooManyCells(_ count: Double, at span: SourceSpan) {
    sink.report(
      .tooManyCells, "this sweep has \(Int(min(count, 1e15))) runs or more; the limit is \(limits.cells)", at: span,
      help: "take out values, or " + limits.help(.cells))
  }

  private func axis(_ syntax: AxisSyntax, base: Int?, others: [Axis]) -> Axis? {
    recorder?.field(syntax.path[0], of: catalogue.recipe)
    let setsField = catalogue.recipe.field(syntax.path[0].text) != nil
    if !setsField, syntax.path.count > 1 {
      machine.catalogue = catalogue
      machine.reportUnknownField(syntax.path[0], catalogue.recipe)
      return nil
    }
    var want: ValueType?
    if setsField { want = pathDefinition(syntax.path, base)?.type }
    let code: Code
    if let want {
      code = check(syntax.values, as: .list(want), what: "axis `\(syntax.name)`")
    } else {
      code = check(syntax.values)
    }
    if code.isPoison { return nil }
    guard case .list(var element) = code.type, let values = evaluate(code)?.listValue else {
      if case .list = code.type { return nil }
      sink.report(.badAxis, "an axis goes over a list, but this is \(code.type)", at: code.span)
      return nil
    }
    if values.isEmpty {
      sink.report(.badAxis, "axis `\(syntax.name)` has no values", at: code.span)
      return nil
    }
    guard values.count <= limits.cells else {
      reportTooManyCells(Double(values.count), at: code.span)
      return nil
    }
    // By their text: comparing each with each takes long for long axes.
    var seen: Set<String> = []
    for value in values where !seen.insert(CanonicalText.text(value)).inserted {
      sink.report(.badAxis, "axis `\(syntax.name)` has the value \(CanonicalText.text(value)) twice", at: code.span)
      return nil
    }
    if others.contains(where: { $0.syntax.name == syntax.name }) {
      sink.report(.duplicateName, "there is an axis `\(syntax.name)` already", at: syntax.path[0].span)
      return nil
    }
    if let want, element.isUnknown || element == .none { element = want }
    return Axis(syntax: syntax, values: values, type: element, setsField: setsField)
  }

  /// Whether every path has one line that sets it; reports the others.
  private func assignsOnce(_ axes: [AxisSyntax], _ amendments: [Amendment]) -> Bool {
    var seen: [String: SourceSpan] = [:]
    for axis in axes { seen[axis.name] = axis.path[0].span.through(axis.path[axis.path.count - 1].span) }
    var isFine = true
    for amendment in amendments {
      if let first = seen[amendment.pathText] {
        sink.report(
          .assignedTwice, "`\(amendment.pathText)` is assigned twice", at: amendment.span,
          secondary: [Diagnostic.Label(first, "first here")])
        isFine = false
      }
      seen[amendment.pathText] = amendment.span
    }
    return isFine
  }

  /// Declares the axes as variables, in the order of `values` for a frame: each under its path, and under its last name
  /// where no other axis ends alike.
  private func declare(_ axes: [Axis], _ values: [Value] = []) -> [Value?] {
    var frame: [Value?] = []
    for (position, axis) in axes.enumerated() {
      let isAlone = axes.filter { $0.variable == axis.variable }.count == 1
      var names = [axis.syntax.name]
      if isAlone, axis.variable != axis.syntax.name { names.append(axis.variable) }
      let place = axis.syntax.path[axis.syntax.path.count - 1].span
      recorder?.declare(axis.variable, axis.type, at: place)
      for name in names {
        _ = scope.declare(name, axis.type, at: place)
        if position < values.count { frame.append(values[position]) }
      }
    }
    return frame
  }

  /// The field at a path of the base recipe.
  private func pathDefinition(_ path: [Name], _ base: Int?) -> FieldDefinition? {
    var definition: RecordDefinition? = catalogue.recipe
    var value = base.flatMap { machine.globals[$0] }
    for (index, name) in path.enumerated() {
      if index > 0, let definition { recorder?.field(name, of: definition) }
      guard let field = definition?.field(name.text) else { return nil }
      if index == path.count - 1 { return field }
      value = value?.recordValue?[name.text]
      definition = value?.recordValue.flatMap { catalogue.definition(of: $0) }
    }
    return nil
  }

  /// Checks the lines of a sweep that cannot be expanded, for what can be seen without a base.
  private func checkLines(
    _ syntax: [AxisSyntax], _ axes: [Axis], _ amendments: [Amendment], _ skips: [Expression]
  ) {
    for axis in syntax where !axes.contains(where: { $0.syntax.name == axis.name }) {
      let name = axis.path[axis.path.count - 1]
      recorder?.declare(name.text, .unknown, at: name.span)
      _ = scope.declare(name.text, .unknown, at: name.span)
    }
    _ = declare(axes)
    for amendment in amendments { _ = check(amendment.value, expecting: .unknown) }
    for skip in skips { _ = condition(skip, what: "what follows `skip when`") }
  }

  private func expand(
    _ index: Int, _ base: String, _ record: RecordValue, _ axes: [Axis], _ amendments: [Amendment],
    _ skips: [Expression], _ count: Int
  ) {
    let declaration = globals[index].declaration
    var cells: [ResolvedSweep.Cell] = []
    var skipped = 0
    var used: Set<String> = []
    let lines = lines(axes, amendments)
    let inherited = Dictionary(uniqueKeysWithValues: record.inherited(from: base).fields.map { ($0.name, $0) })
    for number in 0..<count {
      scope = Scope()
      var rest = number
      var positions = [Int](repeating: 0, count: axes.count)
      for (position, axis) in axes.enumerated().reversed() {
        positions[position] = rest % axis.values.count
        rest /= axis.values.count
      }
      var draft = RecipeDraft(fields: inherited)
      let values = zip(axes, positions).map { $0.values[$1] }
      let frame = declare(axes, values)
      let tests = skips.map { condition($0, what: "what follows `skip when`") }
      cellFrame = frame
      let isSkipped = tests.contains { evaluate($0)?.boolValue == true }
      for line in lines {
        switch line {
        case .axis(let position): set(values[position], axes[position].syntax, &draft)
        case .amendment(let amendment): amend(&draft, with: [amendment]) { .amended($0) }
        }
      }
      cellFrame = nil
      used.formUnion(scope.used)
      if tests.contains(where: \.isPoison) { return }
      if isSkipped {
        skipped += 1
        continue
      }
      guard let resolvedCell = finish(&draft, at: declaration.name.span) else { return }
      let axesOfCell = zip(axes, values).map { (name: $0.syntax.name, value: $1) }
      let name =
        declaration.name.text + "["
        + axesOfCell.map { "\($0.name): \(CanonicalText.text($0.value))" }.joined(separator: ", ") + "]"
      guard module === mainModule, let final = override(resolvedCell, recipe: declaration.name.text) else { continue }
      checkSchedules(final.fields)
      let recipe = resolved(final, name: name, doc: declaration.doc, base: base, span: declaration.name.span)
      cells.append(ResolvedSweep.Cell(axes: axesOfCell, recipe: recipe))
    }
    let idle = axes.filter { !$0.setsField && !used.contains($0.variable) }
    for axis in idle {
      let guess = sink.closest(to: axis.variable, among: catalogue.recipe.fields.map(\.name))
      sink.report(
        .unusedAxis, "axis `\(axis.syntax.name)` is no field of a recipe and is not used", at: axis.syntax.path[0].span,
        help: guess.map { "did you mean `\($0)`?" } ?? "write `path = \(axis.variable)`, or name a field")
    }
    if idle.isEmpty { finishSweep(index, base, axes, cells, skipped) }
  }

  private func finishSweep(
    _ index: Int, _ base: String, _ axes: [Axis], _ cells: [ResolvedSweep.Cell], _ skipped: Int
  ) {
    let declaration = globals[index].declaration
    if cells.isEmpty, skipped > 0 {
      sink.report(.emptySweep, "every combination of `\(declaration.name.text)` is skipped", at: declaration.name.span)
    }
    guard module === mainModule else { return }
    var seen: [String: String] = [:]
    for cell in cells {
      if let other = seen.updateValue(cell.recipe.name, forKey: cell.recipe.identity) {
        sink.report(
          .unusedAxis, "`\(other)` and `\(cell.recipe.name)` are the same run", at: declaration.name.span,
          notes: ["everything in them is equal; an axis, a line or `--set` gives one value to both"],
          help: "take one of them out, with fewer values or `skip when`")
        return
      }
    }
    sweeps[index] = ResolvedSweep(
      name: declaration.name.text, doc: declaration.doc, base: base,
      axes: axes.map { ResolvedSweep.Axis(name: $0.syntax.name, values: $0.values) }, cells: cells, skipped: skipped,
      span: declaration.name.span)
  }

  /// The axes and lines that set fields, in the order they are written in: a later one builds on an earlier one.
  private func lines(_ axes: [Axis], _ amendments: [Amendment]) -> [Line] {
    let setting = axes.indices.filter { axes[$0].setsField }.map { (axes[$0].syntax.path[0].span.lower, Line.axis($0)) }
    let others = amendments.map { ($0.span.lower, Line.amendment($0)) }
    return (setting + others).sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Puts an axis value at the path it names: as if it were written there, so that `1` may be a Float.
  private func set(_ value: Value, _ axis: AxisSyntax, _ draft: inout RecipeDraft) {
    // What is checked here does not stand in the text.
    let wasPaused = recorder?.isPaused ?? false
    recorder?.isPaused = true
    defer { recorder?.isPaused = wasPaused }
    let kind: Expression.Kind =
      switch value {
      case .int(let number): .int(number)
      case .float(let number): .float(number)
      case .bool(let value): .bool(value)
      case .quantity(let quantity): .quantity(quantity)
      case .member(let member): .member(Name(text: member.name, span: axis.values.span))
      case .none: .none
      default: .name(axis.name)
      }
    let expression = Expression(kind: kind, span: axis.values.span)
    amend(&draft, with: [Amendment(path: axis.path, value: expression)]) { .axis(axis.name, $0) }
  }
}
