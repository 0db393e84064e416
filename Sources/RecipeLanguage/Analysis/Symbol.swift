/// What a name in a text means, as an editor shows it.
public struct Symbol: Sendable {
  /// What kind of thing it is.
  public enum Kind: String, Sendable {
    case value, function, enumeration, record, recipe, sweep, task, test, file, variable, parameter, field, member
    case constructor, type, property
  }

  /// The name.
  public let name: String
  /// What it is.
  public let kind: Kind
  /// Its declaration in short: `let rate: schedule of Float`, `temperature: Float or schedule, 0.01…10, default 0.1`.
  public let signature: String
  /// What its author wrote about it.
  public let doc: String
  /// What it is made of: the arguments of a constructor, the members of an enum, one a line.
  public var parts: [String] = []
  /// Its value as canonical text, where that is known before anything runs.
  public var value: String?
  /// The name where it is declared; nil for words of the language and its host.
  public var declaration: SourceSpan?
}

extension Analysis {
  /// What the name at an offset of the file means, and where the name stands; nil where there is no name, or one with
  /// an error. An offset at the end of a name counts.
  public func symbol(at offset: Int) -> (symbol: Symbol, span: SourceSpan)? {
    guard let name = name(at: offset) else { return nil }
    let meaning = recorder.uses[Recorder.Place(name)]?.meaning
    guard let place = declaration(of: name), let declared = declarations[place] else {
      return meaning.flatMap(word).map { ($0, name) }
    }
    // The axis of a sweep may be a field of recipes as well: that says more.
    if place == Recorder.Place(name), let meaning, var field = word(meaning) {
      field.declaration = declared.name
      return (field, name)
    }
    return (symbol(declared), name)
  }

  /// The name that covers or touches an offset of the file.
  public func name(at offset: Int) -> SourceSpan? {
    let bytes = source.bytes
    guard offset >= 0, offset <= bytes.count else { return nil }
    var lower = offset
    var upper = offset
    while lower > 0, Scanner.isNamePart(bytes[lower - 1]) { lower -= 1 }
    while upper < bytes.count, Scanner.isNamePart(bytes[upper]) { upper += 1 }
    guard lower < upper, Scanner.isNameStart(bytes[lower]) else { return nil }
    return SourceSpan(file: source, lower: lower, upper: upper)
  }

  /// The place of the declaration a name leads to, or nil for words of the catalogue.
  func declaration(of name: SourceSpan) -> Recorder.Place? {
    let place = Recorder.Place(name)
    if declarations[place] != nil { return place }
    return recorder.uses[place].flatMap { self.place(of: $0.meaning) }
  }

  /// The place of the declaration behind a meaning.
  func place(of meaning: Recorder.Meaning) -> Recorder.Place? {
    switch meaning {
    case .global(let index): return Recorder.Place(checker.globals[index].declaration.name.span)
    case .local(let span):
      let place = Recorder.Place(span)
      if declarations[place] != nil { return place }
      // What a task needs is seen in it under the name of its declaration.
      if case .global(let index)? = recorder.uses[place]?.meaning { return self.place(of: .global(index)) }
      return nil
    case .file(let span): return Recorder.Place(span)
    case .constructor(let definition): return checker.typeIndex[definition.name].flatMap { place(of: .global($0)) }
    case .type(let name): return checker.typeIndex[name].flatMap { place(of: .global($0)) }
    case .member(let name, let type):
      guard case .enumeration(let members)? = declaredType(type) else { return nil }
      return members.first { $0.text == name }.map { Recorder.Place($0.span) }
    case .field(let field, let owner):
      guard case .record(let fields)? = declaredType(owner) else { return nil }
      return fields.first { $0.name.text == field.name }.map { Recorder.Place($0.name.span) }
    case .parameter(let field, let index):
      guard case .function(let parameters, _, _) = checker.globals[index].declaration.kind else { return nil }
      return parameters.first { $0.name.text == field.name }.map { Recorder.Place($0.name.span) }
    case .function, .property: return nil
    }
  }

  private func declaredType(_ name: String) -> Declaration.Kind? {
    checker.typeIndex[name].map { checker.globals[$0].declaration.kind }
  }

  /// What is to be said about something that is declared.
  func symbol(_ declared: Declared) -> Symbol {
    switch declared {
    case .global(let declaration, let index): return symbol(declaration, index)
    case .file(let name, let path):
      return Symbol(
        name: name.text, kind: .file, signature: "import \"\(path)\" as \(name.text)", doc: "",
        declaration: name.span)
    case .parameter(let parameter, let owner):
      return symbol(parameter, .parameter, "parameter of `\(owner.text)`")
    case .field(let field, let owner): return symbol(field, .field, "field of `\(owner.text)`")
    case .member(let name, let owner):
      return Symbol(
        name: name.text, kind: .member, signature: "\(owner.text).\(name.text)", doc: "", declaration: name.span)
    case .variable(let local):
      return Symbol(
        name: local.name, kind: .variable, signature: "\(local.name): \(local.type)", doc: "",
        value: local.value?.shown(by: checker.catalogue), declaration: local.span)
    }
  }

  private func symbol(_ parameter: ParameterSyntax, _ kind: Symbol.Kind, _ what: String) -> Symbol {
    Symbol(
      name: parameter.name.text, kind: kind, signature: parameter.text,
      doc: parameter.doc.isEmpty ? what : parameter.doc, declaration: parameter.name.span)
  }

  private func symbol(_ declaration: Declaration, _ index: Int?) -> Symbol {
    let name = declaration.name.text
    let doc = declaration.doc
    let place = declaration.name.span
    func make(_ kind: Symbol.Kind, _ signature: String, _ parts: [String] = [], value: String? = nil) -> Symbol {
      Symbol(name: name, kind: kind, signature: signature, doc: doc, parts: parts, value: value, declaration: place)
    }
    switch declaration.kind {
    case .binding:
      let type = index.map { checker.globals[$0].type } ?? .unknown
      let value = index.flatMap { checker.machine.globals[$0] }
      return make(
        .value, type.isUnknown ? "let \(name)" : "let \(name): \(type)",
        value: value?.shown(by: checker.catalogue))
    case .function(let parameters, let result, _):
      let list = parameters.map { ($0.isPositional ? "_ " : "") + $0.text }.joined(separator: ", ")
      return make(.function, "func \(name)(\(list))" + (result.map { " -> \($0.text)" } ?? ""))
    case .enumeration(let members): return make(.enumeration, "enum \(name)", members.map { "`.\($0.text)`" })
    case .record(let fields):
      return make(
        .record, "record \(name)", fields.map { "`\($0.text)`" + ($0.doc.isEmpty ? "" : ": \($0.doc)") })
    case .recipe(let base, _):
      return make(.recipe, "recipe \(name)" + (base.isEmpty ? "" : " from \(base.map(\.text).joined(separator: "."))"))
    case .sweep(let base, let axes, _, _):
      let cells = index.flatMap { checker.sweeps[$0]?.cells.count }
      return make(
        .sweep, "sweep \(name) from \(base.map(\.text).joined(separator: "."))",
        axes.map { "axis `\($0.name)`" } + (cells.map { ["\($0) run\($0 == 1 ? "" : "s")"] } ?? []))
    case .task(let needs, _):
      let list = needs.map(\.text).joined(separator: ", ")
      return make(.task, "task \(name)" + (needs.isEmpty ? "" : " needs \(list)"))
    case .test: return make(.test, "test \"\(name)\"")
    case .imported: return make(.file, "import as \(name)")
    }
  }
}

extension TypeSyntax {
  /// The type as it was written.
  var text: String {
    switch self {
    case .name(let name): name.text
    case .list(let element, _): "[\(element.text)]"
    case .map(let key, let value, _): "[\(key.text): \(value.text)]"
    case .optional(let wrapped, _): "\(wrapped.text)?"
    case .invalid: "?"
    }
  }
}

extension ParameterSyntax {
  /// `name: Type = default`
  var text: String { "\(name.text): \(type.text)" + (defaultValue.map { " = \($0.span.text)" } ?? "") }
}
