import Foundation
import Kernels
import NeuralNet
import TestSupport
import Testing
import Training

@Suite struct FineTuningTests {
  private let batch = TrainingBatch(indices: [3, 8, 0, 5, 1], views: [noise([5, 6, 6, 3], seed: 1)])
  private let middle = Moment(batch: 1, batchesPerEpoch: 2)
  /// Nine images of four classes, the last of which has none.
  private let labels = [0, 1, 1, 0, 2, 1, 0, 0, 0]

  private func method(tau: Double = 1) throws -> FineTuning {
    try FineTuning(labels: labels, classes: 4, tau: tau, features: 4, seed: 3)
  }

  private func model() throws -> ContrastiveModel {
    let model = try ContrastiveModel(tiny, seed: 5)
    for (index, parameter) in model.parameters.enumerated() where parameter.value.shape.rank == 1 {
      try parameter.value.accumulate(noise(parameter.value.shape, seed: UInt64(index + 20)), factor: 0.3)
    }
    return model
  }

  @Test func theAdjustmentIsTheLogarithmOfTheShares() throws {
    let adjustment = try method(tau: 2).adjustment
    for (got, share) in zip(adjustment, [5.0 / 9, 3.0 / 9, 1.0 / 9, 0]) {
      #expect(abs(Double(got) - 2 * log(share + 1e-12)) < 1e-5)
    }
    #expect(try method(tau: 0).adjustment == [0, 0, 0, 0])
  }

  @Test(arguments: [0, 1, 2.5]) func finiteDifferencesThroughTheWholeStep(tau: Double) throws {
    let (model, method) = (try model(), try method(tau: tau))
    _ = try method.accumulateGradients(model, batch, at: middle, pass: .descent)
    let learnt = model.backbone.parameters + method.parameters
    #expect(learnt.allSatisfy { $0.gradient != nil } && model.projector!.parameters.allSatisfy { $0.gradient == nil })
    let error = try slopeError(learnt) {
      try method.accumulateGradients(model, batch, at: middle, pass: .descent).total
    }
    #expect(error < 0.02)
  }

  /// By hand in double: −log of the softmax of f + tau log pi, and of equal shares the plain cross-entropy.
  @Test func theLossByHand() throws {
    let (model, method) = (try model(), try method(tau: 1.5))
    let loss = try method.accumulateGradients(model, batch, at: middle, pass: .descent).total
    let h = try model.backbone(Variable(batch.views[0]), .training(nil, moves: 0)).value
    let scores = try method.scores(h).values.map(Double.init)
    var expected = 0.0
    for (row, index) in batch.indices.enumerated() {
      let adjusted = (0..<4).map { scores[row * 4 + $0] + Double(method.adjustment[$0]) }
      expected += (log(adjusted.reduce(0) { $0 + exp($1) }) - adjusted[labels[index]]) / 5
    }
    #expect(abs(loss - expected) < 1e-5)
    let even = try FineTuning(labels: [0, 1, 2, 3, 0, 1, 2, 3, 3, 2, 1, 0], classes: 4, tau: 1, features: 4, seed: 3)
    let plain = try FineTuning(labels: [0, 1, 2, 3, 0, 1, 2, 3, 3, 2, 1, 0], classes: 4, tau: 0, features: 4, seed: 3)
    let (a, b) = (
      try even.accumulateGradients(model, batch, at: middle, pass: .descent).total,
      try plain.accumulateGradients(model, batch, at: middle, pass: .descent).total)
    #expect(abs(a - b) < 1e-6)
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(throws: TrainingError.self) { try FineTuning(labels: [0, 4], classes: 4, tau: 1, features: 4, seed: 3) }
    #expect(throws: TrainingError.self) { try FineTuning(labels: [], classes: 4, tau: 1, features: 4, seed: 3) }
    #expect(throws: TrainingError.self) { try FineTuning(labels: [0], classes: 4, tau: -1, features: 4, seed: 3) }
    #expect(throws: TrainingError.self) { try FineTuning(labels: [0], classes: 4, tau: .nan, features: 4, seed: 3) }
    let method = try method()
    #expect(throws: ModelError.self) { try method.load(state: [:]) }
  }
}
