import CKernels

// What the faces of the kernels share: base addresses, workspaces, shape checks.

extension Tensor {
  /// The address of the elements, for a call into C. Valid while this tensor lives unwritten: wrap the
  /// call in `withExtendedLifetime`.
  var base: UnsafePointer<Float> { withUnsafeBufferPointer { $0.baseAddress! } }

  /// The address of the elements, for a call into C that writes them.
  var mutableBase: UnsafeMutablePointer<Float> {
    mutating get { withUnsafeMutableBufferPointer { $0.baseAddress! } }
  }

  /// Scratch memory of at least this many bytes.
  static func workspace(bytes: Int) -> Tensor {
    let floats = max(16, (bytes + 3) / 4)
    return Tensor(shape: [floats], storage: TensorStorage(count: floats, from: .workspaces))
  }

  /// Throws unless the shape is the one expected; `name` is what the message calls this tensor.
  func require(_ expected: Shape, _ name: String, in operation: String) throws {
    if shape != expected {
      throw KernelError(operation, .badShape, "\(name) is \(shape), expected \(expected)")
    }
  }

  /// The extents of a non-empty N H W C tensor.
  func imageExtents(in operation: String) throws -> (n: Int, h: Int, w: Int, c: Int) {
    try shape.imageExtents(in: operation)
  }
}

extension Shape {
  func imageExtents(in operation: String) throws -> (n: Int, h: Int, w: Int, c: Int) {
    guard rank == 4 else {
      throw KernelError(operation, .badShape, "the input is \(self), expected N×H×W×C")
    }
    guard count > 0 else { throw KernelError(operation, .badShape, "the input \(self) is empty") }
    return (self[0], self[1], self[2], self[3])
  }
}
