import Foundation
import Kernels
import Objectives
import TestSupport
import Testing

/// Theorem 3.4 (METHOD.md 1.7): with classes on the vertices, K = L, both temperatures 1 and w = 1, the overall loss is
///
///     L* = 2 log(1 + (K − 1) e^(C − 1)) + log(J / L),   C = −1 / (K − 1)
///
/// with J negatives spread evenly over the classes. The theorem's scores are M_k·f for unit f; the library's are those
/// made unit, which on the vertices is the factor √((K − 1) / K), so that a prediction temperature of that size is the
/// theorem's 1. Its L_GH is one direction, half of the library's sum.
@Suite struct TheoremTests {
  private let classes: Int
  private let structure: GeometricStructure
  private let contrastive: NTXent
  private let harmonization: GHLoss
  /// 1 + (K − 1) e^(C − 1)
  private let spread: Double

  init() throws {
    classes = 10
    let k = Double(classes)
    // In the span of the vertices: scores do not see what lies outside of it.
    structure = try GeometricStructure(classes: classes, dimension: classes - 1, seed: 4)
    contrastive = try NTXent(temperature: 1)
    harmonization = try GHLoss(
      structure: structure.vertices, sinkhorn: Sinkhorn(.init(lambda: 0.05, iterations: 300)),
      temperature: Float(((k - 1) / k).squareRoot()))
    spread = 1 + (k - 1) * exp(-1 / (k - 1) - 1)
  }

  /// What both losses come to, and half the sum of directions for GH; gradients of their sum.
  private func overall(_ z1: Tensor, _ z2: Tensor, prior: Tensor?) throws -> (
    contrastive: Double, gh: Double, dZ1: Tensor, dZ2: Tensor
  ) {
    let (a, b) = (try contrastive(z1, z2), try harmonization(z1, z2, prior: prior))
    var (dZ1, dZ2) = (a.dZ1, a.dZ2)
    try dZ1.accumulate(b.dZ1, factor: 0.5)
    try dZ2.accumulate(b.dZ2, factor: 0.5)
    return (a.loss, b.loss / 2, dZ1, dZ2)
  }

  private func onVertices(_ counts: [Int]) -> Tensor {
    let (values, d) = (structure.vertices.values, structure.dimension)
    let rows = counts.enumerated().flatMap { label, count in
      (0..<count).flatMap { _ in values[label * d..<(label + 1) * d] }
    }
    return Tensor(rows, shape: [counts.reduce(0, +), d])
  }

  @Test func featuresOnTheVerticesAttainTheValue() throws {
    // As METHOD.md computes it for 100 classes.
    #expect(abs(log(1 + 99 * exp(-100.0 / 99)) - 3.6124) < 5e-5)
    for perClass in [1, 4, 40] {
      let z = onVertices([Int](repeating: perClass, count: classes))
      let loss = try overall(z, z, prior: nil)
      #expect(abs(loss.gh - log(spread)) < 1e-5)
      // An anchor meets all J = 2N views but itself, and so one of its own vertex less than the theorem's J.
      let perVertex = Double(2 * perClass)
      #expect(abs(loss.contrastive - log(perVertex * spread - 1)) < 1e-5)
      // No direction leads down from here at first order.
      for gradient in [loss.dZ1, loss.dZ2] {
        #expect((gradient.values.map(abs).max() ?? 1) * Float(z.shape[0]) < 1e-4)
      }
    }
    // With many negatives that one does not count: the theorem as it stands.
    let z = onVertices([Int](repeating: 40, count: classes))
    let loss = try overall(z, z, prior: nil)
    let theorem = 2 * log(spread) + log(Double(2 * z.shape[0]) / Double(classes))
    #expect(abs(loss.contrastive + loss.gh - theorem) < 4e-3)
  }

  /// The class shares drop out of L_GH, as Σ π_l = 1.
  @Test func harmonizationDoesNotFeelTheClassShares() throws {
    let counts = [60, 30, 15, 8, 4, 2, 2, 1, 1, 1]
    let prior = Tensor(counts.map(Float.init), shape: [classes])
    let z = onVertices(counts)
    #expect(abs(try overall(z, z, prior: prior).gh - log(spread)) < 1e-5)
  }

  /// Of the mean loss times the samples. From about 0.5 on, views exchange their labels for ever.
  private static let rate: Float = 0.15

  /// Embeddings of both views that are free to go anywhere on the sphere, by plain gradient descent on it.
  private func descend(samples: Int, prior: Tensor?, seed: UInt64, steps: Int) throws -> (
    start: Double, end: Double, gh: Double, z: Tensor
  ) {
    var random = CounterRandom(seed: seed, .synthetic)
    var z1 = normalizeRows(random.normal(shape: [samples, structure.dimension])).rows
    var z2 = normalizeRows(random.normal(shape: [samples, structure.dimension])).rows
    var losses: [(contrastive: Double, gh: Double)] = []
    for _ in 0...steps {
      let loss = try overall(z1, z2, prior: prior)
      losses.append((loss.contrastive, loss.gh))
      try z1.accumulate(loss.dZ1, factor: -Self.rate * Float(samples))
      try z2.accumulate(loss.dZ2, factor: -Self.rate * Float(samples))
      (z1, z2) = (normalizeRows(z1).rows, normalizeRows(z2).rows)
    }
    let (first, last) = (losses[0], losses[steps])
    return (first.contrastive + first.gh, last.contrastive + last.gh, last.gh, z1)
  }

  /// The vertex nearest to each embedding: how many have each; and the least cosine to it.
  private func places(_ z: Tensor) throws -> (counts: [Int], worst: Float) {
    let cosines = try matmul(z, structure.vertices, transposeB: true)
    var counts = [Int](repeating: 0, count: classes)
    for vertex in try argmaxRows(cosines) { counts[vertex] += 1 }
    return (counts, try topRows(cosines, count: 1).values.values.min() ?? -1)
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func freeDescentApproachesTheValue(_ seed: UInt64) throws {
    let perClass = 6
    let result = try descend(samples: perClass * classes, prior: nil, seed: seed, steps: 150)
    let attained = log(spread) + log(Double(2 * perClass) * spread - 1)
    #expect(result.start > attained + 0.5, "\(result)")
    #expect(abs(result.end - attained) < 1e-5, "\(result.end) for \(attained)")
    let places = try places(result.z)
    #expect(places.counts == [Int](repeating: perClass, count: classes) && places.worst > 0.999, "\(places)")
  }

  /// With long-tailed shares as the prior, vertices take as many embeddings as they are due. L_GH stays a little above the
  /// theorem's: InfoNCE knows no classes, and of the largest one there are so many instances in a batch that they push
  /// each other off their vertex (a vertex is a minimum while 2 p < 1, about, with p the share of an anchor's own class in
  /// its softmax: a quarter for equal classes here, two thirds for this largest one).
  @Test func freeDescentFollowsTheShares() throws {
    let counts = [24, 12, 6, 6, 3, 3, 2, 2, 1, 1]
    let prior = Tensor(counts.map(Float.init), shape: [classes])
    let result = try descend(samples: 60, prior: prior, seed: 5, steps: 150)
    let places = try places(result.z)
    #expect(places.counts == counts, "\(places)")
    #expect(result.gh - log(spread) > 0.01 && result.gh - log(spread) < 0.06, "\(result.gh) for \(log(spread))")
  }
}
