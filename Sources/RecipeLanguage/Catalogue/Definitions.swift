/// A registered enum: its members are written `.member`.
public struct EnumDefinition: Sendable {
  /// One member.
  public struct Member: Sendable {
    /// The name without the dot.
    public let name: String
    /// What it means.
    public let doc: String
    /// Other names people use for it; only for did-you-mean.
    public let aliases: [String]

    /// A member.
    public init(_ name: String, aliases: [String] = [], doc: String = "") {
      self.name = name
      self.aliases = aliases
      self.doc = doc
    }
  }

  /// The enum's name: `Stem`.
  public let name: String
  /// Its members, in the order of the reference page.
  public let members: [Member]
  /// What it chooses.
  public let doc: String

  /// An enum.
  public init(_ name: String, doc: String = "", members: [Member]) {
    self.name = name
    self.members = members
    self.doc = doc
  }
}

/// A kind: the common type of several constructors, such as `Optimizer` of `sgd` and `adam`.
public struct KindDefinition: Sendable {
  /// The kind's name.
  public let name: String
  /// What its records are for.
  public let doc: String

  /// A kind.
  public init(_ name: String, doc: String = "") {
    self.name = name
    self.doc = doc
  }
}

/// A rule between the fields of a record.
public struct RecordRule: Sendable {
  /// A rule that is broken.
  public struct Violation: Sendable {
    /// The field to point at, or nil for the whole record.
    public let field: String?
    /// One sentence with the values.
    public let message: String
    /// What to do.
    public let help: String?

    /// A violation.
    public init(field: String?, _ message: String, help: String? = nil) {
      self.field = field
      self.message = message
      self.help = help
    }
  }

  /// The rule in words, for the reference.
  public let doc: String
  /// Returns nil when the record is fine.
  public let check: @Sendable (RecordValue) -> Violation?

  /// A rule.
  public init(_ doc: String, check: @escaping @Sendable (RecordValue) -> Violation?) {
    self.doc = doc
    self.check = check
  }
}

/// A registered record: a constructor with labelled fields. It runs no host code.
public struct RecordDefinition: Sendable {
  /// How a constructor is written.
  public enum Form: Sendable, Hashable {
    /// `sgd(lr: 0.5)`.
    case free
    /// `.simclr(size: 32)`, where the kind is expected.
    case member
    /// `source.long_tail(imbalance: 100)`: the receiver becomes the first field, which must be a record.
    case method
  }

  /// The constructor's name.
  public let name: String
  /// The kind it belongs to; nil: its own.
  public let kind: String
  /// How it is written.
  public let form: Form
  /// Its fields, in the order of the canonical form.
  public let fields: [FieldDefinition]
  /// Rules between fields.
  public let rules: [RecordRule]
  /// What it is.
  public let doc: String

  /// A constructor.
  public init(
    _ name: String, kind: String? = nil, form: Form = .free, doc: String = "", fields: [FieldDefinition],
    rules: [RecordRule] = []
  ) {
    self.name = name
    self.kind = kind ?? name
    self.form = form
    self.fields = fields
    self.rules = rules
    self.doc = doc
  }

  /// The field of this name.
  public func field(_ name: String) -> FieldDefinition? { fields.first { $0.name == name } }
}

/// A type of values only the host can make and read, such as a tensor.
public struct HostTypeDefinition: Sendable {
  /// The type's name.
  public let name: String
  /// What it is.
  public let doc: String
  /// A short text for failure messages: `Tensor 3×4 [0.1, 0.2, …]`.
  public let describe: @Sendable (HostValue) -> String
  /// The largest absolute difference of two values, for `a ~= b within tol`; the second may be a plain number.
  /// Nil: they cannot be compared; a thrown error says why (`shapes 3×4 and 4×3 differ`).
  public let difference: (@Sendable (HostValue, Value) throws -> Double)?
  /// How much memory a value takes, in bytes.
  public let bytes: (@Sendable (HostValue) -> Int)?
  /// Properties read as `x.name`, with their types.
  public let properties: [Property]

  /// A property of a host value.
  public struct Property: Sendable {
    /// The name after the dot.
    public let name: String
    /// Its type.
    public let type: ValueType
    /// What it is.
    public let doc: String
    /// Reads it.
    public let read: @Sendable (HostValue) throws -> Value

    /// A property.
    public init(
      _ name: String, _ type: ValueType, doc: String = "", read: @escaping @Sendable (HostValue) throws -> Value
    ) {
      self.name = name
      self.type = type
      self.doc = doc
      self.read = read
    }
  }

  /// A host type.
  public init(
    _ name: String, doc: String = "", properties: [Property] = [],
    bytes: (@Sendable (HostValue) -> Int)? = nil,
    describe: @escaping @Sendable (HostValue) -> String,
    difference: (@Sendable (HostValue, Value) throws -> Double)? = nil
  ) {
    self.name = name
    self.doc = doc
    self.properties = properties
    self.bytes = bytes
    self.describe = describe
    self.difference = difference
  }
}
