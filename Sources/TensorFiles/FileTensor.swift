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
  /// The elements as float32 (wider types are rounded).
  public var floats: [Float] {
    switch elementType {
    case .float32: elements(Float.self)
    case .float16: elements(Float16.self).map(Float.init)
    case .float64: elements(Double.self).map(Float.init)
    case .uint8: elements(UInt8.self).map(Float.init)
    case .int32: elements(Int32.self).map(Float.init)
    case .int64: elements(Int64.self).map(Float.init)
    }
  }

  /// The elements as float64 (64-bit integers beyond 2⁵³ are rounded).
  public var doubles: [Double] {
    switch elementType {
    case .float64: elements(Double.self)
    case .float16: elements(Float16.self).map(Double.init)
    case .float32: elements(Float.self).map(Double.init)
    case .uint8: elements(UInt8.self).map(Double.init)
    case .int32: elements(Int32.self).map(Double.init)
    case .int64: elements(Int64.self).map(Double.init)
    }
  }

  /// The elements of an integer tensor; nil for floating-point ones.
  public var integers: [Int]? {
    switch elementType {
    case .uint8: elements(UInt8.self).map(Int.init)
    case .int32: elements(Int32.self).map(Int.init)
    case .int64: elements(Int64.self).map(Int.init)
    case .float16, .float32, .float64: nil
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
