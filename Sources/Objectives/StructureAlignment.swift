import Kernels

/// A structure turned to where embeddings are: the orthogonal map of its vertices that brings them nearest to the
/// directions of k-means centres. All angles stay what they were.
///
/// Geometric Harmonization fixes its vertices at random before training, so that after the warm-up a class may lie
/// between two vertices and a vertex may lie where nothing is (METHOD.md 5.3). With embeddings z made unit and their K
/// centres c_j found by ``KMeans``, the aligned vertices are M_k R with
///
///     max Σ_k ⟨M_k R, c_π(k) / |c_π(k)|⟩   over orthogonal R and pairings π of vertices with centres
///
/// For a simplex one Procrustes problem is enough: every permutation of its vertices is an orthogonal map of it, so that
/// all pairings have the same best value. For other structures the map (`Procrustes`) and the pairing (`leastCostPairing`)
/// are found by turns until nothing changes, from several pairings; that is a local maximum, not always the largest one.
///
/// A reflection is allowed: a mirrored structure is as uniform as the structure. Where d ≥ K some directions are outside
/// the span of the vertices; the map turns the span, too. Each centre counts the same, however many samples it has:
/// which share a vertex gets is the class prior's business.
public struct StructureAlignment: Sendable {
  public let structure: GeometricStructure
  public let clusters: KMeans
  /// The mean cosine between vertices and their centres, at most 1.
  public let agreement: Double

  /// Starts of k-means; and of the pairing, where the structure is no simplex.
  static let starts = 8
  private static let mostTurns = 50

  /// - Parameters:
  ///   - embeddings: M×d, at least as many as vertices; of any length.
  ///   - seed: of k-means and of the pairings to start from.
  /// - Throws: ``ObjectiveError`` for too few embeddings or those of another dimension; `KernelError` (`notFinite`, `lapack`).
  public init(_ structure: GeometricStructure, to embeddings: Tensor, seed: UInt64) throws {
    let k = structure.classes
    guard embeddings.shape.rank == 2, embeddings.shape[1] == structure.dimension, embeddings.shape[0] >= k else {
      throw ObjectiveError(
        "structure alignment",
        "embeddings \(embeddings.shape), expected at least \(k) of \(structure.dimension) numbers")
    }
    clusters = try KMeans(
      normalizeRows(embeddings).rows, .init(clusters: k, iterations: 100, starts: Self.starts, seed: seed))
    let directions = normalizeRows(clusters.centres).rows
    var best = try Self.turned(structure.vertices, to: directions, pairing: Array(0..<k))
    if structure.kind != .simplex {
      for start in 1..<max(2, min(Self.starts * 4, 4096 / k)) {
        var random = CounterRandom(seed: seed, .clusters, sample: start, view: 1)
        let next = try Self.turned(structure.vertices, to: directions, pairing: random.permutation(k))
        if next.agreement > best.agreement { best = next }
      }
    }
    self.structure = try GeometricStructure(vertices: best.vertices)
    agreement = best.agreement / Double(k)
  }

  /// By turns: the best map for the pairing, the best pairing for the map.
  private static func turned(
    _ vertices: Tensor, to directions: Tensor, pairing first: [Int]
  ) throws -> (vertices: Tensor, agreement: Double) {
    var pairing = first
    for turn in 0... {
      let map = try Procrustes(from: vertices, to: rows(directions, pairing))
      let moved = try matmul(vertices, map.rotation)
      let next = try leastCostPairing(matmul(moved, directions, transposeB: true).scaled(by: -1))
      if next == pairing || turn == mostTurns { return (moved, map.agreement) }
      pairing = next
    }
    fatalError("unreachable: the loop has no end of its own")
  }

  private static func rows(_ matrix: Tensor, _ order: [Int]) -> Tensor {
    let (values, width) = (matrix.values, matrix.shape[1])
    return Tensor(order.flatMap { values[$0 * width..<($0 + 1) * width] }, shape: matrix.shape)
  }
}
