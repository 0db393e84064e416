/// The words a host gives to the language: checker, reference pages and completion all derive from it.
///
///     var catalogue = Catalogue(recipe: RecordDefinition("Batch", fields: [FieldDefinition("count", .int, default: 1)]))
///     catalogue.add(EnumDefinition("Flour", members: [.init("wheat"), .init("rye")]))
///     catalogue.add(RecordDefinition("loaf", fields: [FieldDefinition("flour", .enumeration("Flour"))]))
///     let (program, diagnostics) = Program.load("day.recipe", catalogue: catalogue)
///
/// Tests/EmbeddingExample is a whole program with words of its own.
///
/// Registering the same name twice is a programmer error and traps; a constructor and a function may share a name
/// (the labels of the call decide). `problems()` checks what cannot be seen at registration; a host's tests call it.
public struct Catalogue: Sendable {
  /// The schema of a recipe's body. Its name is used as the type of recipe values.
  public private(set) var recipe: RecordDefinition
  /// The recipe field that holds the run's length; schedules are checked against it.
  public let lengthField: String?
  /// The kinds, by name.
  public private(set) var kinds: [String: KindDefinition] = [:]
  /// The enums, by name.
  public private(set) var enums: [String: EnumDefinition] = [:]
  /// The host types, by name.
  public private(set) var hostTypes: [String: HostTypeDefinition] = [:]
  /// Constructors written `name(...)`.
  public private(set) var constructors: [String: RecordDefinition] = [:]
  /// Constructors written `.name(...)`, by kind and name.
  public private(set) var members: [String: [String: RecordDefinition]] = [:]
  /// Constructors written `receiver.name(...)`.
  public private(set) var methods: [String: RecordDefinition] = [:]
  /// Functions, by name.
  public private(set) var functions: [String: FunctionDefinition] = [:]
  /// Operators between host types and records.
  public private(set) var operators: [OperatorDefinition] = []
  /// What a task sees of a sweep, recipe or task it needs; usually a host type.
  public var resultType: ValueType = .any
  /// The host's own diagnostic codes.
  public private(set) var codes: [DiagnosticCode] = []

  /// A catalogue with the language's own functions and this schema for recipes.
  ///
  /// - Parameters:
  ///   - recipe: the fields a recipe may have.
  ///   - lengthField: the field of training time that says how long a run is, if there is one.
  public init(recipe: RecordDefinition, lengthField: String? = nil) {
    self.recipe = recipe
    self.lengthField = lengthField
  }

  private var byKind: [String: [RecordDefinition]] = [:]

  /// Every constructor whose records are of this kind, in the order of registration.
  public func records(ofKind kind: String) -> [RecordDefinition] {
    kind == recipe.name ? [recipe] : byKind[kind] ?? []
  }

  /// Registers an enum.
  public mutating func add(_ definition: EnumDefinition) {
    precondition(enums.updateValue(definition, forKey: definition.name) == nil, "enum \(definition.name) twice")
  }

  /// Registers a kind.
  public mutating func add(_ definition: KindDefinition) {
    precondition(kinds.updateValue(definition, forKey: definition.name) == nil, "kind \(definition.name) twice")
  }

  /// Registers a host type.
  public mutating func add(_ definition: HostTypeDefinition) {
    precondition(hostTypes.updateValue(definition, forKey: definition.name) == nil, "type \(definition.name) twice")
  }

  /// Registers a constructor. Its kind is registered with it if it was not.
  public mutating func add(_ definition: RecordDefinition) {
    if kinds[definition.kind] == nil { kinds[definition.kind] = KindDefinition(definition.kind, doc: definition.doc) }
    let name = definition.name
    let old: RecordDefinition?
    switch definition.form {
    case .free: old = constructors.updateValue(definition, forKey: name)
    case .member: old = members[definition.kind, default: [:]].updateValue(definition, forKey: name)
    case .method: old = methods.updateValue(definition, forKey: name)
    }
    precondition(old == nil, "constructor \(name) twice")
    byKind[definition.kind, default: []].append(definition)
  }

  /// Registers a function.
  public mutating func add(_ definition: FunctionDefinition) {
    precondition(functions.updateValue(definition, forKey: definition.name) == nil, "function \(definition.name) twice")
  }

  /// Registers an operator.
  public mutating func add(_ definition: OperatorDefinition) {
    precondition("+-*/".contains(definition.symbol), "operator \(definition.symbol) cannot be given a meaning")
    operators.append(definition)
  }

  /// Registers a diagnostic code of the host, so that `explain` knows it.
  public mutating func add(_ code: DiagnosticCode) { codes.append(code) }

  /// Every constructor, in no particular order.
  public var records: [RecordDefinition] {
    Array(constructors.values) + members.values.flatMap(\.values) + Array(methods.values)
  }

  /// The definition a record value was made by.
  public func definition(of record: RecordValue) -> RecordDefinition? {
    if record.type == recipe.name { return recipe }
    // In most cases only one of the three has the name.
    let (free, member, method) = (constructors[record.type], members[record.kind]?[record.type], methods[record.type])
    if member == nil, method == nil { return free }
    let candidates = [free, member, method].compactMap { $0 }
    if candidates.count == 1 { return candidates[0] }
    return candidates.first { $0.kind == record.kind && $0.fields.map(\.name) == record.fields.map(\.name) }
      ?? candidates.first
  }
}
