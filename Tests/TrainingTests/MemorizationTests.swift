import Kernels
import NeuralNet
import Objectives
import TestSupport
import Testing
import Training

/// BCL: what is remembered, when it is told, and that it changes no gradient.
@Suite struct MemorizationTests {
  enum Inner: CaseIterable {
    case simclr, focal, sdclr

    func method(remembering: Bool) throws -> PairMethod {
      let loss: ContrastiveLoss = self == .focal ? .focal(temperature: 0.3) : .ntXent(temperature: 0.3)
      return PairMethod(
        [try ContrastiveTerm(loss)],
        pruning: self == .sdclr ? try Pruning(.init(fraction: .constant(0.5))) : nil,
        memorization: remembering ? try Memorization(samples: 9) : nil)
    }

    func model() throws -> ContrastiveModel {
      var architecture = tiny
      architecture.hasPrunedBranch = self == .sdclr
      return try ContrastiveModel(architecture, seed: 5)
    }
  }

  private let batch = TrainingBatch(
    indices: [3, 8, 0, 5], views: [noise([4, 6, 6, 3], seed: 1), noise([4, 6, 6, 3], seed: 2)])
  private let middle = Moment(batch: 1, batchesPerEpoch: 2)

  @Test(arguments: Inner.allCases) func gradientsAreThoseOfTheLossInside(_ inner: Inner) throws {
    let gradients = try [false, true].map { remembering -> [Tensor?] in
      let (model, method) = (try inner.model(), try inner.method(remembering: remembering))
      _ = try method.accumulateGradients(model, batch, at: middle)
      return model.parameters.map(\.gradient)
    }
    #expect(gradients[0] == gradients[1])
  }

  @Test(arguments: Inner.allCases) func finiteDifferencesThroughTheWholeStep(_ inner: Inner) throws {
    let (model, method) = (try inner.model(), try inner.method(remembering: true))
    // Away from the first values, where shifts are 0 and many gradients small.
    for (index, parameter) in model.parameters.enumerated() where parameter.value.shape.rank == 1 {
      try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 20)), factor: 0.3)
    }
    _ = try method.accumulateGradients(model, batch, at: middle)
    #expect(try slopeError(model.parameters) { try method.accumulateGradients(model, batch, at: middle).total } < 0.02)
  }

  @Test func lossesAreRememberedAndWeightsMadeAtTheEndOfAnEpoch() throws {
    let (model, method) = (try Inner.simclr.model(), try Inner.simclr.method(remembering: true))
    let memory = try #require(method.memorization)
    #expect(method.sampleWeights == [Float](repeating: 0, count: 9))
    func losses() throws -> [Float] {
      let embeddings = try batch.views.map { try model(Variable($0), .training(nil)).value }
      return try ContrastiveLoss.ntXent(temperature: 0.3)(embeddings[0], embeddings[1]).perSample.values
    }
    let first = try losses()
    _ = try method.accumulateGradients(model, batch, at: middle)
    #expect(method.sampleWeights == [Float](repeating: 0, count: 9), "within the first epoch")
    try method.finishEpoch(at: middle)
    let expected = try memorizationWeights(Tensor(first, shape: [4])).values
    let weights = try #require(method.sampleWeights)
    for (row, sample) in batch.indices.enumerated() { #expect(weights[sample] == expected[row]) }
    #expect(Set(weights).count == 5, "a sample not seen has weight 0")

    // The second visit moves 3 % of the way; the weights stay those of the epoch.
    model.clearGradients()
    for parameter in model.parameters { try parameter.value.accumulate(noise(parameter.value.shape, seed: 77), factor: 0.2) }
    let second = try losses()
    _ = try method.accumulateGradients(model, batch, at: middle)
    #expect(method.sampleWeights == weights)
    let kept = try #require(method.state["memorization.loss"]).values
    for (row, sample) in batch.indices.enumerated() {
      #expect(abs(kept[sample] - (0.97 * first[row] + 0.03 * second[row])) < 1e-6)
    }
    #expect(memory.momentum == 0.97)
  }

  @Test func aMethodWithoutMemorySaysNothing() throws {
    #expect(try Inner.simclr.method(remembering: false).sampleWeights == nil)
  }

  @Test func statesThatDoNotFitAreRefusedAndChangeNothing() throws {
    let method = try Inner.simclr.method(remembering: true)
    _ = try method.accumulateGradients(Inner.simclr.model(), batch, at: middle)
    try method.finishEpoch(at: middle)
    let good = method.state
    for (name, value) in [
      ("weight", nil), ("weight", Tensor(zeros: [8])), ("weight", Tensor(repeating: 1.5, shape: [9])),
      ("weight", Tensor(repeating: .nan, shape: [9])), ("loss", Tensor(repeating: .infinity, shape: [9])),
      ("visited", Tensor(repeating: 0.5, shape: [9])),
    ] as [(String, Tensor?)] {
      var bad = good
      bad["memorization.\(name)"] = value
      let error = #expect(throws: ObjectiveError.self) { try method.load(state: bad) }
      #expect(error?.description.contains("`\(name)`") == true, "\(String(describing: error))")
      #expect(method.state == good)
    }
    let other = try Inner.simclr.method(remembering: true)
    try other.load(state: good)
    #expect(other.state == good && other.sampleWeights == method.sampleWeights)
  }

  @Test func settingsWithoutSenseAreRefused() {
    #expect(throws: TrainingError.self) { try Memorization(samples: 0) }
    #expect(throws: TrainingError.self) { try Memorization(samples: 3, momentum: 1) }
    #expect(throws: TrainingError.self) { try Memorization(samples: 3, momentum: .nan) }
  }
}
