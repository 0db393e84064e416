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

  /// Needs no random numbers: the same features give the same picture.
  /// - Parameter unitRows: whether rows are made unit first, so that cosines count, not lengths.
  /// - Throws: ``EvaluationError`` for features that are not finite, or options out of range.
  public init(_ features: Features, method: Method = .neighbourhoods, unitRows: Bool = true) throws {
    try features.requireFinite(in: "map", "given")
    guard features.count > 0 else { throw EvaluationError("map", "no samples") }
    let values = unitRows ? UnitRows.of(features.values) : features.values
    points = (0..<features.count).map {
      [Double(values[flat: $0 * features.dimension]), Double(values[flat: $0 * features.dimension + 1])]
    }
  }
}
