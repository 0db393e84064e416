import Foundation

/// How far an arm is, from what its folder holds.
public enum ArmState: Hashable, Sendable {
  /// Not begun.
  case waiting
  /// Begun and not ended; steps in the log.
  case begun(step: Int)
  case failed(RunFailure)
  case done(ArmResult)
  /// Its result or its recipe is there and cannot be read.
  case damaged

  init(_ folder: ArmFolder) {
    guard folder.isThere else {
      self = .waiting
      return
    }
    do {
      _ = try folder.startedWith()
      if let result = try folder.finishedResult() {
        self = .done(result)
      } else if let failure = folder.failure {
        self = .failed(failure)
      } else {
        self = .begun(step: MetricsLog.read(folder.metrics).last?.step ?? 0)
      }
    } catch {
      self = .damaged
    }
  }

  /// `waiting`, `step 12`, `failed`, `done`, `damaged`.
  public var text: String {
    switch self {
    case .waiting: "waiting"
    case .begun(let step): "step \(step)"
    case .failed: "failed"
    case .done: "done"
    case .damaged: "damaged"
    }
  }

  public var result: ArmResult? { if case .done(let result) = self { result } else { nil } }
}
