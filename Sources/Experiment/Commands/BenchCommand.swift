import Kernels
import VisibleText

public typealias BenchInstructions = InstructionSet

/// `harmonia bench`: times of kernels and training steps.
public struct BenchCommand: Sendable {
  public enum Report: Sendable {
    /// A line a workload.
    case times
    /// The names of the workloads; nothing is measured.
    case names
    /// A table a workload: where its time goes.
    case breakdown
  }
  public var filter: String
  public var json: Bool
  public var report: Report
  /// Forced on convolutions and steps where a layer allows it.
  public var convolution: ConvolutionAlgorithm?
  public var threads: Int?
  /// The machine's best if nil; must be no more than that.
  public var instructions: BenchInstructions?
  /// For each workload, about.
  package var seconds = 2.0

  public init(
    filter: String = "", json: Bool, report: Report = .times, convolution: ConvolutionAlgorithm? = nil,
    threads: Int? = nil, instructions: BenchInstructions? = nil
  ) {
    self.filter = filter
    self.json = json
    self.report = report
    self.convolution = convolution
    self.threads = threads
    self.instructions = instructions
  }

  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: threads) else { return .failedRun }
    if let instructions { InstructionSet.best = instructions }
    let workloads = Bench.workloads(filter: filter, convolution: convolution)
    guard !workloads.isEmpty else {
      console.err("error: no workload has \"\(filter.visibleLine)\" in its name; `harmonia bench --list` shows all")
      return .failedRun
    }
    for workload in workloads {
      do {
        console.out(try text(of: workload))
      } catch {
        console.err("error: \(workload.name): \(error)")
        return .failedRun
      }
    }
    return .success
  }

  private func text(of workload: Bench.Workload) throws -> String {
    switch report {
    case .names: return workload.name
    case .times:
      let measurement = try Bench.measure(workload, seconds: seconds)
      return json ? measurement.json.line : Self.text(measurement)
    case .breakdown:
      let breakdown = try Bench.breakdown(workload, seconds: seconds)
      return json ? breakdown.json.line : breakdown.text + "\n"
    }
  }

  /// `conv2d/…/forward   1.234 ms   (best 1.200 ms of 50; peak memory 120.1 MiB)   winograd4`
  static func text(_ measurement: Bench.Measurement) -> String {
    let gap = String(repeating: " ", count: max(1, 48 - measurement.name.count))
    return measurement.name + gap
      + "\(time(measurement.median))   (best \(time(measurement.minimum)) of \(measurement.repetitions); "
      + "peak memory \(PlanText.bytes(measurement.peakBytes)))"
      + (measurement.algorithm.map { "   \($0.rawValue)" } ?? "")
  }

  static func time(_ seconds: Double) -> String {
    let (value, unit) = seconds >= 1 ? (seconds, "s") : seconds >= 1e-3 ? (seconds * 1e3, "ms") : (seconds * 1e6, "µs")
    let tenths = (value * 1000).rounded() / 1000
    return "\(tenths) \(unit)"
  }
}
