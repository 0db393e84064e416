import Foundation
import Kernels
import Objectives
import TestSupport
import Testing

@Suite struct GeometricHarmonizationTests {
  private let samples = 24

  private func harmonization(
    _ prior: GeometricHarmonization.PriorRule = .estimated(ClassPrior())
  ) throws -> GeometricHarmonization {
    try GeometricHarmonization(
      structure: GeometricStructure(classes: 6, dimension: 8, seed: 3), settings: .init(prior: prior))
  }

  /// One epoch in three batches of eight, as the training does it.
  private func epoch(
    _ gh: GeometricHarmonization, _ state: inout GeometricHarmonization.State, number: Int
  ) throws -> [Tensor] {
    var gradients: [Tensor] = []
    for b in 0..<3 { gradients.append(try step(gh, &state, epoch: number, batch: b)) }
    try gh.refreshPrior(state: &state)
    return gradients
  }

  private func step(
    _ gh: GeometricHarmonization, _ state: inout GeometricHarmonization.State, epoch: Int, batch: Int
  ) throws -> Tensor {
    let z1 = Tensor.sample([8, 8], seed: UInt64(epoch * 100 + batch))
    let z2 = Tensor.sample([8, 8], seed: UInt64(epoch * 100 + batch + 50))
    let loss = try gh.loss(z1, z2, state: state)
    try gh.observe(
      scores: loss.scores1, samples: Array(batch * 8..<(batch + 1) * 8), momentum: 0.9, state: &state)
    return loss.dZ1
  }

  @Test func beforeTheFirstEstimateAllSharesAreEqual() throws {
    let gh = try harmonization()
    var state = gh.initialState(samples: samples)
    #expect(state.prior.values.allSatisfy { $0 == Float(1) / 6 } && state.refreshes == 0)
    // nothing visited: nothing to estimate from
    try gh.refreshPrior(state: &state)
    #expect(state.refreshes == 0)
    let report = try gh.loss(
      Tensor.sample([8, 8], seed: 1), Tensor.sample([8, 8], seed: 2), state: state
    ).diagnostics
    #expect(abs(report.priorEntropy - log(6)) < 1e-6 && report.emptyVertices == 0)
    #expect(report.sinkhornIterations == 300 && report.marginalError < 1e-3 && report.converged)
  }

  @Test func priorFollowsTheMomentumScores() throws {
    let gh = try harmonization()
    var state = gh.initialState(samples: samples)
    // all embeddings on vertex 4, then all on vertex 1, seen with little momentum
    func vertex(_ k: Int, _ count: Int = 8) -> Tensor {
      let row = Array(gh.structure.vertices.values[k * 8..<(k + 1) * 8])
      return Tensor((0..<count).flatMap { _ in row }, shape: [count, 8])
    }
    try gh.observe(vertex(4), samples: Array(0..<8), momentum: 0.9, state: &state)
    try gh.refreshPrior(state: &state)
    #expect(state.prior.values == [0, 0, 0, 0, 1, 0] && state.refreshes == 1)
    for _ in 0..<3 { try gh.observe(vertex(1, 4), samples: Array(0..<4), momentum: 0.5, state: &state) }
    #expect(state.prior.values == [0, 0, 0, 0, 1, 0])
    try gh.refreshPrior(state: &state)
    #expect(state.prior.values == [0, 0.5, 0, 0, 0.5, 0])
    let report = try gh.loss(vertex(1), vertex(4), state: state).diagnostics
    #expect(report.emptyVertices == 4 && abs(report.priorEntropy - log(2)) < 1e-6)
  }

  @Test func floorKeepsEveryVertexAlive() throws {
    let gh = try harmonization(.estimated(ClassPrior(floor: .samples(0.5))))
    var state = gh.initialState(samples: samples)
    _ = try epoch(gh, &state, number: 0)
    #expect(state.prior.values.allSatisfy { $0 > 0 })
    #expect(abs(state.prior.doubles.reduce(0, +) - 1) < 1e-6)
  }

  @Test func uniformPriorStaysUniform() throws {
    let gh = try harmonization(.uniform)
    var state = gh.initialState(samples: samples)
    #expect(state.momentumScores == nil)
    _ = try epoch(gh, &state, number: 0)
    #expect(state.prior.values.allSatisfy { $0 == Float(1) / 6 } && state.refreshes == 0)
    #expect(gh.tensors(of: state).keys.sorted() == ["prior", "refreshes", "structure"])
  }

  @Test func observingEmbeddingsIsObservingTheirScores() throws {
    let gh = try harmonization()
    var (a, b) = (gh.initialState(samples: samples), gh.initialState(samples: samples))
    let z = Tensor.sample([8, 8], seed: 5)
    let loss = try gh.loss(z, Tensor.sample([8, 8], seed: 6), state: a)
    try gh.observe(z, samples: Array(0..<8), momentum: 0.9, state: &a)
    try gh.observe(scores: loss.scores1, samples: Array(0..<8), momentum: 0.9, state: &b)
    #expect(a.momentumScores?.rows == b.momentumScores?.rows)
  }

  /// From a checkpoint in the middle of an epoch, everything goes on to the last bit.
  @Test func resumeEqualsAnUninterruptedRun() throws {
    let gh = try harmonization()
    var state = gh.initialState(samples: samples)
    _ = try epoch(gh, &state, number: 0)
    _ = try step(gh, &state, epoch: 1, batch: 0)
    let saved = gh.tensors(of: state)

    let vertices = try #require(saved["structure"])
    let again = try GeometricHarmonization(structure: GeometricStructure(vertices: vertices), settings: gh.settings)
    var restored = try again.state(from: saved, samples: samples)
    for batch in 1..<3 {
      #expect(
        try step(gh, &state, epoch: 1, batch: batch).bits == step(again, &restored, epoch: 1, batch: batch).bits)
    }
    try gh.refreshPrior(state: &state)
    try again.refreshPrior(state: &restored)
    let (a, b) = (try epoch(gh, &state, number: 2), try epoch(again, &restored, number: 2))
    #expect(a.map(\.bits) == b.map(\.bits))
    let (end, other) = (gh.tensors(of: state), again.tensors(of: restored))
    #expect(end.mapValues(\.bits) == other.mapValues(\.bits) && state.refreshes == 3)
  }

  @Test func refusesAnotherRunsState() throws {
    let gh = try harmonization()
    var state = gh.initialState(samples: samples)
    _ = try epoch(gh, &state, number: 0)
    let saved = gh.tensors(of: state)
    func refusal(_ change: (inout [String: Tensor]) -> Void) -> String {
      var tensors = saved
      change(&tensors)
      do {
        _ = try gh.state(from: tensors, samples: samples)
        return ""
      } catch { return "\(error)" }
    }
    #expect(refusal { _ in } == "")
    #expect(refusal { $0["prior"] = nil } == "harmonization state: `prior` is missing")
    #expect(refusal { $0["prior"] = Tensor(zeros: [5]) }.contains("`prior` is 5, expected 6"))
    #expect(refusal { $0["prior"] = Tensor(zeros: [6]) }.contains("all 0"))
    #expect(refusal { $0["refreshes"] = Tensor(scalar: -1) }.contains("expected a count"))
    #expect(refusal { $0["momentum_scores"] = Tensor(zeros: [9, 6]) }.contains("expected 24×6"))
    #expect(refusal { $0["structure"] = Tensor(zeros: [6, 8]) }.contains("not the structure in use"))
    #expect(refusal { $0["visited"] = Tensor(repeating: 0.5, shape: [24]) }.contains("expected 0 or 1"))
    #expect(throws: ObjectiveError.self) { try gh.state(from: saved, samples: samples + 1) }
  }

  @Test func refusesBadSettings() throws {
    let structure = try GeometricStructure(classes: 6, dimension: 8, seed: 3)
    #expect(throws: KernelError.self) {
      try GeometricHarmonization(structure: structure, settings: .init(sinkhorn: .init(lambda: 0)))
    }
    #expect(throws: KernelError.self) {
      try GeometricHarmonization(structure: structure, settings: .init(temperature: 0))
    }
    let gh = try GeometricHarmonization(structure: structure)
    let state = gh.initialState(samples: 4)
    #expect(throws: KernelError.self) {
      try gh.loss(Tensor(repeating: .nan, shape: [4, 8]), Tensor(repeating: 1, shape: [4, 8]), state: state)
    }
  }
}
