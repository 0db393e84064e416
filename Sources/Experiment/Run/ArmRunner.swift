import Foundation
import NeuralNet
import TensorFiles
import Training

/// Runs one arm: trains from the start or from the last checkpoint, measures, writes the arm's result.
struct ArmRunner {
  let plan: ArmPlan
  let folder: ArmFolder
  /// What the progress line calls the arm.
  let label: String
  let progress: ProgressLine
  let shouldStop: @Sendable () -> Bool

  /// What training came to.
  struct Trained {
    let model: ContrastiveModel
    /// The prior that GH used last; nil without GH.
    let prior: [Double]?
    let steps: Int
    /// Of all stages together: as the log counts them.
    let epochs: Int
    /// Steps of this process, and the seconds they took.
    let stepsHere: Int
    let seconds: Double
    let log: MetricsLog
  }

  func run() throws -> Outcome {
    let began = ContinuousClock.now
    let stages = plan.divide.map { StagedTraining(runner: self, divide: $0) }
    do {
      guard let trained = try stages?.run() ?? (stages == nil ? train() : nil) else { return .interrupted }
      try conclude(trained)
      let total = (ContinuousClock.now - began).seconds
      let cost = RunCost(
        steps: trained.stepsHere, training: trained.seconds, measuring: max(0, total - trained.seconds),
        peakBytes: ProcessMemory.peakBytes)
      try folder.write(cost)
      progress.say("\(label)  took \(cost.text)")
      return .finished
    } catch is Stopped {
      return .interrupted
    }
  }

  /// Asked to stop while measuring: the trained state is saved already.
  struct Stopped: Error {}

  /// Nil where it was asked to stop; then the state is saved.
  private func train() throws -> Trained? {
    let method = try PairMethod(plan)
    let trainer = try Trainer(
      model: try ContrastiveModel(plan.model, convolution: plan.convolution, seed: plan.seed), method: method,
      optimizer: plan.optimizer.make(), data: try plan.makeTrainingData(),
      settings: settings(plan, identity: plan.identity))
    if folder.hasCheckpoint { try resume(trainer) }
    let log = try openLog(at: trainer.moment)
    try measureWhatIsMissing(trainer, log)
    let first = trainer.moment.step
    let recorder = Recorder(plan: plan, label: label, log: log, progress: progress, method: method)
    let outcome = try Interruption.shared.during(.training) {
      try trainer.run(hooks: probes(log), observe: recorder.observe, shouldStop: shouldStop)
    }
    progress.end()
    guard outcome == .finished else { return nil }
    return Trained(
      model: trainer.model, prior: method.prior, steps: trainer.moment.step, epochs: plan.epochs,
      stepsHere: trainer.moment.step - first, seconds: recorder.trained, log: log)
  }

  /// The log with what the state knows.
  ///
  /// - Parameter steps: of the stages before.
  func openLog(at moment: Moment, after steps: Int = 0) throws -> MetricsLog {
    let log = try MetricsLog(
      folder.metrics, keepingUpTo: steps + moment.step,
      epochIsOpen: moment.batch > 0 && moment.batch == moment.batchesPerEpoch)
    let name = folder.metrics.lastPathComponent
    if log.damagedLines > 0 {
      progress.say(
        "\(label)  \(name): \(log.damagedLines) damaged line\(log.damagedLines == 1 ? " is" : "s are") left out")
    }
    let (there, known) = (log.lastStep ?? 0, steps + moment.step)
    if there < known { progress.say("\(label)  \(name) ends at step \(there), the state is of step \(known): curves have a gap") }
    return log
  }

  func resume(_ trainer: Trainer) throws {
    do {
      try trainer.resume(from: folder.lastCheckpoint)
    } catch let error as TensorFileError {
      throw DamagedCheckpoint(
        path: folder.lastCheckpoint.path(percentEncoded: false),
        detail: "\(error.detail); the checkpoint is damaged: delete it to train this recipe anew, or put a kept one in its "
          + "place")
    }
  }

  func settings(_ plan: ArmPlan, identity: String) -> Trainer.Settings {
    Trainer.Settings(
      epochs: plan.epochs, learningRate: plan.optimizer.rate, update: plan.optimizer.update, identity: identity,
      checkpoints: Trainer.Checkpoints(
        folder: folder.checkpoints, everyEpochs: nil, everySeconds: 60, keepEveryEpochs: plan.snapshots),
      notes: plan.images.notes)
  }

  /// Measurements on the way; the last one is made by ``conclude``.
  private func probes(_ log: MetricsLog) -> [Trainer.Hook] {
    guard let evaluation = plan.evaluation, let every = evaluation.every else { return [] }
    return [
      Trainer.Hook(everyEpochs: every) { model, moment in
        guard moment.epoch < plan.epochs else { return }
        // The state is saved; what is not measured now is when the run goes on.
        if shouldStop() { throw Stopped() }
        try Interruption.shared.during(.saved) { try measure(model, moment, evaluation.probes[0], log) }
      }
    ]
  }

  /// A run that ended here and has been lengthened since may owe a measurement on the way.
  private func measureWhatIsMissing(_ trainer: Trainer, _ log: MetricsLog) throws {
    let moment = trainer.moment
    guard let evaluation = plan.evaluation, let every = evaluation.every, moment.batch == 0, moment.epoch > 0,
      moment.epoch < plan.epochs, moment.epoch % every == 0,
      !MetricsLog.read(folder.metrics).contains(where: { $0.kind == "probe" && $0.epoch == moment.epoch })
    else { return }
    try measure(trainer.model, moment, evaluation.probes[0], log)
  }

  private func measure(
    _ model: ContrastiveModel, _ moment: Moment, _ probe: ProbePlan, _ log: MetricsLog
  ) throws {
    let scores = try Measurement(plan: plan, model: model, watch: watch).scores([probe])[0]
    try log.append(Recorder.record(scores, moment))
    progress.say(
      "\(label)  epoch \(moment.epoch)  average \(ScoreTable.percent(scores.average)) %  (many "
        + "\(ScoreTable.percent(scores.many)), medium \(ScoreTable.percent(scores.medium)), few "
        + "\(ScoreTable.percent(scores.few)))")
  }

  /// Final measurement, picture and result; the result's file is what says that the arm is done.
  private func conclude(_ trained: Trained) throws {
    if shouldStop() { throw Stopped() }
    let (model, steps, log) = (trained.model, trained.steps, trained.log)
    var result = ArmResult(
      name: plan.name, identity: plan.identity, epochs: plan.epochs, steps: steps, finalLoss: .nan,
      prior: trained.prior, classCounts: plan.images.classCounts, classNames: plan.images.classNames)
    try measure(model, into: &result)
    if let scores = result.scores {
      try log.append(
        Recorder.record(scores, Moment(epoch: trained.epochs, step: steps, batchesPerEpoch: plan.clock.stepsPerEpoch)))
    }
    try EmbeddingMap(plan: plan, model: model).write(to: folder.embedding)
    try log.sync()
    let last = MetricsLog.read(folder.metrics).last { $0.kind == "epoch" }
    result.finalLoss = last?.values["loss"] ?? .nan
    try folder.write(result)
  }

  /// All that the recipe measures, in the place of what the result says. Throws ``Stopped``.
  func measure(_ model: ContrastiveModel, into result: inout ArmResult) throws {
    (result.scores, result.others, result.circle) = (nil, [], nil)
    result.remarks = plan.remarks
    if let bins = plan.circle { result.circle = try CircleMeasurement(plan: plan, model: model, bins: bins).circle() }
    guard let evaluation = plan.evaluation else { return }
    var measurement = Measurement(plan: plan, model: model, watch: watch)
    measurement.work = .init(folder: folder, label: label, progress: progress, shouldStop: shouldStop)
    let all = try measurement.scores(evaluation.probes)
    result.scores = all[0]
    result.others = zip(evaluation.probes, all).dropFirst().map { ArmResult.Other(name: $0.name, scores: $1) }
  }

  /// Throws ``Stopped``.
  private func watch(_ done: Int, _ count: Int) throws {
    if shouldStop() { throw Stopped() }
    showMeasuring(done, count)
  }

  func showMeasuring(_ done: Int, _ count: Int) {
    progress.show("\(label)  measuring: \(done) of \(count) images")
  }
}
