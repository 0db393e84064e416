import Foundation
import Kernels
import NeuralNet

/// The loop: batches → steps → epochs, with checkpoints, hooks and observers between.
///
/// The state at any batch is a function of settings, data and seed alone, not of where training was
/// stopped and resumed: after ``resume(from:)`` every number that follows is the same, bit for bit.
public final class Trainer {
  public let model: ContrastiveModel
  public let method: any TrainingMethod
  public let optimizer: any Optimizer
  public let data: any TrainingData
  public let settings: Settings
  public private(set) var moment: Moment
  private var sums = EpochSums()
  private var resumed = false

  /// Throws ``TrainingError`` for settings that make no training.
  public init(
    model: ContrastiveModel, method: any TrainingMethod, optimizer: any Optimizer, data: any TrainingData,
    settings: Settings
  ) throws {
    func check(_ field: String, _ condition: Bool, _ detail: String) throws {
      if !condition { throw TrainingError.settings(field: field, detail: detail) }
    }
    try check("epochs", settings.epochs > 0, "\(settings.epochs), must be at least 1")
    try check("data", data.batchesPerEpoch > 0, "\(data.sampleCount) samples make no batch; lower the batch size")
    try check(
      "learningRate", settings.learningRate.end >= Double(settings.epochs),
      "the schedule ends at epoch \(settings.learningRate.end), the training at \(settings.epochs)")
    let checkpoints = settings.checkpoints
    for (field, every) in [
      ("everyEpochs", checkpoints.everyEpochs), ("everySteps", checkpoints.everySteps),
      ("keepEveryEpochs", checkpoints.keepEveryEpochs),
    ] {
      try check("checkpoints.\(field)", every.map { $0 > 0 } ?? true, "\(every ?? 0), must be at least 1")
    }
    var names: Set<String> = []
    for parameter in method.learnt(with: model) {
      // Optimisers keep what they remember by name.
      try check("method", names.insert(parameter.name).inserted, "two parameters are called \(parameter.name)")
    }
    self.model = model
    self.method = method
    self.optimizer = optimizer
    self.data = data
    self.settings = settings
    moment = Moment(batchesPerEpoch: data.batchesPerEpoch)
  }

  /// Trains to the end, or until `shouldStop` says so between two steps; then the state is saved.
  ///
  /// Throws ``TrainingError/notFinite(step:epoch:what:dump:)`` (the state is dumped beside the checkpoints, the
  /// latest checkpoint stays), and whatever data, files and hooks throw; a checkpoint written before stays good.
  public func run(
    hooks: [Hook] = [], observe: (TrainingEvent) throws -> Void = { _ in }, shouldStop: () -> Bool = { false }
  ) throws -> Outcome {
    let clock = ContinuousClock()
    let began = clock.now
    var saved = began
    var pace = PaceMeter()
    var time = TimeMeter()
    try observe(
      .started(
        TrainingEvent.Start(
          moment: moment, resumed: resumed, epochs: settings.epochs, samples: data.sampleCount,
          parameters: method.learnt(with: model).reduce(0) { $0 + $1.value.count })))

    func save(_ url: URL?) throws {
      guard let url else { return }
      try checkpoint().write(to: url)
      saved = clock.now
      try observe(.saved(url, moment))
    }
    func end(_ outcome: Outcome) throws -> Outcome {
      time.pause()
      try observe(.ended(outcome, moment, time.use))
      return outcome
    }

    let step = TrainingStep(method: method, optimizer: optimizer)
    while moment.epoch < settings.epochs {
      let before = time.use
      time.start()
      let next = try time.wait {
        try data.batches(epoch: moment.epoch, startingAt: moment.batch, weights: method.sampleWeights)
      }
      while moment.batch < moment.batchesPerEpoch {
        if shouldStop() {
          try save(settings.checkpoints.latest)
          return try end(.interrupted)
        }
        let started = clock.now
        guard let batch = try time.wait(next) else {
          throw TrainingError.settings(
            field: "data",
            detail: "ended after \(moment.batch) of \(moment.batchesPerEpoch) batches of epoch \(moment.epoch + 1)")
        }
        let waited = seconds(clock.now - started)
        let rate = settings.learningRate.value(at: moment, settings.update)
        let report = try guarded(batch) { try step(model, batch, StepPlan(moment: moment, learningRate: rate)) }
        sums.add(report.loss, samples: batch.count)
        moment.batch += 1
        moment.step += 1
        pace.add(samples: batch.count, seconds: seconds(clock.now - started))
        try observe(.step(report, progress(pace, waited: waited, elapsed: seconds(clock.now - began))))
        // After the last batch the epoch's end saves, so that its report is never given twice.
        if moment.batch < moment.batchesPerEpoch, isDue(since: seconds(clock.now - saved)) {
          try save(settings.checkpoints.latest)
        }
      }
      if shouldStop() {
        try save(settings.checkpoints.latest)
        return try end(.interrupted)
      }
      try method.finishEpoch(at: moment)
      time.pause()
      let report = epochReport()
      sums = EpochSums()
      moment.epoch += 1
      moment.batch = 0
      try observe(.epoch(report, time.use - before))
      let last = moment.epoch == settings.epochs
      let due = settings.checkpoints.everyEpochs.map { moment.epoch % $0 == 0 } ?? false
      let hooked = hooks.filter { last || moment.epoch % $0.everyEpochs == 0 }
      if let every = settings.checkpoints.keepEveryEpochs, moment.epoch % every == 0 {
        try save(settings.checkpoints.kept(moment.epoch))
      }
      // Before the hooks: whatever ends them, the epoch is not lost.
      if last || due || !hooked.isEmpty || isDue(since: seconds(clock.now - saved)) { try save(settings.checkpoints.latest) }
      for hook in hooked { try hook.body(model, moment) }
    }
    return try end(.finished)
  }

  // MARK: Checkpoints

  /// The state as it is now.
  public func checkpoint() -> Checkpoint {
    Checkpoint(
      moment: moment, identity: settings.identity, architecture: model.configuration,
      convolution: model.convolution, model: model.state, optimizer: optimizer.state, method: method.state,
      sums: sums, notes: settings.notes)
  }

  /// Takes over a state saved by a training of the same identity; ``run(hooks:observe:shouldStop:)`` then goes on.
  ///
  /// Throws ``TrainingError/checkpoint(path:detail:)`` for a file of other settings, and nothing is changed then;
  /// ``ModelError`` and others where tensors do not fit, and then this trainer is not to be used.
  public func resume(from url: URL) throws {
    let saved = try Checkpoint(contentsOf: url)
    func refuse(_ detail: String) -> TrainingError {
      .checkpoint(path: url.path(percentEncoded: false), detail: detail)
    }
    guard saved.identity == settings.identity else {
      throw refuse(
        "belongs to another recipe: its identity is \(saved.identity), this one's \(settings.identity); "
          + "go on with the recipe it was written for, or train into another folder")
    }
    guard saved.architecture == model.configuration else {
      throw refuse("holds a model \(saved.architecture.json), this one is \(model.configuration.json)")
    }
    if let difference = saved.convolution.difference(to: model.convolution) {
      throw refuse("was trained with \(difference); results would not be the same bits")
    }
    guard saved.moment.batchesPerEpoch == moment.batchesPerEpoch else {
      throw refuse(
        "counts \(saved.moment.batchesPerEpoch) batches an epoch, the data now give \(moment.batchesPerEpoch); "
          + "the training set has changed")
    }
    try model.load(state: saved.model)
    try optimizer.load(state: saved.optimizer, for: method.learnt(with: model))
    try method.load(state: saved.method)
    moment = saved.moment
    sums = saved.sums
    resumed = true
  }

  // MARK: Parts of the loop

  /// Adds where it happened, and a dump, to a number that is not finite.
  private func guarded(_ batch: TrainingBatch, _ body: () throws -> StepReport) throws -> StepReport {
    do {
      return try body()
    } catch let error as NotFinite {
      throw notFinite(error.what, batch)
    } catch let error as KernelError where error.reason == .notFinite {
      throw notFinite("a number (\(error))", batch)
    }
  }

  private func notFinite(_ what: String, _ batch: TrainingBatch) -> TrainingError {
    let url = settings.checkpoints.folder?.appending(path: "not-finite-step-\(moment.step + 1).safetensors")
    var written: URL?
    if let url {
      var state = checkpoint()
      state.notes["not_finite"] = what
      state.notes["samples"] = batch.indices.map(String.init).joined(separator: " ")
      // The number is the news; a full disk on top of it is not.
      if (try? state.write(to: url)) != nil { written = url }
    }
    return .notFinite(step: moment.step + 1, epoch: moment.epoch + 1, what: what, dump: written)
  }

  private func isDue(since secondsSinceSave: Double) -> Bool {
    let checkpoints = settings.checkpoints
    if let every = checkpoints.everySteps, moment.step % every == 0 { return true }
    if let every = checkpoints.everySeconds, secondsSinceSave >= every { return true }
    return false
  }

  private func progress(_ pace: PaceMeter, waited: Double, elapsed: Double) -> TrainingEvent.Progress {
    let total = settings.epochs * moment.batchesPerEpoch
    return TrainingEvent.Progress(
      totalSteps: total, imagesPerSecond: pace.samplesPerSecond,
      secondsLeft: Double(total - moment.step) * pace.secondsPerStep, waited: waited, elapsed: elapsed)
  }

  /// After the last batch. Everything is found again from the state, as training may have been resumed right here.
  private func epochReport() -> TrainingEvent.EpochReport {
    var last = moment
    last.batch -= 1
    var parts = sums.means
    let loss = parts.removeValue(forKey: "total") ?? .nan
    return TrainingEvent.EpochReport(
      epoch: moment.epoch + 1, step: moment.step, learningRate: settings.learningRate.value(at: last, settings.update),
      loss: loss, parts: parts)
  }
}

private func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}
