import CKernels

/// k-means of the rows of a matrix: Lloyd's iteration from the start of k-means++, see ck_clusters.h.
///
/// The same rows, options and seed give the same clusters, for any number of threads. No cluster is empty in the
/// result: one that loses all its rows takes the row farthest from its centre.
public struct KMeans: Sendable {
  public struct Options: Hashable, Sendable {
    public var clusters: Int
    /// Means taken at most, each time.
    public var iterations: Int
    /// Starts of their own; the one of least inertia counts, the first among equals.
    public var starts: Int
    public var seed: UInt64

    public init(clusters: Int, iterations: Int = 100, starts: Int = 1, seed: UInt64 = 0) {
      self.clusters = clusters
      self.iterations = iterations
      self.starts = starts
      self.seed = seed
    }
  }

  /// clusters×D.
  public let centres: Tensor
  /// The cluster of each row.
  public let clusters: [Int]
  /// Σ of squared distances between the rows and the centres of their clusters.
  public let inertia: Double
  public let iterations: Int
  /// Whether the last mean changed no row's cluster.
  public let converged: Bool
  /// How often a cluster was empty.
  public let refilled: Int

  /// Rows of each cluster.
  public var counts: [Int] {
    var counts = [Int](repeating: 0, count: centres.shape[0])
    for cluster in clusters { counts[cluster] += 1 }
    return counts
  }

  /// - Parameter rows: M×D, at least as many as clusters.
  /// - Throws: ``KernelError``: `badShape` for no matrix or fewer rows than clusters, `badValue` for an option below 1,
  ///   `notFinite`.
  public init(_ rows: Tensor, _ options: Options) throws {
    let (m, _) = try rows.shape.matrix("rows", in: "k-means")
    for (name, value) in [
      ("clusters", options.clusters), ("iterations", options.iterations), ("starts", options.starts),
    ] where value < 1 || value > Int32.max {
      throw KernelError("k-means", .badValue, "\(value) \(name), expected at least 1")
    }
    guard options.clusters <= m else {
      throw KernelError("k-means", .badShape, "\(options.clusters) clusters of \(m) rows, expected at most as many")
    }
    guard rows.isFinite else { throw KernelError("k-means", .notFinite, "a row of \(rows.shape) is not finite") }
    var best = try KMeans(rows, options, start: 0)
    for start in 1..<max(1, options.starts) {
      let next = try KMeans(rows, options, start: start)
      if next.inertia < best.inertia { best = next }
    }
    self = best
  }

  private init(_ rows: Tensor, _ options: Options, start: Int) throws {
    let (m, d, k) = (rows.shape[0], rows.shape[1], options.clusters)
    let call = KernelAccount.begin("k-means", "\(rows.shape) in \(k)")
    defer { call?.end() }
    var random = CounterRandom(seed: options.seed, .clusters, sample: start)
    var centres = Tensor(uninitialized: [k, d])
    var workspace = Tensor.workspace(bytes: ck_kmeans_workspace(m, d, k))
    var report = ck_kmeans_report()
    var status = CK_OK
    let clusters = [Int32](unsafeUninitializedCapacity: m) { buffer, initialized in
      status = withExtendedLifetime(rows) {
        random.withState {
          ck_kmeans(
            centres.mutableBase, buffer.baseAddress!, &report, rows.base, m, d, k, Int32(options.iterations), &$0,
            workspace.mutableBase)
        }
      }
      initialized = status == CK_OK ? m : 0
    }
    try KernelError.check(status, "k-means", "\(k) clusters of \(rows.shape)")
    self.centres = centres
    self.clusters = clusters.map(Int.init)
    inertia = report.inertia
    iterations = Int(report.iterations)
    converged = report.converged != 0
    refilled = Int(report.refilled)
  }
}
