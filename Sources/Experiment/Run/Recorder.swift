import Foundation
import Training

/// Turns the events of a training into lines of `metrics.jsonl` and a progress line.
final class Recorder {
  private let plan: ArmPlan
  private let label: String
  private let log: MetricsLog
  private let progress: ProgressLine
  private let method: any TrainingMethod
  private let place: Place
  private var chance: ChanceWatch?
  private var waited = 0.0
  private var elapsed = 0.0
  private var lastPrior: [Double]?
  /// Seconds of training so far; known when it has ended.
  private(set) var trained = 0.0

  /// Where in the arm a stage stands; an arm of one stage is its own place.
  struct Place {
    var stage: String?
    /// Of the stages before.
    var steps = 0
    var epochs = 0
    /// Images that the stages after this one go through.
    var imagesLater = 0
  }

  init(
    plan: ArmPlan, label: String, log: MetricsLog, progress: ProgressLine, method: any TrainingMethod,
    place: Place = Place()
  ) {
    self.place = place
    self.plan = plan
    self.label = label
    self.log = log
    self.progress = progress
    self.method = method
    if method is PairMethod {
      chance = ChanceLoss(plan.method.contrast, batch: plan.clock.batch).map {
        ChanceWatch($0, stepsPerEpoch: plan.clock.stepsPerEpoch)
      }
    }
    lastPrior = prior
  }

  /// That of GH, in the first stage: vectors of experts are not those of the base model.
  private var prior: [Double]? {
    guard place.stage == nil || place.stage == "base" else { return nil }
    return (method as? PairMethod)?.prior
  }

  private var stage: KeyValuePairs<String, JSONValue> { place.stage.map { ["stage": .string($0)] } ?? [:] }

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
      "kind": .string("step"), "step": .int(place.steps + step),
      "epoch": .number(Double(place.epochs) + report.moment.stepEnd),
      "loss": .number(report.loss.total), "rate": .number(report.learningRate),
    ])
    for part in report.loss.parts {
      line = line.adding([part.name: .number(part.value)])
      for (name, value) in part.details.sorted(by: { $0.key < $1.key }) {
        line = line.adding(["\(part.name)_\(name)": .number(value)])
      }
    }
    line = line.adding(["images_per_second": .number(pace.imagesPerSecond), "waited": .number(pace.waited)]).adding(stage)
    try log.append(line)
    if let loss = report.loss.parts.first(where: { $0.name == "contrastive" })?.value,
      let warning = chance?.warning(after: loss)
    {
      progress.say("warning: \(label): \(warning)")
      try log.append(
        .object([
          "kind": .string("warning"), "step": .int(place.steps + step),
          "epoch": .number(Double(place.epochs) + report.moment.stepEnd), "text": .string(warning),
        ]))
    }
    waited += pace.waited
    elapsed = pace.elapsed
    let later = Double(place.imagesLater) / max(pace.imagesPerSecond, 1e-9)
    progress.show(
      ProgressReport(
        arm: label, step: step, steps: pace.totalSteps, epoch: report.moment.stepEnd, epochs: Double(plan.epochs),
        loss: report.loss.total, rate: report.learningRate, imagesPerSecond: pace.imagesPerSecond,
        secondsLeft: pace.secondsLeft + later, waiting: elapsed > 0 ? waited / elapsed : 0))
  }

  private func finished(_ report: TrainingEvent.EpochReport, _ time: TrainingEvent.TimeUse) throws {
    var line: JSONValue = .object([
      "kind": .string("epoch"), "step": .int(place.steps + report.step), "epoch": .int(place.epochs + report.epoch),
      "loss": .number(report.loss),
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
    line = line.adding(["data_wait": .number(time.dataWait), "data_wait_share": .number(time.dataWaitShare)]).adding(stage)
    try log.append(line)
    guard let prior, prior != lastPrior else { return }
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
