/// Giving something that is declared in a file another name.
public enum Rename {
  /// Why a name cannot be given.
  public struct Refusal: Error, Sendable, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }
}

extension Analysis {
  /// The name at an offset, if it can be changed: one that the user chose.
  public func renamable(at offset: Int) throws(Rename.Refusal) -> SourceSpan {
    guard let name = name(at: offset) else { throw Rename.Refusal(description: "there is no name here") }
    let text = name.text
    guard let place = declaration(of: name) else {
      let isKnown = recorder.uses[Recorder.Place(name)] != nil || Keyword.reserved.contains(text)
      throw Rename.Refusal(
        description: isKnown
          ? "`\(text)` is a word of the language or of its host, not declared in a recipe"
          : "it is not known what `\(text)` means here")
    }
    guard let declared = declarations[place], declared.name.text == text else {
      throw Rename.Refusal(description: "`\(text)` has no name that could be changed")
    }
    if let use = recorder.uses[place], self.place(of: use.meaning) != place {
      throw Rename.Refusal(description: "`\(text)` is a field of recipes here, which cannot be renamed")
    }
    return name
  }

  /// Checks that `name` can be written where names are declared.
  public func checkName(_ name: String) throws(Rename.Refusal) {
    guard let first = name.utf8.first, Scanner.isNameStart(first), name.utf8.allSatisfy(Scanner.isNamePart), name != "_"
    else { throw Rename.Refusal(description: "`\(name)` is not a name: names are letters, digits and `_`") }
    if Keyword.reserved.contains(name) || Keyword.declarations.contains(name) {
      throw Rename.Refusal(description: "`\(name)` is a word of the language")
    }
  }

  /// Whether this is what `old` is with `references` renamed: every name still means the same. Compared are the uses of
  /// declared names, in order, and the codes found. A new name that hides another, or is hidden, shows here.
  public func means(theSameAs old: Analysis) -> Bool {
    guard diagnostics.map(\.code.id).sorted() == old.diagnostics.map(\.code.id).sorted() else { return false }
    return shape == old.shape
  }

  /// For each use of a declared name, in the order of the text, the number of its declaration in that order.
  private var shape: [Int] {
    let files = Dictionary(uniqueKeysWithValues: modules.enumerated().map { (ObjectIdentifier($1.source), $0) })
    func order(_ place: Recorder.Place) -> (Int, Int) { (files[place.file] ?? -1, place.lower) }
    let ordered = declarations.keys.sorted { order($0) < order($1) }
    let numbers = Dictionary(uniqueKeysWithValues: ordered.enumerated().map { ($1, $0) })
    let uses = recorder.uses.sorted { order($0.key) < order($1.key) }
    return uses.map { use in place(of: use.value.meaning).flatMap { numbers[$0] } ?? -1 }
  }
}
