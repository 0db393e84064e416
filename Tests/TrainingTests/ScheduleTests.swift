import Foundation
import TestSupport
import Testing
import Training

@Suite struct ScheduleTests {
  @Test(arguments: ["lr_schedule_00", "lr_schedule_01"])
  func publishedRates(_ name: String) throws {
    let golden = try GoldenCase(name)
    let epochs = golden.integer("epochs")!
    let schedule = try Schedule.published(
      rate: golden.number("lr")!, epochs: epochs, warmUp: golden.integer("warm_up")!,
      minimum: golden.number("lr_min")!, firstMinimum: golden.number("lr_min_stage1")!,
      secondMaximum: golden.number("lr_max_stage2")!)
    let rates = (0..<epochs).map {
      schedule.value(at: Moment(epoch: $0, batchesPerEpoch: 3), .everyEpoch)
    }
    #expect(golden.excess("lr", rates) <= 1)
  }

  @Test func aSpanOwnsItsStartAndNotItsEnd() throws {
    let schedule = try Schedule([
      .init(.hold(0.9), from: 0, to: 5), .init(.hold(0.999), from: 5, to: .infinity),
    ])
    #expect(schedule.value(at: 4.999) == 0.9)
    #expect(schedule.value(at: 5) == 0.999)
    #expect(schedule.value(at: -1) == 0.9)
    #expect(schedule.value(at: 1e9) == 0.999)
    #expect(schedule.end == .infinity)
  }

  @Test func afterTheEndTheLastValueHolds() throws {
    for curve in [
      Schedule.Curve.ramp(from: 1, to: 0.3), .cosine(from: 1, to: 0.3), .exponential(from: 1, to: 0.3),
    ] {
      let schedule = try Schedule([.init(curve, from: 0, to: 7)])
      #expect(schedule.value(at: 0) == 1)
      #expect(abs(schedule.value(at: 7) - 0.3) < 1e-15)
      #expect(schedule.value(at: 8) == schedule.value(at: 7))
    }
  }

  @Test func middlesOfCurves() throws {
    func middle(_ curve: Schedule.Curve) throws -> Double {
      try Schedule([.init(.hold(7), from: 0, to: 2), .init(curve, from: 2, to: 6)]).value(at: 4)
    }
    #expect(try middle(.ramp(from: 1, to: 2)) == 1.5)
    #expect(abs(try middle(.cosine(from: 1, to: 2)) - 1.5) < 1e-15)
    #expect(abs(try middle(.exponential(from: 1, to: 4)) - 2) < 1e-15)
    #expect(abs(try middle(.stairs(from: 1, factor: 0.1, every: 1)) - 0.01) < 1e-15)
    let saw = try Schedule([.init(.ramp(from: 0, to: 3), from: 0, to: 3)])
    #expect(try middle(.repeating(saw, every: 1.5)) == 0.5)
  }

  @Test(arguments: [
    ([], "needs at least one span"),
    ([.init(.hold(1), from: 1, to: 2)], "nothing covers the time before"),
    ([.init(.hold(1), from: 0, to: 2), .init(.hold(1), from: 3, to: 4)], "nothing covers the epochs from 2.0 to 3.0"),
    ([.init(.hold(1), from: 0, to: 3), .init(.hold(1), from: 2, to: 4)], "two spans cover the epochs from 2.0 to 3.0"),
    ([.init(.ramp(from: 0, to: 1), from: 0, to: .infinity)], "needs an end"),
    ([.init(.hold(1), from: 0, to: 0)], "no length"),
    ([.init(.exponential(from: 0, to: 1), from: 0, to: 1)], "above 0"),
    ([.init(.stairs(from: 1, factor: 0.1, every: 0), from: 0, to: 1)], "longer than 0"),
  ] as [([Schedule.Span], String)])
  func spansThatMakeNoScheduleAreRefused(_ spans: [Schedule.Span], _ expected: String) {
    let error = #expect(throws: ScheduleError.self) { try Schedule(spans) }
    #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
  }

  @Test func momentsOfAnEpoch() {
    let moment = Moment(epoch: 4, batch: 3, step: 19, batchesPerEpoch: 4)
    #expect(moment.epochStart == 4)
    #expect(moment.epochEnd == 5)
    #expect(moment.stepEnd == 5)
    #expect(Moment(epoch: 4, batch: 0, step: 16, batchesPerEpoch: 4).stepEnd == 4.25)
  }
}
