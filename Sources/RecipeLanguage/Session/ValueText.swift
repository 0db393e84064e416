extension Value {
  /// The value as a person wants to see it: canonical text, long lists and texts cut, host values described.
  ///
  /// - Parameters:
  ///   - catalogue: knows how host values are described.
  ///   - elements: how many elements of a list or map are shown.
  ///   - characters: how long a text may be.
  public func shown(by catalogue: Catalogue, elements: Int = 20, characters: Int = 500) -> String {
    func show(_ value: Value) -> String {
      switch value {
      case .host(let object): return catalogue.hostTypes[object.type]?.describe(object) ?? "<\(object.type)>"
      case .list(let values): return "[" + joined(values.prefix(elements).map(show), values.count) + "]"
      case .map(let entries) where !entries.isEmpty:
        let shown = entries.prefix(elements).map { "\(Value.string($0.key).canonicalText): \(show($0.value))" }
        return "[" + joined(shown, entries.count) + "]"
      case .string(let text) where text.count > characters:
        return Value.string(String(text.prefix(characters))).canonicalText + "… (\(text.count) characters)"
      default: return value.canonicalText
      }
    }
    func joined(_ shown: [String], _ count: Int) -> String {
      shown.joined(separator: ", ") + (count > shown.count ? ", … \(count - shown.count) more" : "")
    }
    return show(self)
  }
}
