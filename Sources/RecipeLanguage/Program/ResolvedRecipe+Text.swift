extension ResolvedRecipe {
  /// The resolved recipe as a file that can be loaded again: same fields, same identity.
  public var source: String {
    let comment = doc.split(separator: "\n", omittingEmptySubsequences: false).map { "/// \($0)\n" }.joined()
    let plain = name.utf8.allSatisfy(Scanner.isNamePart) ? name : "cell"
    return "edition 1\n\n" + (doc.isEmpty ? "" : comment) + "recipe \(plain) {\n" + CanonicalText.body(of: record)
      + "}\n"
  }

  /// Every leaf with its path, canonical writing and where it came from, in order: what `plan` prints.
  public var leaves: [(path: String, text: String, provenance: Provenance)] {
    var result: [(String, String, Provenance)] = []
    collect(record, "", &result)
    return result
  }

  private func collect(_ record: RecordValue, _ prefix: String, _ result: inout [(String, String, Provenance)]) {
    for field in record.fields {
      let path = prefix + field.name
      if case .record(let inner) = field.value {
        result.append((path, (inner.form == .member ? "." : "") + inner.type, field.provenance))
        collect(inner, path + ".", &result)
      } else {
        result.append((path, CanonicalText.text(field.value), field.provenance))
      }
    }
  }

  /// The recipe as one JSON object: name, base, identity and fields, each with value and provenance.
  public var json: String {
    let fields = leaves.map { leaf in
      JSONText.object([
        ("path", .string(leaf.path)), ("value", .string(leaf.text)), ("from", .string(leaf.provenance.description)),
      ])
    }
    return JSONText.object([
      ("name", .string(name)), ("base", base.map { .string($0) } ?? .null), ("identity", .string(identity)),
      ("fields", .array(fields)),
    ]).text
  }
}

extension Value {
  /// The value written in the language: one writing for one meaning.
  public var canonicalText: String { CanonicalText.text(self) }
}

extension ResolvedRecipe {
  /// The same recipe under another name.
  public func named(_ name: String) -> ResolvedRecipe {
    ResolvedRecipe(
      name: name, doc: doc, base: base, record: record, span: span, canonicalText: canonicalText, identity: identity)
  }

  /// The same recipe with another value in one of its own fields, and so with another identity.
  ///
  /// Nothing is checked: the value has to be one that the field may have. Programmer error: no such field traps.
  public func replacing(_ field: String, by value: Value) -> ResolvedRecipe {
    guard let index = record.fields.firstIndex(where: { $0.name == field }) else {
      preconditionFailure("a recipe has no field \(field)")
    }
    let changed = record.replacing(index, by: value, record.fields[index].provenance)
    let text = "recipe {\n" + CanonicalText.body(of: changed) + "}\n"
    return ResolvedRecipe(
      name: name, doc: doc, base: base, record: changed, span: span, canonicalText: text,
      identity: SHA256.hex(text.utf8))
  }
}
