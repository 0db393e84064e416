/// A name in a text, by the file it stands in.
public struct Reference: Sendable, Equatable {
  /// Where the name stands.
  public let span: SourceSpan
  /// Whether it is the declaration itself.
  public let isDeclaration: Bool
}

extension Analysis {
  /// Where what the name at an offset means is declared: the name of the declaration, or the start of an imported file.
  public func definition(at offset: Int) -> SourceSpan? {
    for declaration in main.tree.declarations {
      guard case .imported(let path) = declaration.kind, path.span.lower <= offset, offset <= path.span.upper,
        let file = main.imports[declaration.name.text]
      else { continue }
      return SourceSpan(file: file.source, lower: 0, upper: 0)
    }
    return symbol(at: offset)?.symbol.declaration
  }

  /// Every place in the file and the files it imports where the same thing is meant as at an offset, in order.
  public func references(at offset: Int) -> [Reference] {
    guard let name = name(at: offset) else { return [] }
    if let place = declaration(of: name) { return references(to: place) }
    guard let meaning = recorder.uses[Recorder.Place(name)]?.meaning, let key = key(meaning) else { return [] }
    return sorted(
      recorder.uses.values.filter { self.key($0.meaning) == key && place(of: $0.meaning) == nil }
        .map { Reference(span: $0.span, isDeclaration: false) })
  }

  /// Every place in the file and the files it imports where what is declared at an offset of one of these files is
  /// meant. `file` is a path as the loader knows it.
  public func references(toDeclarationAt offset: Int, in file: String) -> [Reference] {
    let real = ModuleLoader.real(file)
    guard let module = modules.first(where: { $0.path.map(ModuleLoader.real) == real }) else { return [] }
    return references(to: Recorder.Place(SourceSpan(file: module.source, lower: offset, upper: offset)))
  }

  func references(to place: Recorder.Place) -> [Reference] {
    guard let declared = declarations[place] else { return [] }
    var result = recorder.uses.values.filter { self.place(of: $0.meaning) == place && Recorder.Place($0.span) != place }
      .map { Reference(span: $0.span, isDeclaration: false) }
    result.append(Reference(span: declared.name, isDeclaration: true))
    return sorted(result)
  }

  private func sorted(_ references: [Reference]) -> [Reference] {
    references.sorted { a, b in
      a.span.file === b.span.file ? a.span.lower < b.span.lower : a.span.file.name < b.span.file.name
    }
  }

  /// What two uses of the same word of the catalogue have in common.
  private func key(_ meaning: Recorder.Meaning) -> String? {
    switch meaning {
    case .constructor(let definition): "constructor \(definition.kind).\(definition.name)"
    case .function(let definition): "function \(definition.name)"
    case .type(let name): "type \(name)"
    case .member(let name, let type): "member \(type).\(name)"
    case .field(let field, let owner): "field \(owner).\(field.name)"
    case .property(let property, let type): "property \(type).\(property.name)"
    case .global, .local, .file, .parameter: nil
    }
  }
}

extension Declared {
  /// Where the name stands.
  var name: SourceSpan {
    switch self {
    case .global(let declaration, _): declaration.name.span
    case .file(let name, _), .member(let name, _): name.span
    case .parameter(let parameter, _), .field(let parameter, _): parameter.name.span
    case .variable(let local): local.span
    }
  }
}
