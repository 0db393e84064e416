import CKernels

// Operations on the rows of a matrix: [.., D] is read as M rows of D values.

/// Rows divided by their Euclidean length, and what the gradient needs.
public struct UnitRows: Sendable {
  /// The unit rows, shaped like the input. A row shorter than 1e-12 becomes zeros.
  public let rows: Tensor
  /// 1 / length of each input row; 0 for a row that became zeros, so that its gradient is 0 as well.
  public let inverseLengths: Tensor

  /// The gradient of the input: (dRows − rows ⟨rows, dRows⟩) / length, row by row.
  /// - Throws: ``KernelError`` when the shapes differ.
  public func backward(_ dRows: Tensor) throws -> Tensor {
    try dRows.require(rows.shape, "gradient", in: "normalize rows backward")
    let (m, d) = rows.shape.rowsAndColumns
    let call = KernelAccount.begin("normalize rows backward", "\(rows.shape)")
    defer { call?.end() }
    var dx = Tensor(uninitialized: rows.shape)
    withExtendedLifetime((dRows, rows, inverseLengths)) {
      ck_normalize_rows_backward(dx.mutableBase, dRows.base, rows.base, inverseLengths.base, m, d)
    }
    return dx
  }
}

/// Every row divided by its Euclidean length.
public func normalizeRows(_ x: Tensor) -> UnitRows {
  let (m, d) = x.shape.rowsAndColumns
  let call = KernelAccount.begin("normalize rows", "\(x.shape)")
  defer { call?.end() }
  var rows = Tensor(uninitialized: x.shape)
  var inverse = Tensor(uninitialized: [m])
  withExtendedLifetime(x) { ck_normalize_rows(rows.mutableBase, inverse.mutableBase, x.base, m, d) }
  return UnitRows(rows: rows, inverseLengths: inverse)
}

/// log Σ exp(x) of every row, M values. −∞ for a row of −∞; NaN for a row with a NaN.
public func logSumExpRows(_ x: Tensor) throws -> Tensor {
  let (m, d) = try x.shape.nonEmptyRows(in: "log-sum-exp")
  let call = KernelAccount.begin("log-sum-exp", "\(x.shape)")
  defer { call?.end() }
  var y = Tensor(uninitialized: [m])
  withExtendedLifetime(x) { ck_log_sum_exp_rows(y.mutableBase, x.base, m, d) }
  return y
}

/// exp(x / temperature) / Σ exp(x / temperature) in every row. −∞ gets exactly 0.
/// - Throws: ``KernelError`` for rows without values or a temperature that is not positive.
public func softmaxRows(_ x: Tensor, temperature: Float = 1) throws -> Tensor {
  let (m, d) = try x.shape.nonEmptyRows(in: "softmax")
  let scale = try inverse(temperature, in: "softmax")
  let call = KernelAccount.begin("softmax", "\(x.shape)")
  defer { call?.end() }
  var y = Tensor(uninitialized: x.shape)
  withExtendedLifetime(x) { ck_softmax_rows(y.mutableBase, x.base, scale, m, d) }
  return y
}

/// x / temperature − log Σ exp(x / temperature) in every row.
/// - Throws: ``KernelError`` for rows without values or a temperature that is not positive.
public func logSoftmaxRows(_ x: Tensor, temperature: Float = 1) throws -> Tensor {
  let (m, d) = try x.shape.nonEmptyRows(in: "log-softmax")
  let scale = try inverse(temperature, in: "log-softmax")
  let call = KernelAccount.begin("log-softmax", "\(x.shape)")
  defer { call?.end() }
  var y = Tensor(uninitialized: x.shape)
  withExtendedLifetime(x) { ck_log_softmax_rows(y.mutableBase, x.base, scale, m, d) }
  return y
}

/// The position of the largest value of every row; the first one among equals.
/// - Throws: ``KernelError`` (`notFinite`) for a NaN, or for rows without values.
public func argmaxRows(_ x: Tensor) throws -> [Int] {
  let (m, d) = try x.shape.nonEmptyRows(in: "argmax")
  let call = KernelAccount.begin("argmax", "\(x.shape)")
  defer { call?.end() }
  var status = CK_OK
  let positions = [Int32](unsafeUninitializedCapacity: m) { buffer, initialized in
    status = withExtendedLifetime(x) { ck_argmax_rows(buffer.baseAddress!, x.base, m, d) }
    initialized = m
  }
  try KernelError.check(status, "argmax", "a row of \(x.shape) holds a NaN")
  return positions.map(Int.init)
}

/// The largest values of every row, largest first, and where they are; the first one first among equals.
///
/// - Returns: values M×count, and M·count positions in the same order.
/// - Throws: ``KernelError`` when `count` is not in 1...D, or (`notFinite`) for a NaN.
public func topRows(_ x: Tensor, count: Int) throws -> (values: Tensor, positions: [Int]) {
  let (m, d) = try x.shape.nonEmptyRows(in: "top rows")
  guard count >= 1, count <= d else {
    throw KernelError("top rows", .badValue, "count \(count) is outside 1...\(d)")
  }
  let call = KernelAccount.begin("top rows", "\(x.shape)")
  defer { call?.end() }
  var values = Tensor(uninitialized: [m, count])
  var status = CK_OK
  let positions = [Int32](unsafeUninitializedCapacity: m * count) { buffer, initialized in
    status = withExtendedLifetime(x) {
      ck_top_rows(values.mutableBase, buffer.baseAddress!, x.base, m, d, count)
    }
    initialized = m * count
  }
  try KernelError.check(status, "top rows", "a row of \(x.shape) holds a NaN")
  return (values, positions.map(Int.init))
}

/// The mean of −log softmax(logits)[label] over the rows, and its gradient (shaped like the logits).
/// - Throws: ``KernelError`` for a label outside 0..<D, or when there is not one label a row.
public func crossEntropy(_ logits: Tensor, labels: [Int]) throws -> (mean: Double, gradient: Tensor) {
  let (m, d) = try logits.shape.nonEmptyRows(in: "cross-entropy")
  guard labels.count == m else {
    throw KernelError("cross-entropy", .badShape, "\(labels.count) labels for \(m) rows")
  }
  if let i = labels.firstIndex(where: { $0 < 0 || $0 >= d }) {
    throw KernelError("cross-entropy", .badValue, "label \(labels[i]) of row \(i) is outside 0..<\(d)")
  }
  let call = KernelAccount.begin("cross-entropy", "\(logits.shape)")
  defer { call?.end() }
  var gradient = Tensor(uninitialized: logits.shape)
  let losses = [Double](unsafeUninitializedCapacity: m) { buffer, initialized in
    withExtendedLifetime(logits) {
      ck_cross_entropy(
        buffer.baseAddress!, gradient.mutableBase, logits.base, labels.map(Int32.init), 1 / Float(m), m, d)
    }
    initialized = m
  }
  return (losses.reduce(0, +) / Double(m), gradient)
}

private func inverse(_ temperature: Float, in operation: String) throws -> Float {
  let scale = 1 / temperature
  guard temperature > 0, scale.isFinite, scale > 0 else {
    throw KernelError(operation, .badValue, "temperature \(temperature), expected a positive number")
  }
  return scale
}

extension Shape {
  /// Rows and columns where there is at least one of each.
  func nonEmptyRows(in operation: String) throws -> (rows: Int, columns: Int) {
    let (m, d) = rowsAndColumns
    guard m > 0, d > 0 else { throw KernelError(operation, .badShape, "the input \(self) is empty") }
    return (m, d)
  }

  /// The extents of a non-empty matrix.
  func matrix(_ name: String, in operation: String) throws -> (rows: Int, columns: Int) {
    guard rank == 2, count > 0 else {
      throw KernelError(operation, .badShape, "\(name) is \(self), expected a matrix with at least one element")
    }
    return (self[0], self[1])
  }
}

extension Tensor {
  /// The samples at these places of the first dimension, in this order; one may occur more than once. Programmer error: a
  /// place outside traps.
  public func rows(_ positions: [Int]) -> Tensor {
    let width = shape.extents.dropFirst().reduce(1, *)
    var values: [Float] = []
    values.reserveCapacity(positions.count * width)
    withUnsafeBufferPointer { all in
      for position in positions { values += all[position * width..<(position + 1) * width] }
    }
    return Tensor(values, shape: Shape([positions.count] + shape.extents.dropFirst()))
  }
}
