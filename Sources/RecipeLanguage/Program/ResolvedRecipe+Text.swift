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
