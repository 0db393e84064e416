import Kernels

/// A picture of representations: one point in the plane for each row.
public struct PlanarMap: Hashable, Sendable {
  /// How the plane was found.
  public enum Method: Hashable, Sendable {
    /// The two directions of largest variance.
    case principalComponents
    /// t-SNE (van der Maaten & Hinton 2008), exact, of at most 2000 rows.
    case tSNE(TSNEOptions)

    /// `.tSNE` with its defaults.
    public static let neighbourhoods = Method.tSNE(TSNEOptions())
  }

  public struct TSNEOptions: Hashable, Sendable {
    /// Effective number of neighbours of a point; at most a third of the points is used.
    public var perplexity: Double
    public var iterations: Int

    public init(perplexity: Double = 30, iterations: Int = 600) {
      self.perplexity = perplexity
      self.iterations = iterations
    }
  }

  /// Centred; scaled so that the larger of both standard deviations is 1.
  public let points: [SIMD2<Double>]

  /// The same features always give the same picture. Features that do not vary give
  /// points in one place.
  /// - Parameter unitRows: whether rows are made unit first, so that cosines count, not lengths.
  /// - Throws: ``EvaluationError`` for features that are not finite, none, more than 2000 for t-SNE, or options
  ///   out of range.
  public init(_ features: Features, method: Method = .neighbourhoods, unitRows: Bool = true) throws {
    try features.requireFinite(in: "map", "given")
    guard features.count > 0, features.dimension > 0 else { throw EvaluationError("map", "there are no features") }
    let rows = unitRows ? normalizeRows(features.values).rows : features.values
    let coordinates = try PrincipalComponents(of: rows, count: 2).coordinates(of: rows)
    let plane = coordinates[0].indices.map { SIMD2(coordinates[0][$0], coordinates.count > 1 ? coordinates[1][$0] : 0) }
    switch method {
    case .principalComponents:
      points = Self.scaled(plane)
    case .tSNE(let options):
      try options.validate(count: features.count)
      let isTooSmall = features.count < 4
      points = Self.scaled(
        isTooSmall
          ? plane : try TSNE(rows, perplexity: options.perplexity).run(from: plane, iterations: options.iterations))
    }
  }

  private static func scaled(_ points: [SIMD2<Double>]) -> [SIMD2<Double>] {
    let share = 1 / Double(points.count)
    let mean = points.reduce(.zero, +) * share
    let variance = points.reduce(.zero) { $0 + ($1 - mean) * ($1 - mean) } * share
    let spread = variance.max().squareRoot()
    return points.map { spread > 0 ? ($0 - mean) / spread : .zero }
  }
}

extension PlanarMap.TSNEOptions {
  /// Most rows: time and memory grow with their square.
  public static let largestCount = 2000

  func validate(count: Int) throws {
    guard count <= Self.largestCount else {
      throw EvaluationError("map", "\(count) rows, t-SNE takes at most \(Self.largestCount): give fewer of them")
    }
    guard perplexity > 1, perplexity.isFinite else {
      throw EvaluationError("map", "perplexity is \(perplexity), expected above 1")
    }
    guard iterations >= 0 else { throw EvaluationError("map", "iterations is \(iterations), expected 0 or more") }
  }
}
