/// The element types of tensor files, by their safetensors names.
public enum ElementType: String, Hashable, Sendable, CaseIterable {
  case float16 = "F16"
  case float32 = "F32"
  case float64 = "F64"
  case uint8 = "U8"
  case int32 = "I32"
  case int64 = "I64"

  /// Bytes of one element.
  public var size: Int {
    switch self {
    case .uint8: 1
    case .float16: 2
    case .float32, .int32: 4
    case .float64, .int64: 8
    }
  }

  public var isInteger: Bool {
    switch self {
    case .uint8, .int32, .int64: true
    case .float16, .float32, .float64: false
    }
  }

  /// The name in a `.npy` header, little-endian.
  var npyDescription: String {
    switch self {
    case .float16: "<f2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .uint8: "|u1"
    case .int32: "<i4"
    case .int64: "<i8"
    }
  }

  init?(npyDescription: String) {
    guard let type = ElementType.allCases.first(where: { $0.npyDescription == npyDescription }) else { return nil }
    self = type
  }
}
