import CKernels

/// The loss of Geometric Harmonization on one batch (METHOD.md 1.2–1.4; Zhou et al., NeurIPS 2023).
///
/// Scores t are the rows of z·Mᵀ made unit (length taken over the K scores, z itself is not normalised).
/// Surrogate labels q are Sinkhorn's assignment of t under the prior, without gradient. Each view predicts the
/// labels of the other, and both directions are summed, as in the authors' code:
///
///     loss = −mean Σ q1·log softmax(t2/γ) − mean Σ q2·log softmax(t1/γ)
public struct GHLoss: Sendable {
  /// M, K×d: the vertices of the geometric uniform structure.
  public let structure: Tensor
  public let sinkhorn: Sinkhorn
  /// γ of the prediction's softmax.
  public let temperature: Float

  public struct Result: Sendable {
    /// The sum of the two directions, each a mean over samples.
    public let loss: Double
    /// Gradients of ``loss`` with respect to the embeddings, N×d.
    public let dZ1: Tensor
    public let dZ2: Tensor
    /// Unit scores, N×K.
    public let scores1: Tensor
    public let scores2: Tensor
    /// Surrogate labels of each view, N×K.
    public let labels1: Sinkhorn.Result
    public let labels2: Sinkhorn.Result
  }

  /// - Throws: ``KernelError`` for a structure that is no matrix or a temperature that is not positive.
  public init(structure: Tensor, sinkhorn: Sinkhorn, temperature: Float = 0.1) throws {
    _ = try structure.shape.matrix("the structure", in: "gh loss")
    guard temperature >= 1e-4, temperature.isFinite else {
      throw KernelError("gh loss", .badValue, "temperature \(temperature), expected at least 0.0001")
    }
    self.structure = structure
    self.sinkhorn = sinkhorn
    self.temperature = temperature
  }

  /// The unit scores t of embeddings N×d: N×K. No gradient is kept.
  /// - Throws: ``KernelError`` when the embeddings do not fit the structure.
  public func scores(_ z: Tensor) throws -> Tensor { try unitScores(z).rows }

  private func unitScores(_ z: Tensor) throws -> UnitRows {
    let (_, d) = try z.shape.matrix("the embedding", in: "gh loss")
    guard d == structure.shape[1] else {
      throw KernelError(
        "gh loss", .badShape, "embeddings \(z.shape) do not fit the structure \(structure.shape): the projector's "
          + "output must be the structure's dimension")
    }
    return normalizeRows(try matmul(z, structure, transposeB: true))
  }

  /// - Parameters:
  ///   - z1: embeddings of the first view, N×d.
  ///   - z2: embeddings of the second view, N×d.
  ///   - prior: K masses (see ``Sinkhorn``); nil means equal masses.
  /// - Throws: ``KernelError``: shapes that do not fit, NaN in the scores, a prior without mass.
  public func callAsFunction(_ z1: Tensor, _ z2: Tensor, prior: Tensor? = nil) throws -> Result {
    try z2.require(z1.shape, "the second view", in: "gh loss")
    let (t1, t2) = (try unitScores(z1), try unitScores(z2))
    let (q1, q2) = (try sinkhorn(t1.rows, prior: prior), try sinkhorn(t2.rows, prior: prior))
    let second = predict(q1.assignment, from: t2.rows)
    let first = predict(q2.assignment, from: t1.rows)
    return Result(
      loss: first.loss + second.loss, dZ1: try matmul(try t1.backward(first.gradient), structure),
      dZ2: try matmul(try t2.backward(second.gradient), structure), scores1: t1.rows, scores2: t2.rows,
      labels1: q1, labels2: q2)
  }

  /// The mean over rows of −Σ labels·log softmax(scores/γ), and its gradient.
  private func predict(_ labels: Tensor, from scores: Tensor) -> (loss: Double, gradient: Tensor) {
    let (n, k) = scores.shape.rowsAndColumns
    let call = KernelAccount.begin("soft cross-entropy", "\(scores.shape)")
    defer { call?.end() }
    var gradient = Tensor(uninitialized: scores.shape)
    let losses = [Double](unsafeUninitializedCapacity: n) { buffer, initialized in
      withExtendedLifetime((labels, scores)) {
        ck_soft_cross_entropy(
          buffer.baseAddress!, gradient.mutableBase, scores.base, labels.base, 1 / temperature, 1 / Float(n), n, k)
      }
      initialized = n
    }
    return (losses.reduce(0, +) / Double(n), gradient)
  }
}
