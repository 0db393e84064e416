import Kernels
import Objectives
import TestSupport
import Testing
import Training

@Suite struct HarmonizationTermTests {
  private let samples = 10

  private func term(start: Int, refresh: Int = 2, seed: UInt64 = 3, samples: Int = 10) throws -> HarmonizationTerm {
    var settings = try HarmonizationTerm.Settings.published(start: start, ramp: 4)
    settings.refreshEveryEpochs = refresh
    return try HarmonizationTerm(
      GeometricHarmonization(structure: GeometricStructure(classes: 5, dimension: 6, seed: seed)),
      samples: samples, settings: settings)
  }

  private func pair(_ seed: UInt64) -> EmbeddingPair {
    EmbeddingPair(
      first: noise([4, 6], seed: seed), second: noise([4, 6], seed: seed + 1), indices: [0, 3, 9, 4])
  }

  /// 0-based epoch e: weight (e + 1 − start) / ramp from e = start on, as published.
  @Test func theWeightGrowsFromTheStart() throws {
    let term = try term(start: 3)
    var weights: [Double?] = []
    for epoch in 0..<9 {
      weights.append(try term.evaluate(pair(1), at: Moment(epoch: epoch, batchesPerEpoch: 1))?.weight)
    }
    #expect(weights == [nil, nil, nil, 0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func thePriorIsEstimatedWhenPublished() throws {
    let term = try term(start: 3, refresh: 2)
    var counts: [Int] = []
    for epoch in 0..<8 {
      _ = try term.evaluate(pair(1), at: Moment(epoch: epoch, batchesPerEpoch: 1))
      if epoch < 2 { #expect(term.running.prior == Tensor(repeating: 0.2, shape: [5])) }
      try term.finishEpoch(at: Moment(epoch: epoch, batch: 1, batchesPerEpoch: 1))
      counts.append(term.running.refreshes)
    }
    // After 3 epochs (the start), then after 4, 6 and 8.
    #expect(counts == [0, 0, 1, 2, 2, 3, 3, 4])
    let prior = term.running.prior.values
    #expect(abs(prior.reduce(0, +) - 1) < 1e-6)
    #expect(prior.allSatisfy { ($0 * 4).rounded() == $0 * 4 })
  }

  @Test func scoresFollowTheFirstViewFromTheFirstStep() throws {
    let term = try term(start: 2)
    let (a, b) = (pair(1), pair(7))
    let kernel = try GHLoss(structure: term.harmonization.structure.vertices, sinkhorn: Sinkhorn())
    let (ta, tb) = (try kernel.scores(a.first).values, try kernel.scores(b.first).values)
    _ = try term.evaluate(a, at: Moment(epoch: 0, batchesPerEpoch: 1))
    var scores = try #require(term.running.momentumScores).rows.values
    #expect(Array(scores[0..<5]) == Array(ta[0..<5]))
    #expect(Array(scores[45..<50]) == Array(ta[10..<15]))
    #expect(scores[5..<15].allSatisfy { $0 == 0 })
    _ = try term.evaluate(b, at: Moment(epoch: 1, batchesPerEpoch: 1))
    scores = try #require(term.running.momentumScores).rows.values
    for i in 0..<5 { #expect(abs(scores[i] - (0.9 * ta[i] + 0.1 * tb[i])) < 1e-6) }
    // From the start on they hardly move.
    _ = try term.evaluate(a, at: Moment(epoch: 2, batchesPerEpoch: 1))
    let later = try #require(term.running.momentumScores).rows.values
    for i in 0..<5 { #expect(abs(later[i] - (0.999 * scores[i] + 0.001 * ta[i])) < 1e-6) }
  }

  @Test func aCheckpointBringsItsOwnVertices() throws {
    let saved = try term(start: 0, seed: 3)
    _ = try saved.evaluate(pair(1), at: Moment(epoch: 0, batchesPerEpoch: 1))
    try saved.finishEpoch(at: Moment(epoch: 1, batchesPerEpoch: 1))
    let other = try term(start: 0, seed: 4)
    try other.load(state: saved.state)
    #expect(other.state == saved.state)
    let moment = Moment(epoch: 2, batchesPerEpoch: 1)
    #expect(try other.evaluate(pair(5), at: moment)?.dFirst == saved.evaluate(pair(5), at: moment)?.dFirst)
  }

  /// At the end of the last epoch before the term, once, and before the first estimate.
  @Test func theVerticesAreTurnedAtTheStart() throws {
    var settings = try HarmonizationTerm.Settings.published(start: 2, ramp: 4)
    settings.refreshEveryEpochs = 1
    let structure = try GeometricStructure(classes: 3, dimension: 6, seed: 3)
    func make(_ settings: HarmonizationTerm.Settings) throws -> HarmonizationTerm {
      try HarmonizationTerm(
        GeometricHarmonization(structure: structure, settings: .init(alignment: .centres(seed: 1))), samples: 10,
        settings: settings)
    }
    let term = try make(settings)
    var vertices: [Tensor] = []
    for epoch in 0..<5 {
      _ = try term.evaluate(pair(UInt64(epoch)), at: Moment(epoch: epoch, batchesPerEpoch: 1))
      try term.finishEpoch(at: Moment(epoch: epoch, batch: 1, batchesPerEpoch: 1))
      vertices.append(term.harmonization.structure.vertices)
    }
    #expect(vertices[0] == structure.vertices && vertices[1] != structure.vertices)
    #expect(vertices[2...].allSatisfy { $0 == vertices[1] })
    #expect(term.running.refreshes == 4)
    let other = try make(settings)
    try other.load(state: term.state)
    #expect(other.harmonization.structure.vertices == vertices[1] && other.state == term.state)
    settings.startEpoch = 0
    let error = #expect(throws: TrainingError.self) { try make(settings) }
    #expect("\(error!)".contains("alignment"))
  }

  @Test func aStateThatDoesNotFitIsRefused() throws {
    let saved = try term(start: 0)
    let other = try term(start: 0, samples: 11)
    let before = other.state
    #expect(throws: ObjectiveError.self) { try other.load(state: saved.state) }
    var missing = saved.state
    missing["structure"] = nil
    let error = #expect(throws: ObjectiveError.self) { try other.load(state: missing) }
    #expect(error?.description.contains("`structure` is missing, expected 5×6") == true)
    #expect(other.state == before)
  }

  @Test func settingsWithoutSenseAreRefused() throws {
    #expect(throws: ScheduleError.self) { try term(start: -1) }
    #expect(throws: TrainingError.self) {
      try HarmonizationTerm(
        try term(start: 0).harmonization, samples: 1,
        settings: .init(startEpoch: -1, weight: .constant(1), scoreMomentum: .constant(0.9)))
    }
    #expect(throws: TrainingError.self) { try term(start: 0, refresh: 0) }
    #expect(throws: TrainingError.self) { try term(start: 0, samples: 0) }
    #expect(throws: KernelError.self) { try ContrastiveTerm(.ntXent(temperature: 0)) }
    #expect(throws: KernelError.self) { try ContrastiveTerm(.focal(temperature: 0.2, gamma: -1)) }
  }
}
