import CKernels

/// A planned max pooling over windows of N×H×W×C images; padding never wins.
public struct MaxPool2d: Sendable {
  /// Where each maximum was found: one byte a value, its place in the window.
  public struct Positions: Sendable {
    fileprivate var bytes: Tensor
  }

  /// N×H×W×C.
  public let inputShape: Shape
  /// N×P×Q×C with P = ⌊(H + 2·padding − kernel) / stride⌋ + 1, and Q alike.
  public let outputShape: Shape
  private let plan: ck_max_pool

  /// - Throws: ``KernelError`` for extents below 1, a kernel larger than the padded input or of more than
  ///   255 values, or padding beyond half the kernel (a window could lie outside the image).
  public init(input: Shape, kernel: (Int, Int), stride: Int, padding: Int = 0) throws {
    let operation = "max_pool2d"
    let (n, h, w, c) = try input.imageExtents(in: operation)
    let pair = (stride, stride)
    try Window(kernel: kernel, stride: pair, padding: (padding, padding)).check(height: h, width: w, in: operation)
    if 2 * padding > min(kernel.0, kernel.1) {
      throw KernelError(
        operation, .badShape, "padding \(padding) is more than half of the kernel \(kernel.0)×\(kernel.1)")
    }
    var plan = ck_max_pool()
    try KernelError.check(
      ck_max_pool_plan(&plan, n, h, w, c, kernel.0, kernel.1, stride, stride, padding, padding), operation,
      "kernel \(kernel.0)×\(kernel.1) has more than 255 values")
    self.plan = plan
    inputShape = input
    outputShape = [n, plan.P, plan.Q, c]
  }

  /// The largest value of each window. Of equal values the first in the window counts; a NaN counts as
  /// the largest.
  /// - Throws: ``KernelError`` when x has not the planned shape.
  public func forward(_ x: Tensor) throws -> (output: Tensor, positions: Positions) {
    try x.require(inputShape, "input", in: "max_pool2d")
    let call = KernelAccount.begin("max_pool2d forward", "\(inputShape)")
    defer { call?.end() }
    var y = Tensor(uninitialized: outputShape)
    var bytes = Tensor(uninitialized: [(outputShape.count + 3) / 4])
    withUnsafePointer(to: plan) { plan in
      withExtendedLifetime(x) {
        ck_max_pool_forward(
          y.mutableBase, UnsafeMutableRawPointer(bytes.mutableBase).assumingMemoryBound(to: UInt8.self), x.base, plan)
      }
    }
    return (y, Positions(bytes: bytes))
  }

  /// The gradient of the input: dOutput at the places of the maxima, summed where windows overlap.
  /// - Throws: ``KernelError`` when dOutput or the positions are of another plan.
  public func backward(_ dOutput: Tensor, positions: Positions) throws -> Tensor {
    try dOutput.require(outputShape, "output gradient", in: "max_pool2d backward")
    try positions.bytes.require([(outputShape.count + 3) / 4], "positions", in: "max_pool2d backward")
    let call = KernelAccount.begin("max_pool2d backward", "\(inputShape)")
    defer { call?.end() }
    var dInput = Tensor(uninitialized: inputShape)
    withUnsafePointer(to: plan) { plan in
      withExtendedLifetime((dOutput, positions)) {
        ck_max_pool_backward(
          dInput.mutableBase, dOutput.base,
          UnsafeRawPointer(positions.bytes.base).assumingMemoryBound(to: UInt8.self), plan)
      }
    }
    return dInput
  }
}

/// The mean over all pixels: N×H×W×C → N×C.
/// - Throws: ``KernelError`` unless x is a non-empty N×H×W×C.
public func globalAveragePool(_ x: Tensor) throws -> Tensor {
  let (n, h, w, c) = try x.imageExtents(in: "global_avg_pool")
  let call = KernelAccount.begin("global_avg_pool forward", "\(x.shape)")
  defer { call?.end() }
  var y = Tensor(uninitialized: [n, c])
  withExtendedLifetime(x) { ck_average_pool(y.mutableBase, x.base, n, h * w, c) }
  return y
}

/// The gradient of ``globalAveragePool(_:)``: dOutput (N×C) spread evenly over the pixels of `inputShape`.
/// - Throws: ``KernelError`` when the shapes do not fit.
public func globalAveragePoolBackward(_ dOutput: Tensor, inputShape: Shape) throws -> Tensor {
  let (n, h, w, c) = try inputShape.imageExtents(in: "global_avg_pool backward")
  try dOutput.require([n, c], "output gradient", in: "global_avg_pool backward")
  let call = KernelAccount.begin("global_avg_pool backward", "\(inputShape)")
  defer { call?.end() }
  var dInput = Tensor(uninitialized: inputShape)
  withExtendedLifetime(dOutput) { ck_average_pool_backward(dInput.mutableBase, dOutput.base, n, h * w, c) }
  return dInput
}
