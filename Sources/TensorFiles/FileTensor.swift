import Foundation
import Kernels

/// An array as it stands in a file: element type, extents and little-endian bytes in row-major order.
public struct FileTensor: Hashable, Sendable {
  public let elementType: ElementType
  public let shape: [Int]
  /// `shape` product × element size bytes. May be a slice of a mapped file.
  public let data: Data

  public var count: Int { shape.reduce(1, *) }

  /// Programmer error: a number of bytes that does not fit the shape traps.
  public init(elementType: ElementType, shape: [Int], data: Data) {
    precondition(
      data.count == shape.reduce(1, *) * elementType.size,
      "\(data.count) bytes for shape \(shape) of \(elementType.rawValue)")
    self.elementType = elementType
    self.shape = shape
    self.data = data
  }

  /// Float32, bit for bit.
  public init(_ tensor: Tensor) {
    self.init(
      elementType: .float32, shape: tensor.shape.extents,
      data: tensor.withUnsafeBufferPointer { bytes(of: $0) })
  }

  public init(_ values: [Float], shape: [Int]? = nil) { self.init(array: values, .float32, shape) }
  public init(_ values: [Double], shape: [Int]? = nil) { self.init(array: values, .float64, shape) }
  public init(_ values: [Int64], shape: [Int]? = nil) { self.init(array: values, .int64, shape) }
  public init(_ values: [Int32], shape: [Int]? = nil) { self.init(array: values, .int32, shape) }
  public init(_ values: [UInt8], shape: [Int]? = nil) { self.init(array: values, .uint8, shape) }

  private init<T: BitwiseCopyable>(array values: [T], _ type: ElementType, _ shape: [Int]?) {
    self.init(
      elementType: type, shape: shape ?? [values.count],
      data: values.withUnsafeBufferPointer { bytes(of: $0) })
  }
}

// MARK: - Values

extension FileTensor {
  /// The elements as float32 (wider types are rounded; true is 1).
  public var floats: [Float] {
    switch elementType {
    case .bool: elements(UInt8.self).map { $0 == 0 ? 0 : 1 }
    case .uint8: elements(UInt8.self).map { Float($0) }
    case .int8: elements(Int8.self).map { Float($0) }
    case .uint16: elements(UInt16.self).map { Float($0) }
    case .int16: elements(Int16.self).map { Float($0) }
    case .uint32: elements(UInt32.self).map { Float($0) }
    case .int32: elements(Int32.self).map { Float($0) }
    case .uint64: elements(UInt64.self).map { Float($0) }
    case .int64: elements(Int64.self).map { Float($0) }
    case .float16: elements(Float16.self).map(Float.init)
    case .bfloat16: elements(UInt16.self).map { Float(bitPattern: UInt32($0) << 16) }
    case .float32: elements(Float.self)
    case .float64: elements(Double.self).map(Float.init)
    }
  }

  /// The elements as float64 (64-bit integers beyond 2⁵³ are rounded; true is 1).
  public var doubles: [Double] {
    switch elementType {
    case .uint32: elements(UInt32.self).map { Double($0) }
    case .int32: elements(Int32.self).map { Double($0) }
    case .uint64: elements(UInt64.self).map { Double($0) }
    case .int64: elements(Int64.self).map { Double($0) }
    case .float64: elements(Double.self)
    // every value of the narrower types is a float32
    case .bool, .uint8, .int8, .uint16, .int16, .float16, .bfloat16, .float32: floats.map(Double.init)
    }
  }

  /// The elements of an integer tensor; nil for floating-point ones and for numbers of 2⁶³ and more.
  public var integers: [Int]? {
    switch elementType {
    case .uint8: return elements(UInt8.self).map(Int.init)
    case .int8: return elements(Int8.self).map(Int.init)
    case .uint16: return elements(UInt16.self).map(Int.init)
    case .int16: return elements(Int16.self).map(Int.init)
    case .uint32: return elements(UInt32.self).map(Int.init)
    case .int32: return elements(Int32.self).map(Int.init)
    case .int64: return elements(Int64.self).map(Int.init)
    case .uint64:
      let values = elements(UInt64.self)
      return values.allSatisfy { $0 <= Int.max } ? values.map(Int.init) : nil
    case .bool, .float16, .bfloat16, .float32, .float64: return nil
    }
  }

  /// As the library's float32 tensor, of the same shape (wider types are rounded).
  public var tensor: Tensor {
    guard elementType == .float32 else { return Tensor(floats, shape: Shape(shape)) }
    var result = Tensor(uninitialized: Shape(shape))
    result.withUnsafeMutableBufferPointer { copy(data, into: $0) }
    return result
  }
}
