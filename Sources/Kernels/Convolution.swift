import CKernels

/// A planned two-dimensional convolution: cross-correlation without bias,
///
///     y[n,p,q,k] = Σ x[n, p·stride − padding + r, q·stride − padding + s, c] · w[k,r,s,c]
///
/// over kernel rows r, columns s and input channels c, with zeros outside the image.
///
/// The plan checks the geometry once and chooses the algorithm; running it never fails on a tensor of the
/// planned shape. Make one per layer and input shape and keep it.
///
/// Results are the same bits for any number of threads. Relative error against float64: about 3·10⁻⁷, with
/// ``Algorithm/winograd4`` 10⁻⁶ to 2·10⁻⁶ (the table in CKernels/README.md).
public struct Convolution: Sendable {
  /// How the sums are computed.
  public enum Algorithm: String, Sendable, Hashable, CaseIterable {
    /// A matrix of columns for a block of output pixels, then a matrix product. Any geometry; 1×1 with
    /// stride 1 needs no columns.
    case im2col
    /// The inner kernel reads image patches where they are. Kernels of up to 64 taps.
    case direct
    /// Winograd's F(2×2, 3×3): 3×3 with stride 1 and padding up to 2, in 4/9 of the multiplications.
    case winograd2
    /// Winograd's F(4×4, 3×3): the same in 1/4 of the multiplications, with a larger rounding error. Also 3×3 with
    /// stride 2 and padding 1, even and odd inputs apart, in 9/16.
    case winograd4
  }

  /// What the choice of the algorithm may use.
  public enum Precision: String, Sendable, Hashable, CaseIterable {
    /// Plain sums of products only: no Winograd.
    case exact
    /// The fastest algorithm.
    case fast
  }

  /// N×H×W×C.
  public let inputShape: Shape
  /// K×R×S×C: output channels, kernel rows, kernel columns, input channels.
  public let weightShape: Shape
  /// N×P×Q×K with P = ⌊(H + 2·padding − R) / stride⌋ + 1, and Q alike.
  public let outputShape: Shape
  public let stride: (rows: Int, columns: Int)
  public let padding: (rows: Int, columns: Int)
  public let algorithm: Algorithm
  private var plan: ck_conv

  /// Plans a convolution of `input` (N×H×W×C).
  ///
  /// - Parameters:
  ///   - kernel: rows and columns of the kernel.
  ///   - stride: step between windows in both directions.
  ///   - padding: zeros added on each of the four sides.
  ///   - algorithm: `nil` lets the plan choose.
  ///   - precision: what it may choose from.
  /// - Throws: ``KernelError`` for an extent below 1, negative padding, a kernel larger than the padded
  ///   input, or an algorithm that cannot do this geometry.
  public init(
    input: Shape, outputChannels: Int, kernel: (Int, Int), stride: Int = 1, padding: Int = 0,
    algorithm: Algorithm? = nil, precision: Precision = .fast
  ) throws {
    try self.init(
      input: input, outputChannels: outputChannels, kernel: kernel, stride: (stride, stride),
      padding: (padding, padding), algorithm: algorithm, precision: precision)
  }

  /// The same with stride and padding given for rows and columns apart.
  public init(
    input: Shape, outputChannels: Int, kernel: (Int, Int), stride: (Int, Int), padding: (Int, Int),
    algorithm: Algorithm? = nil, precision: Precision = .fast
  ) throws {
    let (n, h, w, c) = try input.imageExtents(in: "conv2d")
    try Window(kernel: kernel, stride: stride, padding: padding).check(height: h, width: w, in: "conv2d")
    guard outputChannels > 0 else {
      throw KernelError("conv2d", .badShape, "\(outputChannels) output channels, expected at least 1")
    }
    var plan = ck_conv()
    let code = algorithm?.code ?? (precision == .exact ? CK_CONV_EXACT : CK_CONV_FAST)
    let status = ck_conv_plan(
      &plan, n, h, w, c, outputChannels, kernel.0, kernel.1, stride.0, stride.1, padding.0, padding.1, code)
    if let algorithm, status == CK_BAD_VALUE {
      throw KernelError(
        "conv2d", .badShape,
        "\(algorithm.rawValue) cannot do kernel \(kernel.0)×\(kernel.1), stride \(stride.0)×\(stride.1), "
          + "padding \(padding.0)×\(padding.1); use \(algorithm.scope)")
    }
    try KernelError.check(
      status, "conv2d",
      "input \(input), kernel \(kernel.0)×\(kernel.1), \(outputChannels) output channels: too large")
    self.algorithm = Algorithm.allCases.first { $0.code == plan.algorithm } ?? .im2col
    self.plan = plan
    inputShape = input
    weightShape = [outputChannels, kernel.0, kernel.1, c]
    outputShape = [n, plan.P, plan.Q, outputChannels]
    self.stride = stride
    self.padding = padding
  }

  /// The same with another instruction set than the machine's best, for tests: AVX2 and AVX-512 give the same
  /// bits; portable code on x86 has no fused multiply-add and rounds differently.
  public func with(_ instructionSet: InstructionSet) -> Convolution {
    var other = self
    other.plan.isa = min(plan.isa, Int32(instructionSet.rawValue))
    return other
  }

  /// Multiplications and additions of one forward pass; each backward pass has as many.
  public var operations: Int { 2 * outputShape.count * weightShape.count / weightShape[0] }

  /// y = x ∗ w: N×H×W×C and K×R×S×C to N×P×Q×K.
  /// - Throws: ``KernelError`` when a tensor has not the planned shape.
  public func forward(_ x: Tensor, _ weight: Tensor) throws -> Tensor {
    try x.require(inputShape, "input", in: "conv2d")
    try weight.require(weightShape, "weight", in: "conv2d")
    var result = Tensor(uninitialized: outputShape)
    run(&result, CK_CONV_FORWARD, ck_conv_forward, x, weight)
    return result
  }

  /// The gradient with respect to the input, from dOutput (N×P×Q×K): the adjoint of ``forward(_:_:)`` in x.
  /// - Throws: ``KernelError`` when a tensor has not the planned shape.
  public func backwardData(_ dOutput: Tensor, _ weight: Tensor) throws -> Tensor {
    try dOutput.require(outputShape, "output gradient", in: "conv2d backward")
    try weight.require(weightShape, "weight", in: "conv2d backward")
    var result = Tensor(uninitialized: inputShape)
    run(&result, CK_CONV_BACKWARD_DATA, ck_conv_backward_data, dOutput, weight)
    return result
  }

  /// Adds ``backwardData(_:_:)`` to `sum`: the gradient of an input that has another use, too. In place where nothing else
  /// holds that memory, and where the stride passes pixels over they are not touched.
  /// - Throws: ``KernelError`` when a tensor has not the planned shape.
  public func addBackwardData(_ dOutput: Tensor, _ weight: Tensor, to sum: inout Tensor) throws {
    try dOutput.require(outputShape, "output gradient", in: "conv2d backward")
    try weight.require(weightShape, "weight", in: "conv2d backward")
    try sum.require(inputShape, "sum", in: "conv2d backward")
    run(&sum, CK_CONV_BACKWARD_DATA, ck_conv_backward_data_add, dOutput, weight)
  }

  /// The gradient with respect to the weight (K×R×S×C), summed over the batch.
  /// - Throws: ``KernelError`` when a tensor has not the planned shape.
  public func backwardWeight(_ dOutput: Tensor, _ input: Tensor) throws -> Tensor {
    try dOutput.require(outputShape, "output gradient", in: "conv2d backward")
    try input.require(inputShape, "input", in: "conv2d backward")
    var result = Tensor(uninitialized: weightShape)
    run(&result, CK_CONV_BACKWARD_WEIGHT, ck_conv_backward_weight, dOutput, input)
    return result
  }

  private typealias Pass = (
    UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<ck_conv>,
    UnsafeMutablePointer<Float>?
  ) -> Void

  private func run(_ result: inout Tensor, _ pass: ck_conv_pass, _ call: Pass, _ a: Tensor, _ b: Tensor) {
    let counted = KernelAccount.begin(
      "conv2d \(pass.direction.rawValue)", algorithm: algorithm.rawValue, geometry, operations: operations)
    defer { counted?.end() }
    withUnsafePointer(to: plan) { plan in
      var workspace = Tensor.workspace(bytes: ck_conv_workspace(plan, pass))
      withExtendedLifetime((a, b, workspace)) {
        call(result.mutableBase, a.base, b.base, plan, workspace.mutableBase)
      }
    }
  }
}

extension Convolution.Algorithm {
  var code: ck_conv_algorithm {
    switch self {
    case .im2col: CK_CONV_IM2COL
    case .direct: CK_CONV_DIRECT
    case .winograd2: CK_CONV_WINOGRAD2
    case .winograd4: CK_CONV_WINOGRAD4
    }
  }

  /// What it can do.
  var scope: String {
    switch self {
    case .im2col: "it for any"
    case .direct: "it for kernels of up to 64 taps"
    case .winograd2: "it for 3×3 kernels with stride 1 and padding up to 2"
    case .winograd4: "it for 3×3 kernels with stride 1 and padding up to 2, or with stride 2 and padding 1"
    }
  }
}

/// The geometry convolution and pooling share, with its error messages.
struct Window {
  let kernel: (Int, Int)
  let stride: (Int, Int)
  let padding: (Int, Int)

  func check(height: Int, width: Int, in operation: String) throws {
    func fail(_ detail: String) throws { throw KernelError(operation, .badShape, detail) }
    if kernel.0 < 1 || kernel.1 < 1 { try fail("kernel \(kernel.0)×\(kernel.1), expected at least 1×1") }
    if stride.0 < 1 || stride.1 < 1 { try fail("stride \(stride.0)×\(stride.1), expected at least 1×1") }
    if padding.0 < 0 || padding.1 < 0 {
      try fail("padding \(padding.0)×\(padding.1), expected at least 0×0")
    }
    let largest = Int(Int32.max)
    for value in [kernel.0, kernel.1, stride.0, stride.1, padding.0, padding.1] where value > largest {
      try fail("a kernel, stride or padding of \(value), expected at most \(largest)")
    }
    let padded = (height + 2 * padding.0, width + 2 * padding.1)
    if kernel.0 > padded.0 || kernel.1 > padded.1 {
      try fail("kernel \(kernel.0)×\(kernel.1) exceeds the padded input \(padded.0)×\(padded.1)")
    }
  }
}
