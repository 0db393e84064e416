/// An override of the command line, parsed.
struct ParsedOverride {
  let path: [Name]
  let value: Expression
  /// Whether it changed anything.
  var isUsed = false
}

extension Checker {
  /// Parses the overrides; malformed ones are reported.
  func parse(_ list: [Override]) {
    for override in list {
      let source = SourceFile(name: override.option, text: override.text, kind: .commandLine)
      let whole = SourceSpan(file: source, lower: 0, upper: source.bytes.count)
      guard let sign = source.bytes.firstIndex(of: UInt8(ascii: "=")) else {
        sink.report(.badOverride, "an override is written `path=value`", at: whole, help: "for example `--set seed=1`")
        continue
      }
      guard let path = names(source, upTo: sign) else {
        sink.report(
          .badOverride, "`\(source.text(0..<sign))` is not the path of a field", at: whole,
          help: "write names with dots between them, for example `optimizer.lr=0.1`")
        continue
      }
      if source.text((sign + 1)..<source.bytes.count).allSatisfy(\.isWhitespace) {
        sink.report(.badOverride, "there is no value after `=`", at: whole)
        continue
      }
      let value = Parser.parseExpression(source, range: (sign + 1)..<source.bytes.count, limits: limits, into: sink)
      overrides.append(ParsedOverride(path: path, value: value))
    }
  }

  private func names(_ source: SourceFile, upTo end: Int) -> [Name]? {
    var result: [Name] = []
    var start = 0
    for at in 0...end where at == end || source.bytes[at] == UInt8(ascii: ".") {
      let span = SourceSpan(file: source, lower: start, upper: at)
      let text = span.text.filter { !$0.isWhitespace }
      guard let first = text.utf8.first, Scanner.isNameStart(first), text.utf8.allSatisfy(Scanner.isNamePart) else {
        return nil
      }
      result.append(Name(text: text, span: span))
      start = at + 1
    }
    return result
  }

  /// A recipe's record with the overrides that reach it; nil after a report.
  func override(_ record: RecordValue, recipe: String) -> RecordValue? {
    guard !overrides.isEmpty else { return record }
    var draft = RecipeDraft(fields: Dictionary(uniqueKeysWithValues: record.fields.map { ($0.name, $0) }))
    let saved = (scope, module)
    defer { (scope, module) = saved }
    (scope, module) = (Scope(), mainModule)
    for index in overrides.indices {
      var path = overrides[index].path
      let isForRecipe = path.count > 1 && path[0].text == recipe && catalogue.recipe.field(recipe) == nil
      if isForRecipe { path.removeFirst() }
      guard isForRecipe || reaches(record, path) else { continue }
      overrides[index].isUsed = true
      let amendment = Amendment(path: path, value: overrides[index].value)
      amend(&draft, with: [amendment]) { .commandLine($0) }
    }
    return finish(&draft, at: record.span)
  }

  /// Whether the record has a field at this path.
  private func reaches(_ record: RecordValue, _ path: [Name]) -> Bool {
    var current: Value = .record(record)
    for name in path {
      guard let next = current.recordValue?[name.text] else { return false }
      current = next
    }
    return true
  }

  /// Reports overrides that changed nothing.
  func reportUnusedOverrides() {
    for override in overrides where !override.isUsed {
      let text = override.path.map(\.text).joined(separator: ".")
      let first = override.path[0]
      // Where a recipe has errors of its own, it cannot be said whether it has the field.
      if sink.hasErrors, catalogue.recipe.field(first.text) != nil || mainModule.names[first.text] != nil { continue }
      var known = catalogue.recipe.fields.map(\.name)
      var candidates = [first.text: known]
      for recipe in recipes.values {
        var current: Value = .record(recipe.record)
        for name in override.path {
          guard let record = current.recordValue else { break }
          candidates[name.text] = record.fields.map(\.name)
          guard let next = record[name.text] else { break }
          current = next
        }
      }
      let wrong = override.path.first { candidates[$0.text]?.contains($0.text) == false } ?? first
      known = candidates[wrong.text] ?? known
      let guess = sink.closest(to: wrong.text, among: known)
      sink.report(
        .overrideMatchesNothing, "no recipe of the file has a field `\(text)`",
        at: first.span.through(override.path[override.path.count - 1].span),
        notes: known.count <= 12 ? ["there is \(known.joined(separator: ", "))"] : [],
        help: guess.map { "did you mean `\($0)`?" })
    }
  }
}
