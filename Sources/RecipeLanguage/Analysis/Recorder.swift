/// Notes for editors what the checker settles: what each name means, and what could stand at one place of the text.
///
/// The checker hands over what it finds anyway, so that nothing is looked up twice by different rules. Without a
/// recorder it pays one test for nil where it would note something.
final class Recorder {
  /// What a name in the text means.
  enum Meaning {
    /// A top-level declaration, by its index in the checker.
    case global(Int)
    /// A parameter or variable, by the place that declares it.
    case local(SourceSpan)
    /// The name of an imported file, by the place that gives it.
    case file(SourceSpan)
    case constructor(RecordDefinition)
    case function(FunctionDefinition)
    /// An enum, a kind, a host type or a type of the language.
    case type(String)
    case member(String, of: String)
    case field(FieldDefinition, of: String)
    /// A parameter of a declared function.
    case parameter(FieldDefinition, of: Int)
    case property(HostTypeDefinition.Property, of: String)
  }

  /// A name in the text and what it means.
  struct Use {
    let span: SourceSpan
    let meaning: Meaning
  }

  /// A parameter or variable.
  struct Local {
    let name: String
    let type: ValueType
    /// What it is, where that is written out.
    let value: Value?
    let span: SourceSpan
  }

  /// What may stand at the place that was asked for.
  enum Choice {
    /// A value; `variables` are the parameters and variables in sight.
    case value(expected: ValueType?, variables: [Local], in: Module)
    /// The label of an argument that is not given yet.
    case labels([FieldDefinition])
    /// A field of a recipe or record, in the path of an amendment.
    case fields([FieldDefinition])
    /// A member of an enum, or a constructor written with a dot.
    case members(enums: [String], kinds: [String])
    /// What is written after the dot behind a value.
    case parts(of: ValueType)
    /// What a file declares.
    case declarations(in: Module)
    case types
    /// The name of a recipe; with `runs`, of a sweep or task as well.
    case recipes(in: Module, runs: Bool)
  }

  /// A place in one source.
  struct Place: Hashable {
    let file: ObjectIdentifier
    let lower: Int

    init(_ span: SourceSpan) {
      file = ObjectIdentifier(span.file)
      lower = span.lower
    }
  }

  private(set) var uses: [Place: Use] = [:]
  private(set) var locals: [Place: Local] = [:]
  private(set) var choices: [Choice] = []
  /// The name whose alternatives are asked for.
  private let target: SourceSpan?
  private let targetText: String
  /// While set, what is checked does not stand in the text.
  var isPaused = false

  init(target: SourceSpan? = nil) {
    self.target = target
    targetText = target?.text ?? ""
  }

  /// A name that stands at `span`, perhaps in parentheses.
  func use(_ name: String, at span: SourceSpan, _ meaning: Meaning) {
    // A sweep has the same names checked for every cell.
    guard !isPaused, span.file.kind == .file, uses[Place(span)] == nil, let span = Recorder.exact(name, span) else {
      return
    }
    let place = Place(span)
    if uses[place] == nil { uses[place] = Use(span: span, meaning: meaning) }
  }

  func use(_ name: Name, _ meaning: Meaning) { use(name.text, at: name.span, meaning) }

  /// A parameter or variable that is declared.
  func declare(_ name: String, _ type: ValueType, at span: SourceSpan?, value: Value? = nil) {
    guard let span, !isPaused, span.file.kind == .file else { return }
    locals[Place(span)] = Local(name: name, type: type, value: value, span: span)
  }

  /// Takes a variable back that stands for something declared elsewhere.
  func forgetLocal(at span: SourceSpan) { locals[Place(span)] = nil }

  /// Whether alternatives to the name at `span` are asked for.
  func isTarget(_ span: SourceSpan) -> Bool {
    guard let target, span.file === target.file, span.lower <= target.lower, target.upper <= span.upper else {
      return false
    }
    return Recorder.exact(targetText, span)?.lower == target.lower
  }

  /// Something that may stand at the target.
  func offer(_ choice: @autoclosure () -> Choice, at span: SourceSpan) {
    if !isPaused, isTarget(span) { choices.append(choice()) }
  }

  /// The arguments of a call, with the parameters they are for.
  func labels(
    of arguments: [Argument], for parameters: [FieldDefinition], _ meaning: (FieldDefinition) -> Meaning
  ) {
    for argument in arguments {
      let isPlain = if case .name = argument.value.kind { true } else { false }
      if let label = argument.label {
        if let field = parameters.first(where: { $0.name == label.text }) { use(label, meaning(field)) }
        if isTarget(label.span) { offerLabels(arguments, parameters, at: label.span) }
      } else if isPlain, isTarget(argument.value.span) {
        offerLabels(arguments, parameters, at: argument.value.span)
      }
    }
  }

  private func offerLabels(_ arguments: [Argument], _ parameters: [FieldDefinition], at span: SourceSpan) {
    let given = Set(arguments.compactMap { $0.label?.text })
    var unlabelled = arguments.prefix { !isTarget($0.value.span) }.filter { $0.label == nil }.count
    let open = parameters.filter { field in
      if field.isPositional, unlabelled > 0 {
        unlabelled -= 1
        return false
      }
      return !given.contains(field.name)
    }
    offer(.labels(open), at: span)
  }

  /// The place of the name itself where `span` has parentheses around it; nil if the name does not stand there.
  private static func exact(_ name: String, _ span: SourceSpan) -> SourceSpan? {
    let count = name.utf8.count
    if span.upper - span.lower == count, span.text == name { return span }
    guard span.upper - span.lower > count, span.file.bytes[span.lower] == UInt8(ascii: "(") else { return nil }
    let tokens = Scanner.scan(span.file, range: span.lower..<span.upper, into: DiagnosticSink(limit: 0)).tokens
    guard let token = tokens.first(where: { $0.kind != .leftParen }), token.kind == .name else { return nil }
    let found = SourceSpan(file: span.file, lower: token.lower, upper: token.upper)
    return found.text == name ? found : nil
  }
}
