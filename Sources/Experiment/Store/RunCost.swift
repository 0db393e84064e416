import Foundation
import TensorFiles

/// What an arm took: `cost.json` in its folder. Apart from its result, which has no times so that it is the same bytes
/// each time.
public struct RunCost: Hashable, Sendable {
  /// Steps done in this part; fewer than the arm has where it was stopped and went on.
  public var steps: Int
  /// Seconds of training in this part.
  public var training: Double
  /// Seconds of probes and of the picture at the end.
  public var measuring: Double
  /// The most bytes resident in the process so far, arms before this one included.
  public var peakBytes: Int

  public init(steps: Int, training: Double, measuring: Double, peakBytes: Int) {
    self.steps = steps
    self.training = training
    self.measuring = measuring
    self.peakBytes = peakBytes
  }

  var json: JSONValue {
    .object([
      "schema": .string("harmonia.cost/1"), "steps": .int(steps), "training_seconds": .number(training),
      "measuring_seconds": .number(measuring), "memory_bytes": .int(peakBytes),
    ])
  }

  /// `1:04 of training, 0:05 of measuring, at most 241.2 MiB of memory`
  var text: String {
    "\(ProgressReport.clock(training)) of training, \(ProgressReport.clock(measuring)) of measuring, at most "
      + "\(PlanText.bytes(peakBytes)) of memory"
  }
}

extension ArmFolder {
  public var costFile: URL { root.appending(path: "cost.json") }

  func write(_ cost: RunCost) throws { try AtomicFile.write(cost.json.document, to: costFile) }
}
