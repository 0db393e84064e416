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
    let floored = try ClassPrior(floor: .samples(2)).estimate(x).doubles
    #expect(relativeError(floored, [6, 2, 5, 3, 2].map { $0 / 18 }) < 1e-6)
    #expect(ClassPrior.emptyVertices(try ClassPrior().estimate(x)) == 2)
    #expect(ClassPrior.emptyVertices(try ClassPrior(floor: .samples(1e-3)).estimate(x)) == 0)
    // among equals the first
    #expect(try ClassPrior().estimate(Tensor(zeros: [4, 3])).values == [1, 0, 0])
  }

  /// The authors' ImageNet form, (count + floor) / (N + floor K), and the same relative to N.
  @Test func aFloorIsASharePerVertex() throws {
    let x = scores([Int](repeating: 0, count: 30) + [1, 1], classes: 4)
    let absolute = try ClassPrior(floor: .samples(100)).estimate(x).doubles
    #expect(relativeError(absolute, [130, 102, 100, 100].map { $0 / (32 + 400) }) < 1e-6)
    let relative = try ClassPrior(floor: .share(0.25)).estimate(x).doubles
    #expect(relativeError(relative, [38, 10, 8, 8].map { $0 / 64 }) < 1e-6)
    // However many samples there are.
    let twice = scores([Int](repeating: 0, count: 60) + [1, 1, 1, 1], classes: 4)
    #expect(relativeError(try ClassPrior(floor: .share(0.25)).estimate(twice).doubles, relative) < 1e-6)
  }

  @Test func softSharesLieBetweenTheHistogramAndEqualShares() throws {
    let x = Tensor.sample([500, 5], seed: 3)
    func soft(_ temperature: Float) throws -> [Double] { try ClassPrior(.soft(temperature: temperature)).estimate(x).doubles }
    #expect(relativeError(try soft(1e-4), try ClassPrior().estimate(x).doubles) < 1e-3)
    #expect(try soft(1e4).allSatisfy { abs($0 - 0.2) < 1e-4 })
    // By hand: two samples, two vertices.
    let two = try ClassPrior(.soft(temperature: 0.5)).estimate(Tensor([1, 0, 0, 0], shape: [2, 2])).doubles
    #expect(abs(two[0] - (1 / (1 + exp(-2.0)) + 0.5) / 2) < 1e-6 && abs(two[0] + two[1] - 1) < 1e-6)
    // A vertex that never wins has a share all the same.
    let loser = scores([0, 1, 0, 1, 1], classes: 3)
    #expect(try ClassPrior().estimate(loser)[flat: 2] == 0)
    #expect(try ClassPrior(.soft(temperature: 0.5)).estimate(loser)[flat: 2] > 0.1)
  }

  /// Why column means of Sinkhorn's assignment are no estimate: they are the prior that was put in, whatever the scores.
  @Test func columnMeansOfTheAssignmentSayNothingNew() throws {
    let x = normalizeRows(Tensor.sample([64, 4], seed: 2)).rows
    for prior in [[0.25, 0.25, 0.25, 0.25], [0.7, 0.1, 0.1, 0.1]] as [[Float]] {
      let assignment = try Sinkhorn(.init(lambda: 0.05))(x, prior: Tensor(prior, shape: [4])).assignment
      let means = columnSums(assignment).doubles.map { $0 / 64 }
      #expect(zip(means, prior).allSatisfy { abs($0 - Double($1)) < 1e-4 })
    }
  }

  @Test func knownSharesGoByTheRankOfTheVertices() throws {
    let x = scores([2, 2, 2, 0, 0, 1], classes: 4)
    let prior = try ClassPrior(.ranked([5, 20, 60, 15])).estimate(x).doubles
    #expect(relativeError(prior, [0.2, 0.15, 0.6, 0.05]) < 1e-6)
    #expect(throws: ObjectiveError("class prior", "3 known shares for 4 vertices")) {
      try ClassPrior(.ranked([1, 2, 3])).estimate(x)
    }
    for shares in [[], [0, 0], [1, -1], [.nan, 1]] as [[Double]] {
      #expect(throws: ObjectiveError.self) { try ClassPrior(.ranked(shares)) }
    }
    for temperature in [0, -1, .nan, .infinity] as [Float] {
      #expect(throws: ObjectiveError.self) { try ClassPrior(.soft(temperature: temperature)) }
    }
  }

  @Test func entropyIsThatOfTheShares() {
    #expect(abs(ClassPrior.entropy(Tensor(repeating: 1, shape: [100])) - log(100)) < 1e-6)
    #expect(ClassPrior.entropy(Tensor([0, 3, 0], shape: [3])) == 0)
    #expect(abs(ClassPrior.entropy(Tensor([1, 1, 0, 2], shape: [4])) - 1.5 * log(2)) < 1e-6)
  }

  @Test func onlyVisitedSamplesCount() throws {
    var running = MomentumRows(samples: 10, width: 3)
    #expect(try ClassPrior().estimate(running) == nil)
    try running.update(scores([1, 1, 2], classes: 3), samples: [4, 9, 0], momentum: 0.9)
    #expect(running.visitedCount == 3)
    let prior = try #require(try ClassPrior().estimate(running))
    #expect(relativeError(prior.doubles, [0, 2.0 / 3, 1.0 / 3]) < 1e-6)
  }

  /// Assigned at the first visit, then a running mean (METHOD.md 8.5).
  @Test func momentumScores() throws {
    var running = MomentumRows(samples: 3, width: 2)
    try running.update(Tensor([1, 2, 3, 4], shape: [2, 2]), samples: [2, 0], momentum: 0.9)
    #expect(running.rows.values == [3, 4, 0, 0, 1, 2])
    try running.update(Tensor([11, 12], shape: [1, 2]), samples: [2], momentum: 0.75)
    #expect(running.rows.values == [3, 4, 0, 0, 3.5, 4.5])
    #expect(running.visited.values == [1, 0, 1] && running.visitedCount == 2)
    // 1 keeps, 0 replaces
    try running.update(Tensor([7, 7], shape: [1, 2]), samples: [0], momentum: 1)
    #expect(running.rows.values[0..<2] == [3, 4])
    try running.update(Tensor([7, 7], shape: [1, 2]), samples: [0], momentum: 0)
    #expect(running.rows.values[0..<2] == [7, 7])
    // an empty batch is a batch
    try running.update(Tensor(zeros: [0, 2]), samples: [], momentum: 0.5)
    #expect(running.rows.values[0..<2] == [7, 7])
  }

  @Test func refusesBadInput() throws {
    #expect(throws: ObjectiveError("class prior", "floor -1.0, expected 0 or more")) { try ClassPrior(floor: .samples(-1)) }
    #expect(throws: ObjectiveError.self) { try ClassPrior(floor: .samples(.nan)) }
    #expect(throws: KernelError.self) { try ClassPrior().estimate(Tensor([.nan, 0], shape: [1, 2])) }
    var running = MomentumRows(samples: 3, width: 2)
    let batch = Tensor([1, 2], shape: [1, 2])
    #expect(throws: ObjectiveError("momentum rows", "sample 3 is outside 0..<3")) {
      try running.update(batch, samples: [3], momentum: 0.9)
    }
    #expect(throws: ObjectiveError("momentum rows", "momentum 1.5, expected 0...1")) {
      try running.update(batch, samples: [0], momentum: 1.5)
    }
    #expect(throws: ObjectiveError.self) { try running.update(batch, samples: [0, 1], momentum: 0.9) }
    #expect(running.visitedCount == 0 && running.rows == Tensor(zeros: [3, 2]))
    #expect(throws: ObjectiveError.self) {
      try MomentumRows(rows: Tensor(zeros: [3, 2]), visited: Tensor(zeros: [2]))
    }
    #expect(throws: ObjectiveError.self) {
      try MomentumRows(rows: Tensor(zeros: [2, 2]), visited: Tensor([1, 0.5], shape: [2]))
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
    #expect(try losses.weights().values == [0, 0, 0])
    try losses.update(Tensor([4, 8], shape: [2]), samples: [2, 0])
    // a sample not seen yet has no weight, and no part in the others'
    #expect(try losses.weights().values == [1, 0, 0])
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
