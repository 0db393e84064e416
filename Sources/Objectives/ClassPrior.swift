import Foundation
import Kernels

/// How the share of each vertex, π, is estimated from momentum scores S, N×K (METHOD.md 1.5, with the safe readings of
/// 8.5): each visited sample gives a mass of 1 to the vertices by a rule, and π_k = (mass_k + floor) / (N + floor·K).
///
/// The published rule, ``Rule/winners``, without a floor, can empty a vertex for good: a vertex that wins no sample
/// gets no surrogate label, so no loss ever brings a sample to it. A floor, or ``Rule/soft(temperature:)``, keeps
/// every vertex alive.
public struct ClassPrior: Hashable, Sendable {
  public enum Rule: Hashable, Sendable {
    /// All of a sample's mass goes to the vertex that scores highest: the published histogram.
    case winners
    /// A sample's mass is spread by softmax(S_i / temperature): what it would choose if no vertex were rationed.
    ///
    /// This is Sinkhorn's assignment without its column constraint, at λ = temperature; the column means of the
    /// constrained assignment would be no estimate, since they are the prior that was put in, whatever the embeddings
    /// are. Temperature → 0 gives the winners, a high one equal shares.
    case soft(temperature: Float)
    /// Shares that are known, the largest given to the vertex that wins most samples, and so on. For comparison: the
    /// true class distribution is nothing that training without labels has.
    case ranked([Double])
  }

  /// Mass added to every vertex, so that none is lost for good.
  public enum Floor: Hashable, Sendable {
    /// So many samples: none in the authors' CIFAR code, 100 in their ImageNet code.
    case samples(Double)
    /// This share of the samples: π = (histogram + share) / (1 + share·K), whatever their number.
    case share(Double)

    var value: Double {
      switch self {
      case .samples(let value), .share(let value): value
      }
    }
  }

  public let rule: Rule
  public let floor: Floor

  /// The published rule for CIFAR: winners, no floor.
  public init() { (rule, floor) = (.winners, .samples(0)) }

  /// - Throws: ``ObjectiveError`` for a negative floor, a temperature that is not positive, shares that are negative
  ///   or all 0.
  public init(_ rule: Rule = .winners, floor: Floor = .samples(0)) throws {
    guard floor.value >= 0, floor.value.isFinite else {
      throw ObjectiveError("class prior", "floor \(floor.value), expected 0 or more")
    }
    if case .soft(let temperature) = rule, !(temperature > 0) || !temperature.isFinite || !(1 / temperature).isFinite {
      throw ObjectiveError("class prior", "temperature \(temperature), expected a positive number")
    }
    if case .ranked(let shares) = rule {
      guard shares.allSatisfy({ $0 >= 0 && $0.isFinite }), shares.contains(where: { $0 > 0 }) else {
        throw ObjectiveError("class prior", "shares \(shares), expected masses of 0 or more, not all 0")
      }
    }
    self.rule = rule
    self.floor = floor
  }

  /// The prior of momentum scores N×K: K values that sum to 1.
  /// - Throws: `KernelError` for NaN scores or an empty matrix; ``ObjectiveError`` where there are not as many known
  ///   shares as vertices.
  public func estimate(_ momentumScores: Tensor) throws -> Tensor {
    let samples = Double(momentumScores.shape.extents.first ?? 0)
    var masses = try masses(momentumScores)
    let added: Double =
      switch floor {
      case .samples(let count): count
      case .share(let share): share * samples
      }
    for k in masses.indices { masses[k] += added }
    let total = masses.reduce(0, +)
    return Tensor(masses.map { Float($0 / total) }, shape: [masses.count])
  }

  /// The same over the visited samples; nil when none has been.
  public func estimate(_ scores: MomentumRows) throws -> Tensor? {
    guard scores.visitedCount > 0 else { return nil }
    return try estimate(scores.visitedRows)
  }

  /// What the samples give to each vertex, N in all.
  private func masses(_ scores: Tensor) throws -> [Double] {
    let winners = try argmaxRows(scores)
    let classes = scores.shape[1]
    var counts = [Double](repeating: 0, count: classes)
    for winner in winners { counts[winner] += 1 }
    switch rule {
    case .winners: return counts
    case .soft(let temperature):
      var sums = [Double](repeating: 0, count: classes)
      for (place, share) in try softmaxRows(scores, temperature: temperature).values.enumerated() {
        sums[place % classes] += Double(share)
      }
      return sums
    case .ranked(let shares):
      guard shares.count == classes else {
        throw ObjectiveError("class prior", "\(shares.count) known shares for \(classes) vertices")
      }
      // The first among equals is the vertex of the lower number.
      let vertices = counts.indices.sorted { counts[$0] != counts[$1] ? counts[$0] > counts[$1] : $0 < $1 }
      let scale = Double(winners.count) / shares.reduce(0, +)
      var masses = counts
      for (vertex, share) in zip(vertices, shares.sorted(by: >)) { masses[vertex] = share * scale }
      return masses
    }
  }

  /// −Σ π log π in nats: log K for equal shares, 0 when one vertex has everything.
  public static func entropy(_ prior: Tensor) -> Double {
    let masses = prior.values.map(Double.init)
    let total = masses.reduce(0, +)
    return -masses.reduce(0) { $1 > 0 ? $0 + $1 / total * log($1 / total) : $0 }
  }

  /// How many vertices have no mass and so can take no sample.
  public static func emptyVertices(_ prior: Tensor) -> Int { prior.values.count { $0 == 0 } }
}
