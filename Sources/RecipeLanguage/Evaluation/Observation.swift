/// The value a part of an expectation had, and the place it is drawn under.
struct Observation {
  let place: SourceSpan
  let value: Value
}

extension Code {
  /// Where the value of this part is drawn: under its operator or its name; nil for what is written out anyway.
  func place(of value: Value) -> SourceSpan? {
    switch node {
    case .poison: nil
    case .constant:
      // A sum of whole numbers is computed while it is checked; what stands for itself needs no drawing.
      isIntegerLiteral && !span.text.dropFirst().allSatisfy { $0.isNumber || $0 == "_" }
        ? find(["+", "-", "*", "%"], from: span.lower + 1, to: span.upper) : nil
    case .arithmetic(_, let place, _, _): place
    case .compare(let symbol, let left, let right): between(left, right, symbol.rawValue)
    case .and(let left, let right): between(left, right, "&&")
    case .or(let left, let right): between(left, right, "||")
    case .hostOperator(let definition, let left, let right): between(left, right, definition.symbol)
    case .transition(let left, let right): between(left, right, "->")
    case .select(_, let name): end(name)
    case .property(_, let property): end(property.name)
    case .count: end("count")
    case .index(let base, _): at(base.span.upper)
    case .construct(let definition, let arguments) where definition.form == .method:
      arguments.first.flatMap { find([definition.name], from: $0.code.span.upper, to: span.upper) } ?? at(span.lower)
    case .with(let base, _): find(["with"], from: base.span.upper, to: span.upper)
    default: at(span.lower)
    }
  }

  private func at(_ offset: Int) -> SourceSpan { SourceSpan(file: span.file, lower: offset, upper: offset + 1) }

  private func end(_ name: String) -> SourceSpan { at(max(span.lower, span.upper - name.utf8.count)) }

  private func between(_ left: Code, _ right: Code, _ symbol: String) -> SourceSpan? {
    find([symbol], from: left.span.upper, to: right.span.lower) ?? at(span.lower)
  }

  /// The first of these words between two offsets.
  private func find(_ words: [String], from lower: Int, to upper: Int) -> SourceSpan? {
    let bytes = span.file.bytes
    for offset in stride(from: lower, to: min(upper, bytes.count), by: 1) {
      for word in words where bytes[offset...].starts(with: word.utf8) { return at(offset) }
    }
    return nil
  }
}
