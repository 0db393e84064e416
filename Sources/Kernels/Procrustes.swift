import CKernels

/// The orthogonal map that takes one set of points nearest to another: min ‖A·R − B‖ over orthogonal R (Schönemann 1966),
/// by LAPACK's singular value decomposition of AᵀB, in double.
public struct Procrustes: Sendable {
  /// R, D×D, orthogonal to rounding in single precision.
  public let rotation: Tensor
  /// Σ ⟨A_i R, B_i⟩, the largest there is; for unit rows the sum of their cosines.
  public let agreement: Double

  /// Edge cases
  /// - Fewer points than dimensions, or points in a subspace: one of many best maps, orthogonal all the same.
  /// - A reflection is as good as a rotation unless `properRotation` asks for determinant +1.
  ///
  /// - Parameters:
  ///   - from: A, M×D.
  ///   - to: B, M×D, row by row where A's are to go.
  /// - Throws: ``KernelError``: shapes that differ or D > 32768, `notFinite`, `lapack`.
  public init(from: Tensor, to: Tensor, properRotation: Bool = false) throws {
    let (m, d) = try from.shape.matrix("points", in: "procrustes")
    try to.require(from.shape, "targets", in: "procrustes")
    for (name, points) in [("point", from), ("target", to)] where !points.isFinite {
      throw KernelError("procrustes", .notFinite, "a \(name) of \(points.shape) is not finite")
    }
    let call = KernelAccount.begin("procrustes", "\(from.shape)")
    defer { call?.end() }
    var rotation = Tensor(uninitialized: [d, d])
    var agreement = 0.0
    let status = withExtendedLifetime((from, to)) {
      ck_procrustes(rotation.mutableBase, &agreement, from.base, to.base, m, d, properRotation ? 1 : 0)
    }
    try KernelError.check(status, "procrustes", "points \(from.shape)")
    self.rotation = rotation
    self.agreement = agreement
  }
}

/// The pairing of rows with columns, one to one, of least total cost: element k is the column of row k.
///
/// By shortest augmenting paths, at most some K³ operations.
/// - Parameter costs: K×K.
/// - Throws: ``KernelError``: `badShape` unless square, `notFinite`.
public func leastCostPairing(_ costs: Tensor) throws -> [Int] {
  let (k, columns) = try costs.shape.matrix("costs", in: "pairing")
  guard k == columns else { throw KernelError("pairing", .badShape, "costs are \(costs.shape), expected as many rows as columns") }
  guard costs.isFinite else { throw KernelError("pairing", .notFinite, "a cost of \(costs.shape) is not finite") }
  let call = KernelAccount.begin("pairing", "\(costs.shape)")
  defer { call?.end() }
  var status = CK_OK
  let column = [Int32](unsafeUninitializedCapacity: k) { buffer, initialized in
    status = withExtendedLifetime(costs) { ck_assignment(buffer.baseAddress!, costs.base, k) }
    initialized = status == CK_OK ? k : 0
  }
  try KernelError.check(status, "pairing", "\(costs.shape)")
  return column.map(Int.init)
}
