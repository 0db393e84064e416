import Foundation

/// Reading goes through `JSONDecoder`, which rounds numbers correctly (`JSONSerialization` may be off in
/// the last digits). The order of keys is not kept: fields come sorted by name.
extension JSONValue: Decodable {
  private struct Name: CodingKey {
    let stringValue: String
    let intValue: Int? = nil
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    if let fields = try? decoder.container(keyedBy: Name.self) {
      self = .object(
        try fields.allKeys.sorted { $0.stringValue < $1.stringValue }
          .map { Field($0.stringValue, try fields.decode(JSONValue.self, forKey: $0)) })
      return
    }
    if var elements = try? decoder.unkeyedContainer() {
      var values: [JSONValue] = []
      while !elements.isAtEnd { values.append(try elements.decode(JSONValue.self)) }
      self = .array(values)
      return
    }
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let int = try? value.decode(Int.self) {
      self = .int(int)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else {
      self = .string(try value.decode(String.self))
    }
  }

  /// Throws if the bytes are not one JSON value.
  public init(parsing data: Data) throws { self = try JSONDecoder().decode(JSONValue.self, from: data) }

  public var double: Double? {
    switch self {
    case .number(let value): value
    case .int(let value): Double(value)
    default: nil
    }
  }

  public var integer: Int? {
    switch self {
    case .int(let value): value
    case .number(let value): Int(exactly: value)
    default: nil
    }
  }

  public var text: String? { if case .string(let value) = self { value } else { nil } }
  public var elements: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
  public var fields: [Field]? { if case .object(let fields) = self { fields } else { nil } }
}
