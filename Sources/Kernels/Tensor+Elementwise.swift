import CKernels

/// The positive part of every element; a NaN stays a NaN.
public func relu(_ x: Tensor) -> Tensor {
  let call = KernelAccount.begin("relu", "\(x.shape)", operations: x.count)
  defer { call?.end() }
  var y = Tensor(uninitialized: x.shape)
  withExtendedLifetime(x) { ck_relu(y.mutableBase, x.base, x.count) }
  return y
}

/// The gradient of ``relu(_:)``: dOutput where its output (or input) is positive, else 0.
/// - Throws: ``KernelError`` when the shapes differ.
public func reluBackward(_ dOutput: Tensor, output: Tensor) throws -> Tensor {
  try dOutput.require(output.shape, "output gradient", in: "relu backward")
  let call = KernelAccount.begin("relu backward", "\(output.shape)", operations: output.count)
  defer { call?.end() }
  var dInput = Tensor(uninitialized: output.shape)
  withExtendedLifetime((dOutput, output)) {
    ck_relu_backward(dInput.mutableBase, dOutput.base, output.base, output.count)
  }
  return dInput
}

/// a + b, element by element.
/// - Throws: ``KernelError`` when the shapes differ.
public func add(_ a: Tensor, _ b: Tensor) throws -> Tensor {
  try b.require(a.shape, "second operand", in: "add")
  let call = KernelAccount.begin("add", "\(a.shape)", operations: a.count)
  defer { call?.end() }
  var y = Tensor(uninitialized: a.shape)
  withExtendedLifetime((a, b)) { ck_add(y.mutableBase, a.base, b.base, a.count) }
  return y
}

extension Tensor {
  /// Adds factor · x to this tensor, in place.
  /// - Throws: ``KernelError`` when the shapes differ.
  public mutating func accumulate(_ x: Tensor, factor: Float = 1) throws {
    try x.require(shape, "summand", in: "accumulate")
    let call = KernelAccount.begin("accumulate", "\(shape)", operations: 2 * x.count)
    defer { call?.end() }
    let count = count
    withExtendedLifetime(x) { ck_accumulate(mutableBase, x.base, factor, count) }
  }

  /// The elements where the mask is positive, else 0.
  /// - Throws: ``KernelError`` when the shapes differ.
  public func masked(by mask: Tensor) throws -> Tensor { try reluBackward(self, output: mask) }

  /// factor · self.
  public func scaled(by factor: Float) -> Tensor {
    let call = KernelAccount.begin("scale", "\(shape)", operations: count)
    defer { call?.end() }
    var y = Tensor(uninitialized: shape)
    withExtendedLifetime(self) { ck_scale(y.mutableBase, base, factor, count) }
    return y
  }
}
