/// A dense float32 array in row-major order, with value semantics.
///
/// Copies share storage until one of them is written. Activations are N H W C, convolution weights
/// K R S C, linear weights out × in (see ``Tensor/toNCHW()`` for files that differ).
public struct Tensor: Sendable {
  public private(set) var shape: Shape
  private var storage: TensorStorage

  public var count: Int { shape.count }

  init(shape: Shape, storage: TensorStorage) {
    self.shape = shape
    self.storage = storage
  }

  /// All zeros.
  public init(zeros shape: Shape) { self.init(repeating: 0, shape: shape) }

  public init(repeating value: Float, shape: Shape) {
    self.init(shape: shape, storage: TensorStorage(count: shape.count))
    storage.base.update(repeating: value, count: shape.count)
  }

  /// Memory as it comes, for kernels that write every element.
  public init(uninitialized shape: Shape) {
    self.init(shape: shape, storage: TensorStorage(count: shape.count))
  }

  /// Programmer error: a number of values that is not the shape's traps.
  public init(_ values: [Float], shape: Shape) {
    precondition(values.count == shape.count, "\(values.count) values for shape \(shape)")
    self.init(uninitialized: shape)
    values.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { storage.base.update(from: base, count: source.count) }
    }
  }

  public init(scalar value: Float) { self.init([value], shape: []) }

  /// The elements in row-major order, copied.
  public var values: [Float] {
    [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let base = buffer.baseAddress { base.update(from: storage.base, count: count) }
      initialized = count
    }
  }

  /// The same elements under another shape, sharing storage. Programmer error: another count traps.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == count, "cannot reshape \(self.shape) to \(shape)")
    return Tensor(shape: shape, storage: storage)
  }

  public func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeBufferPointer(start: storage.base, count: count))
  }

  public mutating func withUnsafeMutableBufferPointer<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    makeUnique()
    defer { withExtendedLifetime(storage) {} }
    return try body(UnsafeMutableBufferPointer(start: storage.base, count: count))
  }

  /// The element at a row-major position.
  public subscript(flat position: Int) -> Float {
    get {
      precondition(position >= 0 && position < count, "position \(position) outside \(shape)")
      return storage.base[position]
    }
    set {
      precondition(position >= 0 && position < count, "position \(position) outside \(shape)")
      makeUnique()
      storage.base[position] = newValue
    }
  }

  // Kept out of line: written inside the accessors it crashes the 6.3 optimiser.
  @inline(never) private mutating func makeUnique() {
    if !isKnownUniquelyReferenced(&storage) {
      let copy = TensorStorage(count: count)
      copy.base.update(from: storage.base, count: count)
      storage = copy
    }
  }
}

extension Tensor: Equatable {
  /// Same shape and same values (so a NaN makes it unequal to itself).
  public static func == (a: Tensor, b: Tensor) -> Bool {
    a.shape == b.shape
      && a.withUnsafeBufferPointer { x in b.withUnsafeBufferPointer { y in x.elementsEqual(y) } }
  }
}
