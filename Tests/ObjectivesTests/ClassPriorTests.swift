import Foundation
import Kernels
import Objectives
import TestSupport
import Testing

@Suite struct ClassPriorTests {
  /// Scores whose row argmax is the class given.
  private func scores(_ winners: [Int], classes: Int) -> Tensor {
    var tensor = Tensor.sample([winners.count, classes], seed: 1, in: 0...0.5)
    for (i, winner) in winners.enumerated() { tensor[flat: i * classes + winner] = 1 }
    return tensor
  }

  @Test func isTheHistogramOfTheHighestScores() throws {
    let x = scores([0, 0, 0, 2, 2, 3, 0, 2], classes: 5)
    #expect(try ClassPrior().estimate(x).values == [0.5, 0, 0.375, 0.125, 0])
    let floored = try ClassPrior(floor: 2).estimate(x).doubles
    #expect(relativeError(floored, [6, 2, 5, 3, 2].map { $0 / 18 }) < 1e-6)
    #expect(ClassPrior.emptyVertices(try ClassPrior().estimate(x)) == 2)
    #expect(ClassPrior.emptyVertices(try ClassPrior(floor: 1e-3).estimate(x)) == 0)
    // among equals the first
    #expect(try ClassPrior().estimate(Tensor(zeros: [4, 3])).values == [1, 0, 0])
  }

  @Test func entropyIsThatOfTheShares() {
    #expect(abs(ClassPrior.entropy(Tensor(repeating: 1, shape: [100])) - log(100)) < 1e-6)
    #expect(ClassPrior.entropy(Tensor([0, 3, 0], shape: [3])) == 0)
    #expect(abs(ClassPrior.entropy(Tensor([1, 1, 0, 2], shape: [4])) - 1.5 * log(2)) < 1e-6)
  }

  @Test func onlyVisitedSamplesCount() throws {
    var running = MomentumScores(samples: 10, classes: 3)
    #expect(try ClassPrior().estimate(running) == nil)
    try running.update(scores([1, 1, 2], classes: 3), samples: [4, 9, 0], momentum: 0.9)
    #expect(running.visitedCount == 3)
    let prior = try #require(try ClassPrior().estimate(running))
    #expect(relativeError(prior.doubles, [0, 2.0 / 3, 1.0 / 3]) < 1e-6)
  }

  /// Assigned at the first visit, then a running mean (METHOD.md 8.5).
  @Test func momentumScores() throws {
    var running = MomentumScores(samples: 3, classes: 2)
    try running.update(Tensor([1, 2, 3, 4], shape: [2, 2]), samples: [2, 0], momentum: 0.9)
    #expect(running.scores.values == [3, 4, 0, 0, 1, 2])
    try running.update(Tensor([11, 12], shape: [1, 2]), samples: [2], momentum: 0.75)
    #expect(running.scores.values == [3, 4, 0, 0, 3.5, 4.5])
    #expect(running.visited.values == [1, 0, 1] && running.visitedCount == 2)
    // 1 keeps, 0 replaces
    try running.update(Tensor([7, 7], shape: [1, 2]), samples: [0], momentum: 1)
    #expect(running.scores.values[0..<2] == [3, 4])
    try running.update(Tensor([7, 7], shape: [1, 2]), samples: [0], momentum: 0)
    #expect(running.scores.values[0..<2] == [7, 7])
    // an empty batch is a batch
    try running.update(Tensor(zeros: [0, 2]), samples: [], momentum: 0.5)
    #expect(running.scores.values[0..<2] == [7, 7])
  }

  @Test func refusesBadInput() throws {
    #expect(throws: ObjectiveError("class prior", "floor -1.0, expected 0 or more")) { try ClassPrior(floor: -1) }
    #expect(throws: ObjectiveError.self) { try ClassPrior(floor: .nan) }
    #expect(throws: KernelError.self) { try ClassPrior().estimate(Tensor([.nan, 0], shape: [1, 2])) }
    var running = MomentumScores(samples: 3, classes: 2)
    let batch = Tensor([1, 2], shape: [1, 2])
    #expect(throws: ObjectiveError("momentum scores", "sample 3 is outside 0..<3")) {
      try running.update(batch, samples: [3], momentum: 0.9)
    }
    #expect(throws: ObjectiveError("momentum scores", "momentum 1.5, expected 0...1")) {
      try running.update(batch, samples: [0], momentum: 1.5)
    }
    #expect(throws: ObjectiveError.self) { try running.update(batch, samples: [0, 1], momentum: 0.9) }
    #expect(running.visitedCount == 0 && running.scores == Tensor(zeros: [3, 2]))
    #expect(throws: ObjectiveError.self) {
      try MomentumScores(scores: Tensor(zeros: [3, 2]), visited: Tensor(zeros: [2]))
    }
    #expect(throws: ObjectiveError.self) {
      try MomentumScores(scores: Tensor(zeros: [2, 2]), visited: Tensor([1, 0.5], shape: [2]))
    }
  }
}

@Suite struct MemorizationTests {
  @Test func weightsSpreadOverTheUnitInterval() throws {
    let weights = try memorizationWeights(Tensor([1, 2, 3, 10], shape: [4])).doubles
    #expect(relativeError(weights, [-3, -2, -1, 6].map { 0.5 + $0 / 12 }) < 1e-6)
    #expect(try memorizationWeights(Tensor(repeating: 4, shape: [3])).values == [0.5, 0.5, 0.5])
    #expect(throws: ObjectiveError.self) { try memorizationWeights(Tensor(zeros: [0])) }
    #expect(throws: ObjectiveError("memorization weights", "the loss of sample 1 is inf")) {
      try memorizationWeights(Tensor([0, .infinity], shape: [2]))
    }
  }

  @Test func momentumLosses() throws {
    var losses = MomentumLosses(samples: 3)
    try losses.update(Tensor([4, 8], shape: [2]), samples: [2, 0])
    // nothing is weighted before every sample has been seen
    #expect(try losses.weights().values == [0, 0, 0])
    try losses.update(Tensor([2, 6], shape: [2]), samples: [1, 0], momentum: 0.5)
    #expect(losses.losses.values == [7, 2, 4])
    #expect(try losses.weights() == memorizationWeights(Tensor([7, 2, 4], shape: [3])))
    let restored = try MomentumLosses(losses: losses.losses, visited: losses.visited)
    #expect(try restored.weights() == losses.weights())
    #expect(throws: ObjectiveError.self) { try losses.update(Tensor([1], shape: [1]), samples: [3]) }
    #expect(throws: ObjectiveError.self) { try losses.update(Tensor([1], shape: [1]), samples: [0, 1]) }
    #expect(losses.losses.values == [7, 2, 4])
  }
}

@Suite struct MagnitudeMaskTests {
  @Test func keepsTheLargestOfAllTogether() throws {
    let weights = [Tensor([1, -5, 2], shape: [3]), Tensor([0, 4, -3, 6], shape: [2, 2])]
    func kept(_ fraction: Double) throws -> [[Float]] { try magnitudeMasks(weights, fraction: fraction).map(\.values) }
    #expect(try kept(0) == [[1, 1, 1], [1, 1, 1, 1]])
    // ⌈0.5·7⌉ = 4: the fourth from 0 of 0 1 2 3 4 5 6 is 4
    #expect(try kept(0.5) == [[0, 1, 0], [0, 1, 0, 1]])
    // ⌈0.99·7⌉ is 7: one is left all the same
    #expect(try kept(0.99) == [[0, 0, 0], [0, 0, 0, 1]])
    #expect(try magnitudeMasks(weights, fraction: 0.5)[1].shape == [2, 2])
    for fraction in [-0.1, 1, .nan] {
      #expect(throws: ObjectiveError.self) { try magnitudeMasks(weights, fraction: fraction) }
    }
    #expect(throws: ObjectiveError.self) { try magnitudeMasks([], fraction: 0.5) }
  }
}
