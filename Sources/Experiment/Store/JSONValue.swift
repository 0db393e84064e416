import Foundation
import RecipeLanguage

/// JSON with the order of keys kept, so that the same value always gives the same bytes.
public indirect enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int)
  /// NaN and infinities are written as `null`, which JSON has instead.
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Field])

  public struct Field: Hashable, Sendable {
    public let name: String
    public let value: JSONValue
    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  /// An object with its fields in the order given.
  public static func object(_ fields: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(fields.map { Field($0.key, $0.value) })
  }

  public static func numbers(_ values: [Double]) -> JSONValue { .array(values.map { .number($0) }) }
  public static func integers(_ values: [Int]) -> JSONValue { .array(values.map { .int($0) }) }
  public static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  /// The same object with fields after its own. Programmer error: anything but an object traps.
  public func adding(_ more: KeyValuePairs<String, JSONValue>) -> JSONValue {
    guard case .object(let fields) = self else { preconditionFailure("only an object takes fields") }
    return .object(fields + more.map { Field($0.key, $0.value) })
  }

  /// As above, of fields made elsewhere.
  func adding(_ more: [Field]) -> JSONValue {
    guard case .object(let fields) = self else { preconditionFailure("only an object takes fields") }
    return .object(fields + more)
  }

  public subscript(_ name: String) -> JSONValue? {
    guard case .object(let fields) = self else { return nil }
    return fields.first { $0.name == name }?.value
  }
}

// MARK: - Text

extension JSONValue {
  /// One line, for `.jsonl` files.
  public var line: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .number(let value): Self.text(of: value)
    case .string(let value): JSONText.quoted(value)
    case .array(let values): "[" + values.map(\.line).joined(separator: ", ") + "]"
    case .object(let fields):
      "{" + fields.map { "\(JSONText.quoted($0.name)): \($0.value.line)" }.joined(separator: ", ") + "}"
    }
  }

  /// Indented, with lists of plain values filled to 100 columns; ends with a line feed.
  public var document: String { pretty(indent: "") + "\n" }

  private func pretty(indent: String) -> String {
    let deeper = indent + "  "
    switch self {
    case .array(let values) where !values.isEmpty:
      let nested = values.contains { if case .array = $0 { true } else if case .object = $0 { true } else { false } }
      if nested {
        return "[\n" + values.map { deeper + $0.pretty(indent: deeper) }.joined(separator: ",\n") + "\n\(indent)]"
      }
      return filled(values.map(\.line), indent: indent)
    case .object(let fields) where !fields.isEmpty:
      let lines = fields.map { "\(deeper)\(JSONText.quoted($0.name)): \($0.value.pretty(indent: deeper))" }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return line
    }
  }

  private func filled(_ items: [String], indent: String) -> String {
    let single = "[" + items.joined(separator: ", ") + "]"
    if indent.count + single.count <= 100 { return single }
    let deeper = indent + "  "
    var lines: [String] = []
    var current = deeper
    for (position, item) in items.enumerated() {
      let piece = item + (position + 1 < items.count ? "," : "")
      if current.count > deeper.count, current.count + 1 + piece.count > 100 {
        lines.append(current)
        current = deeper
      }
      current += (current.count > deeper.count ? " " : "") + piece
    }
    return "[\n" + (lines + [current]).joined(separator: "\n") + "\n\(indent)]"
  }

  /// The shortest decimal that reads back as the same value.
  private static func text(of value: Double) -> String {
    guard value.isFinite else { return "null" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) + ".0" }
    return "\(value)"
  }
}
