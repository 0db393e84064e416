import Kernels

/// `harmonia bench`: times of kernels and training steps.
public struct BenchCommand: Sendable {
  public var filter: String
  public var json: Bool
  public var list: Bool
  public var threads: Int?

  public init(filter: String, json: Bool, list: Bool, threads: Int? = nil) {
    self.filter = filter
    self.json = json
    self.list = list
    self.threads = threads
  }

  public func run(_ console: Console) -> ExitStatus {
    if let threads { Threads.count = threads }
    let workloads = Bench.workloads(filter: filter)
    guard !workloads.isEmpty else {
      console.err("error: no workload has \"\(filter)\" in its name; `harmonia bench --list` shows all")
      return .failedRun
    }
    for workload in workloads {
      if list {
        console.out(workload.name)
        continue
      }
      do {
        let measurement = try Bench.measure(workload)
        console.out(json ? measurement.json.line : Self.text(measurement))
      } catch {
        console.err("error: \(workload.name): \(error)")
        return .failedRun
      }
    }
    return .success
  }

  /// `conv2d/…/forward   1.234 ms   (best 1.200 ms of 50)`
  static func text(_ measurement: Bench.Measurement) -> String {
    let gap = String(repeating: " ", count: max(1, 48 - measurement.name.count))
    return measurement.name + gap
      + "\(time(measurement.median))   (best \(time(measurement.minimum)) of \(measurement.repetitions))"
  }

  static func time(_ seconds: Double) -> String {
    let (value, unit) = seconds >= 1 ? (seconds, "s") : seconds >= 1e-3 ? (seconds * 1e3, "ms") : (seconds * 1e6, "µs")
    let tenths = (value * 1000).rounded() / 1000
    return "\(tenths) \(unit)"
  }
}
