import Foundation
import Kernels

extension Bench {
  /// Where the time of a workload goes. All numbers are means over the middle half of its repetitions (those
  /// neither among the fastest nor the slowest quarter), so that kernels and the rest add up to the whole.
  public struct Breakdown: Hashable, Sendable {
    public struct Line: Hashable, Sendable {
      /// `conv2d forward, winograd4`, and the shape behind it where it is of one shape.
      public let name: String
      /// Of one repetition.
      public let calls: Double
      public let seconds: Double
      /// By the definition of the kernel, whatever its algorithm saves; 0 where not known.
      public let operations: Double
    }

    public let name: String
    public let repetitions: Int
    public let seconds: Double
    public let threads: Int
    /// Operations a second the machine gives at best with these threads.
    public let peak: Double
    /// All kernels, the longest time first.
    public let kernels: [Line]
    /// Convolutions once more, by shape.
    public let convolutions: [Line]

    /// Seconds of a repetition that no kernel took.
    public var outside: Double { seconds - kernels.reduce(0) { $0 + $1.seconds } }

    package init(
      name: String, runs: [(seconds: Double, entries: [KernelAccount.Entry])], threads: Int, peak: Double
    ) {
      let sorted = runs.sorted { $0.seconds < $1.seconds }
      let middle = sorted[sorted.count / 4..<sorted.count - sorted.count / 4]
      self.name = name
      self.threads = threads
      self.peak = peak
      repetitions = runs.count
      seconds = middle.reduce(0) { $0 + $1.seconds } / Double(middle.count)
      let entries = middle.flatMap(\.entries)
      func kernel(_ entry: KernelAccount.Entry) -> String {
        entry.algorithm.isEmpty ? entry.kernel : "\(entry.kernel), \(entry.algorithm)"
      }
      kernels = Self.lines(entries, repetitions: middle.count, by: kernel)
      convolutions = Self.lines(entries.filter { $0.kernel.hasPrefix("conv2d") }, repetitions: middle.count) {
        "\(kernel($0))  \($0.shape)"
      }
    }

    private static func lines(
      _ entries: [KernelAccount.Entry], repetitions: Int, by name: (KernelAccount.Entry) -> String
    ) -> [Line] {
      let count = Double(repetitions)
      let lines = Dictionary(grouping: entries, by: name).map { name, entries in
        let calls = entries.reduce(0) { $0 + $1.calls }
        let seconds = entries.reduce(0) { $0 + $1.seconds }
        let operations = entries.reduce(0) { $0 + $1.operations }
        return Line(
          name: name, calls: Double(calls) / count, seconds: seconds / count, operations: Double(operations) / count)
      }
      return lines.sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
    }
  }

  /// Runs a workload as ``measure(_:seconds:)`` does, at least 4 times, and accounts for each repetition.
  public static func breakdown(_ workload: Workload, seconds: Double = 2) throws -> Breakdown {
    let run = try workload.prepare()
    let runs = try repeated(seconds: seconds, atLeast: 4) {
      let account = KernelAccount()
      try account.count(run)
      return account
    }
    return Breakdown(
      name: workload.name, runs: runs.map { ($0.seconds, $0.result.entries) }, threads: Threads.count,
      peak: MachinePeak.measureOperations())
  }
}

extension Bench.Breakdown {
  /// A head, the table of kernels with the rest as last line, the table of convolutions.
  public var text: String {
    let head =
      "\(name): \(BenchCommand.time(seconds)) (mean of the middle half of \(repetitions)), \(threads) "
      + "thread\(threads == 1 ? "" : "s"), peak \(gigas(peak)) GFLOP/s; operations by definition, whatever is saved"
    let columns = ["calls", "ms", "share", "GFLOP/s", "of peak"]
    let rest = ["outside kernels", "", milliseconds(outside), percent(outside / seconds), "", ""]
    var tables = [head, ScoreTable.aligned([["kernel"] + columns] + kernels.map(row) + [rest])]
    if !convolutions.isEmpty { tables.append(ScoreTable.aligned([["convolution"] + columns] + convolutions.map(row))) }
    return tables.joined(separator: "\n\n")
  }

  private func row(_ line: Line) -> [String] {
    let rate = line.operations / line.seconds
    return [
      line.name, String(format: "%g", line.calls), milliseconds(line.seconds), percent(line.seconds / seconds),
      rate > 0 ? gigas(rate) : "", rate > 0 ? percent(rate / peak) : "",
    ]
  }

  /// `{"name": …, "seconds": …, …, "kernels": […], "outside": …, "convolutions": […]}`, all of one repetition.
  public var json: JSONValue {
    .object([
      "name": .string(name), "seconds": .number(seconds), "repetitions": .int(repetitions), "threads": .int(threads),
      "peak_flop_per_second": .number(peak), "kernels": .array(kernels.map(json)), "outside": .number(outside),
      "convolutions": .array(convolutions.map(json)),
    ])
  }

  private func json(_ line: Line) -> JSONValue {
    .object([
      "name": .string(line.name), "calls": .number(line.calls), "seconds": .number(line.seconds),
      "share": .number(line.seconds / seconds),
      "flop_per_second": line.operations > 0 ? .number(line.operations / line.seconds) : .null,
    ])
  }
}

private func milliseconds(_ seconds: Double) -> String { String(format: "%.3f", seconds * 1e3) }
private func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
private func gigas(_ rate: Double) -> String { String(format: "%.1f", rate * 1e-9) }
