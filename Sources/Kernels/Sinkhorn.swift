import CKernels

/// Entropy-regularised optimal transport between samples (equal mass) and classes (mass `prior`):
/// the surrogate labels of Geometric Harmonization (Zhou et al., NeurIPS 2023, algorithm 1).
///
/// With L = scores / λ, starting from v = −log N, each iteration sets
///
///     u = log prior − LSE over samples (L + v)      v = −log N − LSE over classes (L + u)
///
/// and the assignment is N·exp(L + u + v). The last update is over classes, so every row sums to 1 (to
/// rounding); column masses are N·prior in the limit only. Potentials are kept as logarithms in double
/// and iterations run on a kernel rescaled by them (see ck_sinkhorn.h), so any λ > 0 is stable.
///
/// Edge cases
/// - A class of zero mass gets exactly 0 everywhere.
/// - One class: every assignment is 1. One sample: its row is the prior.
/// - The prior need not sum to 1: it is normalised.
public struct Sinkhorn: Hashable, Sendable {
  public struct Options: Hashable, Sendable {
    /// Entropic regularisation, in units of the scores; smaller gives harder assignments.
    public var lambda: Float
    /// How many iterations at most.
    public var iterations: Int
    /// Stop as soon as ``Result/marginalError`` is no larger than this; nil runs all iterations.
    public var tolerance: Float?

    public init(lambda: Float = 0.05, iterations: Int = 300, tolerance: Float? = nil) {
      self.lambda = lambda
      self.iterations = iterations
      self.tolerance = tolerance
    }
  }

  public struct Result: Sendable {
    /// N×K: the share of each sample given to each class.
    public let assignment: Tensor
    /// Iterations done.
    public let iterations: Int
    /// Σ over classes of |mass given − prior|: 0 is perfect, 2 the worst.
    public let marginalError: Double
    /// Whether the error is within the tolerance, or within ``Sinkhorn/convergedBelow`` where none was given.
    public let converged: Bool
    /// How often the kernel was rebuilt around the potentials, the first time included: the cost of a small λ.
    public let rescalings: Int
  }

  /// What counts as converged without a tolerance.
  public static let convergedBelow = 1e-3

  public let options: Options

  /// - Throws: ``KernelError`` (`badValue`) for a λ or tolerance that is not positive and finite, or no iteration.
  public init(_ options: Options = Options()) throws {
    guard options.lambda > 0, options.lambda.isFinite else {
      throw KernelError("sinkhorn", .badValue, "lambda \(options.lambda), expected a positive number")
    }
    guard options.iterations >= 1, options.iterations <= Int32.max else {
      throw KernelError("sinkhorn", .badValue, "\(options.iterations) iterations, expected at least 1")
    }
    if let tolerance = options.tolerance, !(tolerance > 0) || !tolerance.isFinite {
      throw KernelError("sinkhorn", .badValue, "tolerance \(tolerance), expected a positive number")
    }
    self.options = options
  }

  /// - Parameters:
  ///   - scores: N×K, finite.
  ///   - prior: K masses, not negative, at least one positive. Nil means equal masses.
  /// - Throws: ``KernelError``: shapes that do not fit; `notFinite` for a NaN or infinite score; `badValue` for
  ///   a prior with a negative or not finite value or without any mass.
  public func callAsFunction(_ scores: Tensor, prior: Tensor? = nil) throws -> Result {
    let (n, k) = try scores.shape.matrix("scores", in: "sinkhorn")
    if let prior {
      try prior.require([k], "prior", in: "sinkhorn")
      try Sinkhorn.checkPrior(prior.values)
    }
    let prior = prior ?? Tensor(repeating: 1, shape: [k])
    let call = KernelAccount.begin("sinkhorn", "\(n)×\(k) ×\(options.iterations)")
    defer { call?.end() }
    var assignment = Tensor(uninitialized: scores.shape)
    var workspace = Tensor.workspace(bytes: ck_sinkhorn_workspace(n, k))
    var report = ck_sinkhorn_report()
    let status = withExtendedLifetime((scores, prior)) {
      ck_sinkhorn(
        assignment.mutableBase, &report, scores.base, prior.base, n, k, options.lambda, Int32(options.iterations),
        options.tolerance ?? 0, workspace.mutableBase)
    }
    try KernelError.check(status, "sinkhorn", Sinkhorn.describe(status, scores, options))
    return Result(
      assignment: assignment, iterations: Int(report.iterations), marginalError: report.marginal_error,
      converged: report.marginal_error <= options.tolerance.map(Double.init) ?? Sinkhorn.convergedBelow,
      rescalings: Int(report.rescalings))
  }

  private static func checkPrior(_ prior: [Float]) throws {
    if let k = prior.firstIndex(where: { !$0.isFinite || $0 < 0 }) {
      throw KernelError("sinkhorn", .badValue, "prior[\(k)] is \(prior[k]), expected a mass of 0 or more")
    }
    guard prior.contains(where: { $0 > 0 }) else {
      throw KernelError("sinkhorn", .badValue, "the prior gives no class any mass")
    }
  }

  private static func describe(_ status: ck_status, _ scores: Tensor, _ options: Options) -> String {
    guard status == CK_NOT_FINITE else { return "scores \(scores.shape), lambda \(options.lambda)" }
    let k = scores.shape[1]
    guard let i = scores.values.firstIndex(where: { !$0.isFinite }) else {
      return "a score divided by lambda \(options.lambda) is beyond double precision"
    }
    return "the score of sample \(i / k), class \(i % k) is \(scores[flat: i])"
  }
}
