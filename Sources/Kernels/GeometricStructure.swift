import CKernels

/// Unit vectors as far apart as can be: the fixed targets of Geometric Harmonization (definition 3.1).
///
/// | classes K in dimension d | construction | largest cosine |
/// |---|---|---|
/// | K ≤ d + 1 | the simplex | −1/(K − 1), the least possible |
/// | d + 1 < K ≤ 2d | K − d simplices in orthogonal subspaces | 0, the least possible (Rankin 1955) |
/// | K > 2d | descent on a smooth maximum, annealed | ``largestCosine``; compare with ``welchBound`` |
///
/// The first two are exact, in axes of their own: orthonormal rows out of a seeded Gaussian matrix, by blocks, each
/// block replaced by its orthogonal polar factor from LAPACK's symmetric eigendecomposition of its Gram matrix (see
/// ck_structure.h). So the seed is a rotation, uniform over all rotations.
///
/// The descent is approximate and bounded in work (see ck_structure.h). The same seed gives the same structure
/// on the same machine; other BLAS builds may differ by rounding, and for K > 2d in the local minimum found,
/// which is why checkpoints hold the vertices themselves.
public struct GeometricStructure: Sendable {
  /// K×d, rows of unit length.
  public let vertices: Tensor
  public let kind: Kind
  /// The largest inner product of two different vertices, measured on the float32 rows; −1 for one vertex.
  public let largestCosine: Double

  public enum Kind: String, Hashable, Sendable {
    /// All angles equal.
    case simplex
    /// Simplices in orthogonal subspaces.
    case orthogonalSimplices
    /// A minimum found by descent.
    case approximate
  }

  public var classes: Int { vertices.shape[0] }
  public var dimension: Int { vertices.shape[1] }

  /// −1/(K − 1): no K vectors have all cosines below it. Reached only where K ≤ d + 1.
  public var simplexBound: Double { GeometricStructure.simplexBound(classes: classes) }
  /// What no K vectors in d dimensions get below for the largest cosine: the simplex bound for K ≤ d + 1,
  /// else 0 (Rankin).
  public var rankinBound: Double { classes <= dimension + 1 ? simplexBound : 0 }
  /// √((K − d) / (d (K − 1))): no K vectors have all |cosines| below it. 0 for K ≤ d. A yardstick: the
  /// largest cosine, without the absolute value, may be less.
  public var welchBound: Double { GeometricStructure.welchBound(classes: classes, dimension: dimension) }

  public static func simplexBound(classes k: Int) -> Double { k < 2 ? -1 : -1 / Double(k - 1) }
  public static func welchBound(classes k: Int, dimension d: Int) -> Double {
    k <= d || k < 2 ? 0 : (Double(k - d) / (Double(d) * Double(k - 1))).squareRoot()
  }

  /// - Parameters:
  ///   - classes: K ≥ 1 vectors.
  ///   - dimension: d ≥ 1.
  ///   - seed: of the rotation, and of the start of the descent.
  ///   - exactSimplex: insist on equal angles.
  /// - Throws: ``KernelError``: `badShape` for no class or dimension, or K > d + 1 with `exactSimplex`;
  ///   `lapack` when the eigendecomposition fails.
  public init(classes: Int, dimension: Int, seed: UInt64, exactSimplex: Bool = false) throws {
    let operation = "geometric structure"
    guard classes >= 1, dimension >= 1, classes <= 1 << 16, dimension <= 1 << 16 else {
      throw KernelError(
        operation, .badShape, "\(classes) classes in dimension \(dimension), expected 1...65536 of each")
    }
    guard !exactSimplex || classes <= dimension + 1 else {
      throw KernelError(
        operation, .badShape, "\(classes) vectors of equal angles do not fit in dimension \(dimension): use at most "
          + "\(dimension + 1) classes, or a dimension of at least \(classes - 1)")
    }
    var random = CounterRandom(seed: seed, .structure)
    let gaussian = random.normal(shape: [classes, dimension])
    let call = KernelAccount.begin(operation, "\(classes)×\(dimension)")
    defer { call?.end() }
    var vertices = gaussian
    let status: ck_status
    if classes <= 2 * dimension {
      status = withExtendedLifetime(gaussian) {
        ck_structure_exact(vertices.mutableBase, gaussian.base, classes, dimension)
      }
      kind = classes <= dimension + 1 ? .simplex : .orthogonalSimplices
    } else {
      let shares = Int32(Threads.count)
      var workspace = Tensor.workspace(bytes: ck_structure_spread_workspace(classes, dimension, shares))
      status = ck_structure_spread(
        vertices.mutableBase, classes, dimension, ck_structure_spread_steps(classes, dimension),
        shares, workspace.mutableBase)
      kind = .approximate
    }
    try KernelError.check(status, operation, "\(classes) vectors in dimension \(dimension)")
    var largest = -1.0
    try KernelError.check(
      withExtendedLifetime(vertices) { ck_largest_cosine(&largest, vertices.base, classes, dimension) }, operation,
      "\(classes) vectors in dimension \(dimension)")
    self.vertices = vertices
    largestCosine = largest
  }

  /// A structure read from a file or made elsewhere: K×d. Rows are made unit.
  /// - Throws: ``KernelError``: `badShape` if it is no matrix, `badValue` for a zero row, `notFinite`.
  public init(vertices: Tensor) throws {
    let (k, d) = try vertices.shape.matrix("vertices", in: "geometric structure")
    let unit = normalizeRows(vertices)
    for (row, inverse) in unit.inverseLengths.values.enumerated() where !(inverse > 0) || !inverse.isFinite {
      throw inverse == 0
        ? KernelError("geometric structure", .badValue, "vertex \(row) is zero or beyond float32")
        : KernelError("geometric structure", .notFinite, "vertex \(row) holds a NaN or an infinity")
    }
    // Rows that are unit to rounding stay as they are, so that a checkpoint gives back the very same bits.
    let isUnit = unit.inverseLengths.values.allSatisfy { abs($0 - 1) < 1e-5 }
    let call = KernelAccount.begin("largest cosine", "\(k)×\(d)")
    defer { call?.end() }
    let rows = isUnit ? vertices : unit.rows
    var largest = -1.0
    try KernelError.check(
      withExtendedLifetime(rows) { ck_largest_cosine(&largest, rows.base, k, d) }, "geometric structure",
      "vertices \(vertices.shape)")
    self.vertices = rows
    largestCosine = largest
    let isSimplex = k <= d + 1 && largest < GeometricStructure.simplexBound(classes: k) + 1e-5
    kind = isSimplex ? .simplex : k > d + 1 && largest < 1e-5 ? .orthogonalSimplices : .approximate
  }
}
