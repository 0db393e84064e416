import Evaluation
import Kernels
import Testing

@Suite struct ClassSharesTests {
  @Test func fourRowsByHand() throws {
    // Means: (1, 0) of class 0; (0, 1) of class 1, whose rows are (1, 2) and (−1, 2); class 2 has no row. The row (3, 2)
    // of class 0 with (3, −2) keeps its mean at (1, 0).
    let features = try Features(
      SyntheticFeatures.matrix([[3, 2], [3, -2], [1, 2], [-1, 2]]), labels: [0, 0, 1, 1])
    #expect(try ClassShares(features, classes: 3).shares == [0.5, 0.5, 0])
  }

  @Test func aClassBetweenOthersLosesRoom() throws {
    // Class 1 is spread round the circle, with its mean at (0, 1); two of its three rows lie nearer to another mean.
    let features = try Features(
      SyntheticFeatures.matrix([[5, 0], [5, 0], [5, 0], [9, 1], [-9, 1], [0, 1], [-2, 0], [-2, 0], [-2, 0]]),
      labels: [0, 0, 0, 1, 1, 1, 2, 2, 2])
    #expect(try ClassShares(features, classes: 3).shares == [4, 1, 4].map { $0 / 9.0 })
  }

  @Test(arguments: [2, 7, 13]) func distantCloudsShareEvenly(_ classes: Int) throws {
    let features = SyntheticFeatures.clouds(classes: classes, perClass: 5, dimension: 31, distance: 40)
    #expect(try ClassShares(features, classes: classes).shares == .init(repeating: 1 / Double(classes), count: classes))
  }

  @Test func refusesBadInput() throws {
    let rows = SyntheticFeatures.matrix([[1, 0], [0, 1]])
    #expect(throws: EvaluationError.self) { try ClassShares(Features(rows), classes: 2) }
    #expect(throws: EvaluationError.self) { try ClassShares(Features(rows, labels: [0, 2]), classes: 2) }
  }
}

@Suite struct ShotsTests {
  private let features = SyntheticFeatures.clouds(classes: 5, perClass: 11, dimension: 3)

  @Test(arguments: [1, 4, 11]) func asManyOfEachClass(_ shots: Int) throws {
    let drawn = try features.balanced(shots: shots, classes: 5, seed: 3)
    for label in 0..<5 { #expect(drawn.labels.count { $0 == label } == shots) }
    #expect(drawn.values.shape == [5 * shots, 3])
  }

  @Test func allShotsAreAllRowsInOrder() throws {
    let drawn = try features.balanced(shots: 11, classes: 5, seed: 3)
    #expect(drawn.values.values == features.values.values && drawn.labels == features.labels)
  }

  @Test func theSeedChoosesAndDrawsAreNested() throws {
    func rows(_ shots: Int, _ seed: UInt64) throws -> Set<[Float]> {
      let drawn = try features.balanced(shots: shots, classes: 5, seed: seed).values
      return Set((0..<drawn.shape[0]).map { Array(drawn.values[3 * $0..<3 * $0 + 3]) })
    }
    #expect(try rows(4, 1) == rows(4, 1))
    #expect(try rows(4, 1) != rows(4, 2))
    #expect(try rows(4, 1).isSubset(of: rows(7, 1)))
  }

  @Test func aClassWithFewerIsNamed() throws {
    let error = #expect(throws: EvaluationError.self) { try features.balanced(shots: 12, classes: 5, seed: 0) }
    #expect(error?.description == "few-shot probe: class 0 has 11 samples, 12 of each are asked for")
    #expect(throws: EvaluationError.self) { try features.balanced(shots: 1, classes: 6, seed: 0) }
    #expect(throws: EvaluationError.self) { try features.balanced(shots: 0, classes: 5, seed: 0) }
  }
}
