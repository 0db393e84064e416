import CKernels

/// The product of two matrices, M×K · K×N → M×N.
///
/// - Parameters:
///   - transposeA: a is stored K×M and read as its transpose.
///   - transposeB: b is stored N×K and read as its transpose.
/// - Throws: ``KernelError`` unless both are matrices whose inner extents agree.
///
/// An inner extent of 0 gives zeros. The same bits for any number of threads.
public func matmul(
  _ a: Tensor, _ b: Tensor, transposeA: Bool = false, transposeB: Bool = false
) throws -> Tensor {
  try product(a, b, bias: nil, transposeA, transposeB, "matmul")
}

private func product(
  _ a: Tensor, _ b: Tensor, bias: Tensor?, _ transposeA: Bool, _ transposeB: Bool, _ operation: String
) throws -> Tensor {
  func text(_ tensor: Tensor, _ transposed: Bool) -> String {
    transposed ? "(\(tensor.shape))ᵀ" : "\(tensor.shape)"
  }
  guard a.shape.rank == 2, b.shape.rank == 2 else {
    throw KernelError(operation, .badShape, "expected two matrices, got \(a.shape) and \(b.shape)")
  }
  let (m, k) = transposeA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
  let (inner, n) = transposeB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
  guard k == inner else {
    throw KernelError(
      operation, .badShape, "\(text(a, transposeA)) · \(text(b, transposeB)): inner extents \(k) and \(inner) differ")
  }
  let call = KernelAccount.begin(operation, "\(m)×\(k) · \(k)×\(n)", operations: 2 * m * n * k)
  defer { call?.end() }
  var c = Tensor(uninitialized: [m, n])
  let status = withExtendedLifetime((a, b, bias)) {
    ck_gemm(c.mutableBase, a.base, b.base, bias?.base, m, n, k, transposeA ? 1 : 0, transposeB ? 1 : 0)
  }
  try KernelError.check(status, operation, "\(text(a, transposeA)) · \(text(b, transposeB)): too large")
  return c
}

/// The sum over all axes but the last: [.., C] → C values, over blocks of rows finished in double.
public func columnSums(_ x: Tensor) -> Tensor {
  let (rows, columns) = x.shape.rowsAndColumns
  let call = KernelAccount.begin("column sums", "\(x.shape)")
  defer { call?.end() }
  var sums = Tensor(uninitialized: [columns])
  var workspace = Tensor.workspace(bytes: ck_column_sums_workspace(rows, columns))
  withExtendedLifetime(x) {
    ck_column_sums(sums.mutableBase, x.base, rows, columns, workspace.mutableBase)
  }
  return sums
}

/// A fully connected layer, y = x · wᵀ + b.
public enum Linear {
  public struct Gradients: Sendable {
    public let input: Tensor
    public let weight: Tensor
    public let bias: Tensor
  }

  /// x (N×in), weight (out×in) and bias (out values, optional) to N×out.
  /// - Throws: ``KernelError`` when shapes do not fit.
  public static func forward(_ x: Tensor, weight: Tensor, bias: Tensor? = nil) throws -> Tensor {
    if let bias, weight.shape.rank == 2 { try bias.require([weight.shape[0]], "bias", in: "linear") }
    return try product(x, weight, bias: bias, false, true, "linear")
  }

  /// The gradient of the input: dOutput (N×out) · weight (out×in).
  public static func backwardInput(_ dOutput: Tensor, weight: Tensor) throws -> Tensor {
    try product(dOutput, weight, bias: nil, false, false, "linear backward")
  }

  /// The gradient of the weight (out×in), summed over the batch: dOutputᵀ · x.
  public static func backwardWeight(_ dOutput: Tensor, input: Tensor) throws -> Tensor {
    try product(dOutput, input, bias: nil, true, false, "linear backward")
  }

  /// The gradient of the bias: the sum of dOutput over the batch.
  public static func backwardBias(_ dOutput: Tensor) -> Tensor { columnSums(dOutput) }

  /// All three.
  public static func backward(_ dOutput: Tensor, input: Tensor, weight: Tensor) throws -> Gradients {
    Gradients(
      input: try backwardInput(dOutput, weight: weight), weight: try backwardWeight(dOutput, input: input),
      bias: backwardBias(dOutput))
  }
}
