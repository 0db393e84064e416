/// Sums up how a loop spends its time, while it is started.
struct TimeMeter {
  private var waited = Duration.zero
  private var total = Duration.zero
  private var started: ContinuousClock.Instant?

  mutating func start() { started = .now }

  /// Does nothing while paused.
  mutating func pause() {
    if let started { total += started.duration(to: .now) }
    started = nil
  }

  /// Runs `body`, which gives the next batch.
  mutating func wait<R>(_ body: () throws -> R) rethrows -> R {
    let began = ContinuousClock.now
    defer { waited += began.duration(to: .now) }
    return try body()
  }

  /// Up to the last pause.
  var use: TrainingEvent.TimeUse {
    TrainingEvent.TimeUse(dataWait: waited / .seconds(1), total: total / .seconds(1))
  }
}

extension TrainingEvent.TimeUse {
  /// What was spent since `earlier`.
  static func - (later: Self, earlier: Self) -> Self {
    Self(dataWait: later.dataWait - earlier.dataWait, total: later.total - earlier.total)
  }
}
