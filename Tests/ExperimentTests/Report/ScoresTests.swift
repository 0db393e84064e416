import Evaluation
import Experiment
import Testing

@Suite struct ScoresTests {
  @Test func scoresAreInPercent() throws {
    let probe = Classification(predictions: [0, 0, 1, 2, 2, 0], labels: [0, 0, 1, 1, 2, 2], classes: 3)
    let scores = try ArmResult.Scores(probe, classCounts: [100, 10, 1], neighbours: probe)
    #expect(scores.perClass == [100, 50, 50] && scores.many == 100 && scores.medium == 50 && scores.few == 50)
    #expect(abs(scores.average - 200.0 / 3) < 1e-9 && abs(scores.top1 - 400.0 / 6) < 1e-9)
    #expect(scores.neighbours == scores.top1 && abs(scores.std - 28.867513) < 1e-5)
    #expect(throws: EvaluationError.self) { try ArmResult.Scores(probe, classCounts: [1, 2]) }
  }
}
