/// The fields of a recipe while it is put together.
struct RecipeDraft {
  /// What has a value so far.
  var fields: [String: RecordField] = [:]
  /// Fields with an error: nothing more is said about them.
  var failed: Set<String> = []
  /// Whether the base has errors, so that fields may be missing through no fault of this recipe.
  var isBasePoisoned = false
}

extension Checker {
  func recipe(_ index: Int, _ base: [Name], _ amendments: [Amendment]) {
    let declaration = globals[index].declaration
    globals[index].type = recipeType
    var draft = RecipeDraft()
    let baseName = base.map(\.text).joined(separator: ".")
    if !base.isEmpty { draft = inherit(base, baseName) }
    amend(&draft, with: amendments) { base.isEmpty ? .written($0) : .amended($0) }
    let record = finish(&draft, at: declaration.name.span)
    machine.globals[index] = record.map { .record($0) }
    guard module === mainModule else { return }
    let final = record.flatMap { override($0, recipe: declaration.name.text) }
    checkSchedules(final.map(\.fields) ?? Array(draft.fields.values))
    guard let final else { return }
    recipes[index] = resolved(
      final, name: declaration.name.text, doc: declaration.doc, base: base.isEmpty ? nil : baseName,
      span: declaration.name.span)
  }

  func resolved(_ record: RecordValue, name: String, doc: String, base: String?, span: SourceSpan) -> ResolvedRecipe {
    let text = "recipe {\n" + CanonicalText.body(of: record) + "}\n"
    return ResolvedRecipe(
      name: name, doc: doc, base: base, record: record, span: span, canonicalText: text,
      identity: SHA256.hex(text.utf8))
  }

  /// The global a base stands for; nil after a report.
  func baseIndex(_ base: [Name]) -> Int? {
    guard let first = base.first else { return nil }
    var file = module
    var name = first
    if base.count == 2, let imported = module.imports[first.text] {
      (file, name) = (imported, base[1])
      recordImport(first.text, at: first.span, name, in: imported)
    }
    recorder?.offer(.recipes(in: file, runs: false), at: name.span)
    guard let index = file.names[name.text] else {
      let known = sink.isFull ? [:] : file.names.filter { if case .recipe = globals[$0.value].declaration.kind { true } else { false } }
      let guess = sink.closest(to: name.text, among: known.keys, inOrder: false)
      sink.report(
        .unknownName, "there is no recipe `\(base.map(\.text).joined(separator: "."))`", at: name.span,
        help: guess.map { "did you mean `\($0)`?" })
      return nil
    }
    recorder?.use(name, .global(index))
    guard case .recipe = globals[index].declaration.kind else {
      sink.report(
        .notARecipe, "`\(name.text)` is not a recipe", at: name.span,
        secondary: [Diagnostic.Label(globals[index].declaration.name.span, "declared here")])
      return nil
    }
    return index
  }

  private func inherit(_ base: [Name], _ name: String) -> RecipeDraft {
    var draft = RecipeDraft()
    guard let index = baseIndex(base), let record = machine.globals[index]?.recordValue else {
      draft.isBasePoisoned = true
      return draft
    }
    for field in record.inherited(from: name).fields { draft.fields[field.name] = field }
    return draft
  }

  /// Applies `path = value` lines in order.
  func amend(
    _ draft: inout RecipeDraft, with amendments: [Amendment], _ provenance: (SourceSpan) -> Provenance
  ) {
    var seen: [String: SourceSpan] = [:]
    for amendment in amendments {
      let path = amendment.pathText
      if let first = seen[path] {
        sink.report(
          .assignedTwice, "`\(path)` is assigned twice", at: amendment.span,
          secondary: [Diagnostic.Label(first, "first here")])
        _ = check(amendment.value, expecting: .unknown)
        continue
      }
      seen[path] = amendment.span
      apply(amendment, to: &draft, provenance(amendment.value.span))
    }
  }

  private func apply(_ amendment: Amendment, to draft: inout RecipeDraft, _ provenance: Provenance) {
    let first = amendment.path[0]
    recorder?.field(first, of: catalogue.recipe)
    guard let field = catalogue.recipe.field(first.text) else {
      machine.catalogue = catalogue
      machine.reportUnknownField(first, catalogue.recipe)
      _ = check(amendment.value, expecting: .unknown)
      guessed(first.text).map { _ = draft.failed.insert($0) }
      return
    }
    if amendment.path.count == 1 {
      let what = "`\(field.name)`"
      let code = restrict(check(amendment.value, as: field.type, what: what), field, what)
      guard let value = code.isPoison ? nil : evaluate(code, as: field) else {
        draft.failed.insert(field.name)
        draft.fields[field.name] = nil
        return
      }
      draft.fields[field.name] = RecordField(name: field.name, value: value, provenance: provenance)
      return
    }
    if draft.fields[field.name] == nil, !field.isRequired,
      let value = defaultValue(of: field, in: catalogue.recipe.name)
    {
      draft.fields[field.name] = RecordField(name: field.name, value: value, provenance: .defaultValue)
    }
    guard let current = draft.fields[field.name] else {
      if !draft.failed.contains(field.name), !draft.isBasePoisoned {
        sink.report(
          .pathNotRecord, "`\(field.name)` has no value yet, so nothing in it can be set", at: amendment.span,
          help: "write `\(field.name) = …` first")
        draft.failed.insert(field.name)
      }
      _ = check(amendment.value, expecting: .unknown)
      return
    }
    guard case .record(let record) = current.value else {
      sink.report(
        .pathNotRecord, "`\(field.name)` is \(CanonicalText.text(current.value)), which has no fields",
        at: amendment.path[1].span)
      _ = check(amendment.value, expecting: .unknown)
      return
    }
    guard let changed = set(amendment, in: record, depth: 1, provenance) else {
      draft.failed.insert(field.name)
      return
    }
    draft.fields[field.name] = RecordField(name: field.name, value: .record(changed), provenance: current.provenance)
  }

  /// Checks the value of an amendment against the field its path leads to and puts it there; nil after a report.
  private func set(_ amendment: Amendment, in root: RecordValue, depth: Int, _ provenance: Provenance) -> RecordValue? {
    machine.catalogue = catalogue
    var record = root
    let path = Array(amendment.path.dropFirst(depth))
    for (index, name) in path.enumerated() {
      guard let definition = catalogue.definition(of: record) else { return nil }
      recorder?.field(name, of: definition)
      guard let field = definition.field(name.text), let value = record[name.text] else {
        machine.reportUnknownField(name, definition)
        _ = check(amendment.value, expecting: .unknown)
        return nil
      }
      if index == path.count - 1 {
        let what = "`\(amendment.pathText)`"
        let code = restrict(check(amendment.value, as: field.type, what: what), field, what)
        guard let new = code.isPoison ? nil : evaluate(code) else { return nil }
        return machine.set(root, path, new, provenance, at: amendment.value.span)
      }
      guard case .record(let inner) = value else {
        sink.report(
          .pathNotRecord, "`\(name.text)` is \(CanonicalText.text(value)), which has no fields",
          at: path[index + 1].span)
        _ = check(amendment.value, expecting: .unknown)
        return nil
      }
      record = inner
    }
    return nil
  }

  private func guessed(_ name: String) -> String? {
    var aliases: [String: String] = [:]
    for field in catalogue.recipe.fields { for alias in field.aliases { aliases[alias] = field.name } }
    return sink.closest(to: name, among: catalogue.recipe.fields.map(\.name), aliases: aliases)
  }

  /// Fills in defaults, reports what is missing, checks the rules; nil if anything is wrong.
  func finish(_ draft: inout RecipeDraft, at span: SourceSpan) -> RecordValue? {
    var fields: [RecordField] = []
    for definition in catalogue.recipe.fields {
      if draft.failed.contains(definition.name) { continue }
      if let field = draft.fields[definition.name] {
        fields.append(field)
      } else if definition.isRequired {
        if draft.isBasePoisoned { continue }
        sink.report(
          .missingField, "the recipe has no `\(definition.name)`", at: span,
          notes: definition.doc.isEmpty ? [] : ["`\(definition.name)`: \(definition.doc)"],
          help: "add `\(definition.name) = …`  (\(definition.summary))")
      } else if let value = defaultValue(of: definition, in: catalogue.recipe.name) {
        let field = RecordField(name: definition.name, value: value, provenance: .defaultValue)
        draft.fields[definition.name] = field
        fields.append(field)
      }
    }
    guard fields.count == catalogue.recipe.fields.count else { return nil }
    guard draft.failed.isEmpty else { return nil }
    let record = RecordValue(type: catalogue.recipe.name, kind: catalogue.recipe.kind, span: span, fields: fields)
    machine.catalogue = catalogue
    return machine.checkTree(record) ? record : nil
  }

  // MARK: Schedules

  /// Checks every schedule among the fields against the run's length.
  func checkSchedules(_ fields: [RecordField]) {
    guard let name = catalogue.lengthField,
      case .quantity(let length)? = fields.first(where: { $0.name == name })?.value
    else { return }
    for field in fields { checkSchedules(in: field.value, length, field.provenance.span, field.name) }
  }

  private func checkSchedules(in value: Value, _ length: Quantity, _ span: SourceSpan?, _ name: String) {
    switch value {
    case .schedule(let schedule): check(schedule, length, span, name)
    case .list(let elements): for element in elements { checkSchedules(in: element, length, span, name) }
    case .map(let entries): for entry in entries { checkSchedules(in: entry.value, length, span, name) }
    case .record(let record):
      let definition = catalogue.definition(of: record)
      for field in record.fields where definition?.field(field.name)?.hasOwnTime != true {
        checkSchedules(in: field.value, length, field.provenance.span ?? record.span, field.name)
      }
    default: break
    }
  }

  private func check(_ schedule: ScheduleValue, _ length: Quantity, _ span: SourceSpan?, _ name: String) {
    guard case .failure(let failure) = schedule.resolve(.unitless(length: length)) else { return }
    for problem in failure.problems {
      // Times in other units than the length are placed by the host's plan, which knows the steps of an epoch.
      guard let code = problem.code, let place = schedule.segments[problem.segment].span ?? span else { continue }
      var secondary: [Diagnostic.Label] = []
      if let span, span.file !== place.file || span.lower != place.lower {
        secondary = [Diagnostic.Label(span, "used for `\(name)`")]
      }
      sink.report(
        code, "`\(name)`: \(problem.message)", at: place, secondary: secondary,
        notes: [schedule.drawing(length: length)], help: problem.help)
    }
  }
}

extension ScheduleProblem {
  /// The code under which it is reported; nil for what is no error of the recipe.
  package var code: DiagnosticCode? {
    switch kind {
    case .gap: .scheduleGap
    case .overlap: .scheduleOverlap
    case .beyondEnd: .scheduleBeyondEnd
    case .openInside: .scheduleOpen
    case .unknownUnit: nil
    case .shape: .scheduleShape
    }
  }

  /// What to do about it.
  var help: String? {
    switch kind {
    case .gap: "leave out the end of the last segment, or add `then hold(…)`"
    case .overlap: "`until:` counts from the start of the run; write `over:` for a duration"
    case .beyondEnd: "shorten it, or leave out the end of the last segment"
    case .openInside: "add `until:` or `over:`"
    case .unknownUnit, .shape: nil
    }
  }
}
