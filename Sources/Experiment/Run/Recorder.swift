import Foundation
import Training

/// Turns the events of a training into lines of `metrics.jsonl` and a progress line.
final class Recorder {
  private let plan: ArmPlan
  private let label: String
  private let log: MetricsLog
  private let progress: ProgressLine
  private let method: PairMethod
  private var waited = 0.0
  private var elapsed = 0.0
  private var lastPrior: [Double]?
  /// Seconds of training so far; known when it has ended.
  private(set) var trained = 0.0

  init(plan: ArmPlan, label: String, log: MetricsLog, progress: ProgressLine, method: PairMethod) {
    self.plan = plan
    self.label = label
    self.log = log
    self.progress = progress
    self.method = method
    lastPrior = method.prior
  }

  func observe(_ event: TrainingEvent) throws {
    switch event {
    case .started(let start): said(start)
    case .step(let report, let pace): try took(report, pace)
    case .epoch(let report, let time): try finished(report, time)
    case .saved: try log.sync()
    case .ended(_, let moment, let time): ended(moment, time)
    }
  }

  private func said(_ start: TrainingEvent.Start) {
    let place = start.resumed ? ", going on from step \(start.moment.step)" : ""
    progress.say(
      "\(label)  \(start.samples) images, \(plan.steps) steps, \(start.parameters) parameters\(place)")
  }

  private func took(_ report: StepReport, _ pace: TrainingEvent.Progress) throws {
    let step = report.moment.step + 1
    var line: JSONValue = .object([
      "kind": .string("step"), "step": .int(step), "epoch": .number(report.moment.stepEnd),
      "loss": .number(report.loss.total), "rate": .number(report.learningRate),
    ])
    for part in report.loss.parts {
      line = line.adding([part.name: .number(part.value)])
      for (name, value) in part.details.sorted(by: { $0.key < $1.key }) {
        line = line.adding(["\(part.name)_\(name)": .number(value)])
      }
    }
    line = line.adding(["images_per_second": .number(pace.imagesPerSecond), "waited": .number(pace.waited)])
    try log.append(line)
    waited += pace.waited
    elapsed = pace.elapsed
    progress.show(
      ProgressReport(
        arm: label, step: step, steps: pace.totalSteps, epoch: report.moment.stepEnd, epochs: Double(plan.epochs),
        loss: report.loss.total, rate: report.learningRate, imagesPerSecond: pace.imagesPerSecond,
        secondsLeft: pace.secondsLeft, waiting: elapsed > 0 ? waited / elapsed : 0))
  }

  private func finished(_ report: TrainingEvent.EpochReport, _ time: TrainingEvent.TimeUse) throws {
    var line: JSONValue = .object([
      "kind": .string("epoch"), "step": .int(report.step), "epoch": .int(report.epoch), "loss": .number(report.loss),
      "rate": .number(report.learningRate),
    ])
    for (name, value) in report.parts.sorted(by: { $0.key < $1.key }) { line = line.adding([name: .number(value)]) }
    // Those of the next epoch: they have just been made.
    if let weights = method.sampleWeights {
      line = line.adding([
        "sample_weight_mean": .number(weights.reduce(0) { $0 + Double($1) } / Double(weights.count)),
        "sample_weight_max": .number(Double(weights.max() ?? 0)),
      ])
    }
    line = line.adding(["data_wait": .number(time.dataWait), "data_wait_share": .number(time.dataWaitShare)])
    try log.append(line)
    guard let prior = method.prior, prior != lastPrior else { return }
    lastPrior = prior
    try log.append(
      .object([
        "kind": .string("prior"), "step": .int(report.step), "epoch": .int(report.epoch), "shares": .numbers(prior),
      ]))
  }

  private func ended(_ moment: Moment, _ time: TrainingEvent.TimeUse) {
    trained = time.total
    guard time.total > 0 else { return }
    let share = String(format: "%.1f", time.dataWaitShare * 100)
    progress.say(
      "\(label)  trained to step \(moment.step) in \(ProgressReport.clock(time.total)), waiting for data \(share) % "
        + "of the time")
  }

  /// A probe's line.
  static func record(_ scores: ArmResult.Scores, _ moment: Moment) -> JSONValue {
    let line: JSONValue = .object([
      "kind": .string("probe"), "step": .int(moment.step), "epoch": .int(moment.epoch), "top1": .number(scores.top1),
      "many": .number(scores.many), "medium": .number(scores.medium), "few": .number(scores.few),
      "std": .number(scores.std), "average": .number(scores.average),
    ])
    return line.adding(scores.extras)
  }
}
