import Foundation
import Kernels
import Objectives
import TestSupport
import Testing

@Suite struct StructureAlignmentTests {
  /// `perVertex` embeddings of random length about each vertex turned by a hidden map.
  private func clouds(
    _ structure: GeometricStructure, perVertex: [Int], spread: Double, seed: UInt64
  ) throws -> (embeddings: Tensor, hidden: Tensor) {
    let d = structure.dimension
    var random = CounterRandom(seed: seed, .synthetic)
    let map = try Procrustes(from: random.normal(shape: [d, d]), to: random.normal(shape: [d, d])).rotation
    let hidden = try matmul(structure.vertices, map)
    var rows: [Float] = []
    for (vertex, count) in perVertex.enumerated() {
      for _ in 0..<count {
        let length = random.uniform(0.5, 5)
        for column in 0..<d {
          rows.append(Float(length * (Double(hidden[flat: vertex * d + column]) + random.uniform(-spread, spread))))
        }
      }
    }
    return (Tensor(rows, shape: [perVertex.reduce(0, +), d]), hidden)
  }

  /// The cosine of each hidden vertex with the aligned vertex nearest to it.
  private func found(_ hidden: Tensor, _ structure: GeometricStructure) throws -> Float {
    try topRows(matmul(hidden, structure.vertices, transposeB: true), count: 1).values.values.min() ?? -1
  }

  /// A simplex with d < K, d = K and d > K; two crossed pairs in the plane; six directions in the plane.
  @Test(arguments: [(4, 3), (5, 5), (6, 16), (4, 2), (6, 2)])
  func theVerticesGoToWhereTheCloudsAre(_ k: Int, _ d: Int) throws {
    let structure = try GeometricStructure(classes: k, dimension: d, seed: 2)
    for seed in 0..<4 as Range<UInt64> {
      let (embeddings, hidden) = try clouds(
        structure, perVertex: (0..<k).map { 40 - 4 * $0 }, spread: 0.05, seed: seed)
      let aligned = try StructureAlignment(structure, to: embeddings, seed: 1)
      if d > 2 { #expect(try found(hidden, structure) < 0.99) }  // In the plane chance may be enough.
      #expect(try found(hidden, aligned.structure) > 0.995)
      #expect(aligned.agreement > 0.995)
      // The same angles as before.
      let (before, after) = (structure.vertices, aligned.structure.vertices)
      let grams = (try matmul(before, before, transposeB: true), try matmul(after, after, transposeB: true))
      for (x, y) in zip(grams.0.values, grams.1.values) { #expect(abs(x - y) < 1e-5) }
      #expect(aligned.structure.kind == structure.kind)
      let again = try StructureAlignment(structure, to: embeddings, seed: 1)
      #expect(again.structure.vertices == after)
    }
  }

  @Test func tooFewEmbeddingsAreRefused() throws {
    let structure = try GeometricStructure(classes: 5, dimension: 4, seed: 1)
    let error = #expect(throws: ObjectiveError.self) {
      try StructureAlignment(structure, to: Tensor.sample([4, 4], seed: 1), seed: 1)
    }
    #expect(error?.description == "structure alignment: embeddings 4×4, expected at least 5 of 4 numbers")
    #expect(throws: ObjectiveError.self) { try StructureAlignment(structure, to: Tensor.sample([9, 3], seed: 1), seed: 1) }
    var bad = Tensor.sample([9, 4], seed: 1)
    bad[flat: 3] = .nan
    #expect(throws: KernelError.self) { try StructureAlignment(structure, to: bad, seed: 1) }
    // Five equal embeddings have no directions to tell apart; the structure stays one all the same.
    let same = try StructureAlignment(structure, to: Tensor(repeating: 1, shape: [5, 4]), seed: 1)
    #expect(same.structure.kind == .simplex)
  }

  // MARK: In Geometric Harmonization

  private func harmonization(_ structure: GeometricStructure) throws -> GeometricHarmonization {
    try GeometricHarmonization(structure: structure, settings: .init(alignment: .centres(seed: 3)))
  }

  @Test func scoresAreThoseOfTheTurnedVertices() throws {
    let structure = try GeometricStructure(classes: 4, dimension: 3, seed: 2)
    let gh = try harmonization(structure)
    var state = gh.initialState(samples: 30)
    let (embeddings, _) = try clouds(structure, perVertex: [12, 8, 4, 2], spread: 0.05, seed: 3)
    // The last four samples are never seen.
    try gh.observe(embeddings, samples: Array(0..<26), momentum: 0.9, state: &state)
    let turned = try #require(try gh.aligned(state: &state))
    #expect(state.momentumEmbeddings == nil)
    #expect(try turned.aligned(state: &state) == nil)
    let scores = try #require(state.momentumScores)
    #expect(scores.visitedCount == 26)
    let kernel = try GHLoss(structure: turned.structure.vertices, sinkhorn: Sinkhorn())
    for (x, y) in zip(scores.rows.values, try kernel.scores(embeddings).values) { #expect(abs(x - y) < 1e-5) }
    #expect(scores.rows.values.suffix(16).allSatisfy { $0 == 0 })
    // Every cloud has a vertex of its own now, so that the shares are the clouds'.
    try turned.refreshPrior(state: &state)
    let shares = state.prior.doubles.sorted(by: >)
    #expect(zip(shares, [12, 8, 4, 2]).allSatisfy { abs($0 * 26 - $1) < 1e-5 })
  }

  @Test func aCheckpointBeforeAndAfterGoesOnToTheSameBits() throws {
    let gh = try harmonization(GeometricStructure(classes: 4, dimension: 3, seed: 2))
    var state = gh.initialState(samples: 8)
    #expect(gh.tensors(of: state)["aligned"] == Tensor(scalar: 0))
    try gh.observe(Tensor.sample([8, 3], seed: 1), samples: Array(0..<8), momentum: 0.9, state: &state)
    let saved = gh.tensors(of: state)
    #expect(saved["momentum_embeddings"]?.shape == [8, 3])
    let again = try harmonization(GeometricStructure(vertices: try #require(saved["structure"])))
    var restored = try again.state(from: saved, samples: 8)
    let (a, b) = (try #require(try gh.aligned(state: &state)), try #require(try again.aligned(state: &restored)))
    #expect(a.tensors(of: state).mapValues(\.bits) == b.tensors(of: restored).mapValues(\.bits))
    #expect(a.structure.vertices != gh.structure.vertices)
    let after = a.tensors(of: state)
    #expect(after["aligned"] == Tensor(scalar: 1) && after["momentum_embeddings"] == nil)
    let third = try harmonization(GeometricStructure(vertices: try #require(after["structure"])))
    let end = try third.state(from: after, samples: 8)
    #expect(third.tensors(of: end).mapValues(\.bits) == after.mapValues(\.bits))
    // And what does not fit is named.
    for (name, tensor, message) in [
      ("aligned", nil, "`aligned` is missing"), ("aligned", Tensor(scalar: 0.5), "`aligned` is 0.5, expected 0 or 1"),
      ("aligned", Tensor(scalar: 0), "`momentum_embeddings` is missing"),
    ] as [(String, Tensor?, String)] {
      var bad = after
      bad[name] = tensor
      let error = #expect(throws: ObjectiveError.self) { try third.state(from: bad, samples: 8) }
      #expect(error?.description == "harmonization state: \(message)")
    }
  }
}
