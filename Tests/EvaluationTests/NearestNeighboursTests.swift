import Evaluation
import Kernels
import Testing

@Suite struct NearestNeighboursTests {
  @Test func theNearestOfItselfIsItself() throws {
    let features = SyntheticFeatures.clouds(classes: 6, perClass: 9, dimension: 5)
    let result = try NearestNeighbours.classify(
      features, training: features, classes: 6, options: .init(neighbours: 1))
    #expect(result.top1 == 1)
  }

  @Test func lengthsDoNotCount() throws {
    let training = try Features(
      SyntheticFeatures.matrix([[100, 0], [90, 5], [0, 0.01], [0.001, 0.01]]), labels: [0, 0, 1, 1])
    let test = try Features(SyntheticFeatures.matrix([[0.1, 0.01], [1, 50]]), labels: [0, 1])
    let result = try NearestNeighbours.classify(test, training: training, classes: 2, options: .init(neighbours: 2))
    #expect(result.predictions == [0, 1])
  }

  @Test func weightsLetOneNearOutvoteTwoFar() throws {
    let training = try Features(SyntheticFeatures.matrix([[1, 0], [0, 1], [0, 1]]), labels: [0, 1, 1])
    let test = try Features(SyntheticFeatures.matrix([[1, 0.2]]), labels: [0])
    func predicted(_ temperature: Double?) throws -> Int {
      try NearestNeighbours.classify(
        test, training: training, classes: 2, options: .init(neighbours: 3, temperature: temperature)
      ).predictions[0]
    }
    #expect(try predicted(0.07) == 0)
    #expect(try predicted(nil) == 1)
  }

  @Test func equalVotesGoToTheSmallerClass() throws {
    let training = try Features(SyntheticFeatures.matrix([[1, 1], [1, 1]]), labels: [2, 1])
    let test = try Features(SyntheticFeatures.matrix([[1, 0]]), labels: [0])
    let result = try NearestNeighbours.classify(test, training: training, classes: 3, options: .init(neighbours: 9))
    #expect(result.predictions == [1] && result.top1 == 0)
  }

  @Test func refusesBadInput() throws {
    let features = SyntheticFeatures.clouds(classes: 2, perClass: 2, dimension: 3)
    #expect { try NearestNeighbours.classify(features, training: features, classes: 2, options: .init(neighbours: 0)) }
      throws: { "\($0)" == "nearest neighbours: neighbours is 0, expected at least 1" }
    #expect(throws: EvaluationError.self) {
      try NearestNeighbours.classify(features, training: features, classes: 2, options: .init(temperature: 0))
    }
    let other = SyntheticFeatures.clouds(classes: 2, perClass: 2, dimension: 4)
    #expect { try NearestNeighbours.classify(features, training: other, classes: 2) } throws: {
      "\($0)".contains("test features of dimension 3, training features of 4")
    }
  }
}
