import Experiment
import RecipeLanguage
import TestSupport
import Testing
import Training

@Suite struct ScheduleConversionTests {
  private func conversion(epochs: Int, stepsPerEpoch: Int = 7) -> ScheduleConversion {
    ScheduleConversion(
      context: ScheduleContext(stepsPerEpoch: stepsPerEpoch, imagesPerStep: 10, length: .epochs(epochs)))
  }

  private func segment(_ shape: ScheduleValue.Shape, _ end: ScheduleValue.End = .open) -> ScheduleValue.Segment {
    ScheduleValue.Segment(shape, end: end)
  }

  /// The rates of the recipe `ramp(0 -> 0.5, over: 10ep) then cosine(…, until: 500ep) then cosine(…)`.
  @Test func theRecipesTwoStageRateIsThePublishedOne() throws {
    let golden = try GoldenCase("lr_schedule_00")
    let schedule = try conversion(epochs: 1000).convert(
      ScheduleValue(segments: [
        segment(.ramp(Transition(from: 0, to: 0.5)), .over(.epochs(10))),
        segment(.cosine(Transition(from: 0.5, to: 0.3)), .until(.epochs(500))),
        segment(.cosine(Transition(from: 0.3, to: 1e-6))),
      ]))
    let rates = (0..<1000).map { schedule.value(at: Double($0 + 1)) }
    #expect(golden.excess("lr", rates) <= 1)
  }

  @Test func aConstantNeverEnds() throws {
    let schedule = try conversion(epochs: 3).convert(ScheduleValue(constant: 0.25))
    #expect(schedule.value(at: 0) == 0.25)
    #expect(schedule.value(at: 1e6) == 0.25)
  }

  @Test func stepsAndImagesArePlacedInEpochs() throws {
    let schedule = try conversion(epochs: 4).convert(
      ScheduleValue(segments: [
        segment(.hold(1), .over(.steps(7))), segment(.hold(2), .over(.images(70))), segment(.hold(3)),
      ]))
    #expect([0.5, 1, 1.9, 2, 3.9].map { schedule.value(at: $0) } == [1, 2, 2, 3, 3])
  }

  @Test func stairsFallAtTheirMilestones() throws {
    let schedule = try conversion(epochs: 10).convert(
      ScheduleValue(segments: [
        segment(.hold(8), .over(.epochs(2))),
        segment(.stairs(start: 1, factor: 0.1, milestones: [.epochs(3), .epochs(5), .epochs(20)])),
      ]))
    let values = [1.9, 2, 4.9, 5, 6.9, 7, 10].map { schedule.value(at: $0) }
    for (value, expected) in zip(values, [8, 1, 1, 0.1, 0.1, 0.01, 0.01]) { #expect(abs(value - expected) < 1e-12) }
  }

  @Test func aCycleRepeats() throws {
    let saw = ScheduleValue(segments: [segment(.ramp(Transition(from: 0, to: 1)), .over(.epochs(2)))])
    let schedule = try conversion(epochs: 10).convert(ScheduleValue(segments: [segment(.cycle(saw, times: nil))]))
    for (time, expected) in [(0.5, 0.25), (1.5, 0.75), (4.5, 0.25), (7.5, 0.75)] {
      #expect(abs(schedule.value(at: time) - expected) < 1e-12)
    }
  }

  @Test func aWeightCountsFromTheStartOfItsTerm() throws {
    let ramp = ScheduleValue(segments: [
      segment(.ramp(Transition(from: 0, to: 1)), .over(.epochs(10))), segment(.hold(1)),
    ])
    let schedule = try conversion(epochs: 500).convert(ramp, startingAt: 500)
    // The published weight of epoch e (from 0) is (e + 1 − 500)/10; the trainer reads the epoch's end.
    for (epoch, expected) in [(499, 0.0), (500, 0.1), (504, 0.5), (509, 1), (999, 1)] {
      #expect(abs(schedule.value(at: Double(epoch + 1)) - expected) < 1e-12)
    }
  }

  @Test(arguments: [500, 10]) func theLastValueOfAWeightLasts(epochs: Int) throws {
    let ramp = ScheduleValue(segments: [segment(.ramp(Transition(from: 0, to: 1)), .over(.epochs(10)))])
    let schedule = try conversion(epochs: epochs).convert(ramp, startingAt: 5, lasting: true)
    #expect([5, 6, 15, 15 + 400].map { schedule.value(at: Double($0)) } == [0, 0.1, 1, 1])
  }

  @Test func aGapIsReported() {
    #expect(throws: ScheduleProblems.self) {
      try conversion(epochs: 20).convert(
        ScheduleValue(segments: [segment(.ramp(Transition(from: 0, to: 1)), .over(.epochs(10)))]))
    }
  }

  @Test func theClockCountsBatchesAsTheLoaderDoes() throws {
    let clock = try #require(TrainingClock(images: 1001, batch: 100, dropsLast: false))
    #expect(clock.stepsPerEpoch == 10)
    #expect(TrainingClock(images: 1002, batch: 100, dropsLast: false)?.stepsPerEpoch == 11)
    #expect(TrainingClock(images: 1002, batch: 100, dropsLast: true)?.stepsPerEpoch == 10)
    #expect(TrainingClock(images: 99, batch: 100, dropsLast: true) == nil)
    #expect(TrainingClock(images: 1, batch: 100, dropsLast: false) == nil)
    #expect(clock.wholeEpochs(.steps(30)) == 3)
    #expect(clock.wholeEpochs(.steps(31)) == nil)
    #expect(clock.wholeEpochs(.images(2002)) == 2)
    #expect(clock.wholeEpochs(.epochs(5)) == 5)
  }
}
