extension Checker {
  /// Whether a value of type `have` may stand where `want` is wanted, without saying anything.
  func accepts(_ want: ValueType, _ have: ValueType, literal: Bool = false) -> Bool {
    if want == have || want == .any || want.isUnknown || have.isUnknown { return true }
    switch (want, have) {
    case (.optional(let wrapped), .none): return wrapped != .none
    case (.optional(let wrapped), .optional(let inner)): return accepts(wrapped, inner)
    case (.optional(let wrapped), _): return accepts(wrapped, have, literal: literal)
    case (.oneOf(let wants), .oneOf(let haves)):
      return haves.allSatisfy { have in wants.contains { accepts($0, have) } }
    case (.oneOf(let wants), _): return wants.contains { accepts($0, have, literal: literal) }
    case (_, .oneOf(let haves)): return haves.allSatisfy { accepts(want, $0) }
    case (.schedulable(let element), .schedule(let inner)): return accepts(element, inner)
    case (.schedulable(let element), .schedulable(let inner)): return accepts(element, inner)
    case (.schedulable(let element), _): return accepts(element, have, literal: literal)
    case (.schedule(let a), .schedule(let b)), (.transition(let a), .transition(let b)): return accepts(a, b)
    case (.float, .int): return literal
    case (.quantity(.training), .quantity(let dimension)): return dimension.isTraining
    case (.list(let a), .list(let b)), (.map(let a), .map(let b)): return accepts(a, b)
    default: return false
    }
  }

  /// The checked expression as a `want`, or poison after saying why not.
  ///
  /// - Parameter what: the place that wants it, as the message names it: "`lr` of `sgd`".
  func fit(_ code: Code, to want: ValueType, what: String, notes: [String] = []) -> Code {
    if code.isPoison { return code }
    if accepts(want, code.type, literal: code.isIntegerLiteral) { return converted(code, to: want) }
    report(mismatch: code, want, what, notes)
    return .poison(code.span)
  }

  /// A whole number written in digits becomes a Float where one is wanted.
  func converted(_ code: Code, to want: ValueType) -> Code {
    guard code.isIntegerLiteral, wantsFloat(want), case .constant(.int(let value)) = code.node else { return code }
    return Code(node: .constant(.float(Double(value))), type: .float, span: code.span)
  }

  private func wantsFloat(_ want: ValueType) -> Bool {
    switch want {
    case .float: true
    case .optional(let type), .schedulable(let type): wantsFloat(type)
    case .oneOf(let types): !types.contains { accepts($0, .int) } && types.contains { wantsFloat($0) }
    default: false
    }
  }

  private func report(mismatch code: Code, _ want: ValueType, _ what: String, _ notes: [String]) {
    let have = code.type
    let bare = want.unwrapped
    switch (bare, have) {
    case (_, .none), (_, .optional):
      let path = code.span.text
      sink.report(
        .noneNotAllowed,
        "\(what) must have a value of type \(want), but this \(have == .none ? "is `none`" : "may be none")",
        at: code.span, notes: notes,
        help: have == .none
          ? nil
          : path.utf8.allSatisfy { Scanner.isNamePart($0) || $0 == UInt8(ascii: ".") }
            ? "write `if \(path) != none { \(path) } else { … }`"
            : "give it a name with `let`, then write `if name != none { name } else { … }`")
    case (.quantity(let dimension), .int), (.quantity(let dimension), .float),
      (.schedulable(.quantity(let dimension)), .int), (.schedulable(.quantity(let dimension)), .float):
      let guess = code.constant.flatMap { UnitGuess.quantity($0, dimension) }
      sink.report(
        .missingUnit, "\(what) needs a unit: it is in \(dimension.title)", at: code.span, label: "a plain number",
        notes: notes, help: guess?.help ?? "write for example `\(dimension.example)`",
        fix: guess.map { Diagnostic.Fix(code.span, replacement: $0.text) })
    case (.list(.quantity(let dimension)), .list(.int)), (.list(.quantity(let dimension)), .list(.float)):
      sink.report(
        .missingUnit, "the elements of \(what) need a unit: they are in \(dimension.title)", at: code.span,
        label: "plain numbers", notes: notes, help: "write for example `[\(dimension.example)]`")
    case (.quantity(let dimension), .quantity(let other)),
      (.schedulable(.quantity(let dimension)), .quantity(let other)):
      let help = UnitGuess.conversion(from: other, to: dimension) ?? "write for example `\(dimension.example)`"
      sink.report(
        .unitMismatch, "\(what) is in \(dimension.title), but this is in \(other.title)", at: code.span,
        notes: notes, help: help)
    case (.float, .quantity(let dimension)), (.int, .quantity(let dimension)),
      (.schedulable(.float), .quantity(let dimension)):
      let guess = code.constant?.quantityValue.map { UnitGuess.number($0, bare) }
      sink.report(
        .unitMismatch, "\(what) is \(want), a number without a unit, but this is in \(dimension.title)", at: code.span,
        notes: notes,
        help: guess.map { "write `\($0)`" } ?? "divide by a unit, for example `x / 1\(Unit.base(of: dimension).suffix)`",
        fix: guess.map { Diagnostic.Fix(code.span, replacement: $0) })
    case (.int, .float):
      sink.report(
        .wholeNumberNeeded, "\(what) is a whole number (Int), but this is a Float", at: code.span, notes: notes,
        help: "write a whole number, or `round(x)`")
    case (.float, .int), (.schedulable(.float), .int):
      sink.report(
        .typeMismatch, "\(what) is \(want), but this is a computed Int", at: code.span, notes: notes,
        help: "write `float(x)`")
    case (.schedule(let element), _) where accepts(element, have, literal: code.isIntegerLiteral):
      sink.report(
        .typeMismatch, "\(what) is \(want), but this is \(have)", at: code.span, notes: notes,
        help: "write `hold(\(code.constant.map(CanonicalText.text) ?? "x"))`")
    case (.schedulable, .transition), (.schedule, .transition):
      sink.report(
        .typeMismatch, "\(what) is \(want), but `a -> b` alone does not say how to get there", at: code.span,
        notes: notes, help: "write `ramp(a -> b, over: 10ep)` or `cosine(a -> b)`")
    case (let plain, .schedule(let element)) where plain.isNumber || accepts(plain, element):
      sink.report(
        .notSchedulable, "\(what) cannot follow a schedule; it is fixed for the whole run", at: code.span,
        notes: notes, help: "write one \(plain)")
    default:
      sink.report(
        .typeMismatch, "\(what) is \(want), but this is \(have)", at: code.span, notes: notes, help: hint(want, code))
    }
  }

  private func hint(_ want: ValueType, _ code: Code) -> String? {
    if case .enumeration(let name) = want.unwrapped, let definition = catalogue.enums[name] {
      let members = definition.members.map { ".\($0.name)" }
      if case .constant(.string(let text)) = code.node,
        let guess = sink.closest(to: text, among: definition.members.map(\.name))
      {
        return "write `.\(guess)`"
      }
      return "write one of \(members.joined(separator: ", "))"
    }
    if case .record(let kind) = want.unwrapped {
      let names = constructors(of: kind).map { $0.form == .member ? ".\($0.name)" : $0.name }.sorted()
      if !names.isEmpty, names.count <= 12 { return "\(kind) is made by \(names.joined(separator: ", "))" }
    }
    if want.unwrapped == .string, code.constant != nil { return "write it in quotation marks" }
    return nil
  }

  /// Every constructor whose records are of this kind.
  func constructors(of kind: String) -> [RecordDefinition] { catalogue.records(ofKind: kind) }

  /// The common type of two branches or elements, or nil.
  func join(_ a: Code, _ b: Code) -> ValueType? {
    if accepts(a.type, b.type, literal: b.isIntegerLiteral) { return a.type.isUnknown ? b.type : a.type }
    if accepts(b.type, a.type, literal: a.isIntegerLiteral) { return b.type }
    switch (a.type, b.type) {
    case (.none, let other), (let other, .none): return .optional(other)
    case (.quantity(let left), .quantity(let right)) where left.isTraining && right.isTraining:
      return .quantity(.training)
    case (.schedule(let element), let other) where accepts(element, other, literal: b.isIntegerLiteral):
      return .schedulable(element)
    case (let other, .schedule(let element)) where accepts(element, other, literal: a.isIntegerLiteral):
      return .schedulable(element)
    default: return nil
    }
  }

  /// The type a written type stands for.
  func resolve(_ type: TypeSyntax) -> ValueType {
    switch type {
    case .name(let name): return resolve(name)
    case .list(let element, let span):
      let type = resolve(element)
      return isShallow(type, span) ? .list(type) : .unknown
    case .map(let key, let value, let span):
      let keyType = resolve(key)
      if keyType != .string, !keyType.isUnknown {
        sink.report(.typeMismatch, "keys of maps are strings, not \(keyType)", at: span)
      }
      let type = resolve(value)
      return isShallow(type, span) ? .map(type) : .unknown
    case .optional(let wrapped, _): return .optional(resolve(wrapped).unwrapped)
    case .invalid: return .unknown
    }
  }

  private func resolve(_ name: Name) -> ValueType {
    recorder?.offer(.types, at: name.span)
    recorder?.use(name, .type(name.text))
    switch name.text {
    case "Bool": return .bool
    case "Int": return .int
    case "Float": return .float
    case "String": return .string
    case "Schedule": return .schedule(.float)
    case "Time": return .quantity(.training)
    case "Duration": return .quantity(.duration)
    case "Bytes": return .quantity(.bytes)
    case "Percent": return .quantity(.percent)
    default: break
    }
    if catalogue.enums[name.text] != nil { return .enumeration(name.text) }
    if catalogue.kinds[name.text] != nil { return .record(name.text) }
    if catalogue.hostTypes[name.text] != nil { return .host(name.text) }
    if poisonedTypes.contains(name.text) { return .unknown }
    // With thousands of declared types they are not even sorted: nothing would be suggested.
    let isMany = sink.isFull || catalogue.enums.count + catalogue.kinds.count > 2000
    let declared =
      isMany
      ? [] : catalogue.enums.keys.sorted() + catalogue.kinds.keys.sorted() + catalogue.hostTypes.keys.sorted()
    let known = ["Bool", "Int", "Float", "String", "Schedule", "Time", "Duration", "Bytes", "Percent"] + declared
    let habits = ["str": "String", "double": "Float", "number": "Float", "boolean": "Bool", "list": "[T]"]
    let guess = sink.closest(to: name.text, among: known, aliases: habits)
    sink.report(
      .unknownType, "there is no type `\(name.text)`", at: name.span, help: guess.map { "did you mean `\($0)`?" })
    return .unknown
  }
}
