import Foundation
import Kernels

extension Bench {
  /// What the machine gives at best, and what the convolutions of ResNet-18 make of it.
  public struct Roofline: Sendable {
    public struct Convolution: Hashable, Sendable {
      /// `64×32×32×64→64 3×3/1`
      public let geometry: String
      public let direction: Kernels.Convolution.Direction
      public let algorithm: Kernels.Convolution.Algorithm
      /// Median time.
      public let seconds: Double
      /// By the definition of a convolution.
      public let operations: Int
      /// In the products of the algorithm.
      public let productOperations: Int
      /// Of input, weight and output, each once.
      public let bytes: Int
    }

    /// Name of the processor, as the system gives it.
    public let processor: String
    public let instructionSet: InstructionSet
    public let date: Date
    /// With one thread, and with all.
    public let peaks: [MachinePeak]
    /// With all threads.
    public let convolutions: [Convolution]
  }

  /// Measures the machine with 1 thread and with the threads in force, then every convolution of ResNet-18 on
  /// 32×32 images, each for about `seconds`.
  public static func roofline(batch: Int = 64, seconds: Double = 0.3) throws -> Roofline {
    let threads = Threads.count
    defer { Threads.count = threads }
    let peaks = Set([1, threads]).sorted().map { count in
      Threads.count = count
      return MachinePeak.measure()
    }
    return Roofline(
      processor: processor, instructionSet: .current, date: .now, peaks: peaks,
      convolutions: try resNet18(batch: batch).flatMap { plan in
        try Convolution.Direction.allCases.filter { $0 != .backwardData || plan.inputShape[3] > 3 }.map {
          try roofline(plan, $0, seconds: seconds)
        }
      })
  }

  /// The different convolutions of ResNet-18, in the order of the network.
  private static func resNet18(batch: Int) throws -> [Convolution] {
    func plan(_ side: Int, _ inputs: Int, _ outputs: Int, _ kernel: Int, _ stride: Int) throws -> Convolution {
      try Convolution(
        input: [batch, side, side, inputs], outputChannels: outputs, kernel: (kernel, kernel), stride: stride,
        padding: kernel / 2)
    }
    var plans = [try plan(32, 3, 64, 3, 1), try plan(32, 64, 64, 3, 1)]
    for stage in 1...3 {
      let (side, inputs) = (32 >> (stage - 1), 32 << stage)
      plans.append(try plan(side, inputs, 2 * inputs, 3, 2))
      plans.append(try plan(side, inputs, 2 * inputs, 1, 2))
      plans.append(try plan(side / 2, 2 * inputs, 2 * inputs, 3, 1))
    }
    return plans
  }

  private static func roofline(
    _ plan: Convolution, _ direction: Convolution.Direction, seconds: Double
  ) throws -> Roofline.Convolution {
    let workload = Workload(plan.geometry) {
      let (x, weight) = (normal(plan.inputShape), normal(plan.weightShape, part: 1, deviation: 0.05))
      let dOutput = normal(plan.outputShape, part: 2)
      return switch direction {
      case .forward: { _ = try plan.forward(x, weight) }
      case .backwardData: { _ = try plan.backwardData(dOutput, weight) }
      case .backwardWeight: { _ = try plan.backwardWeight(dOutput, x) }
      }
    }
    let values = plan.inputShape.count + plan.weightShape.count + plan.outputShape.count
    return Roofline.Convolution(
      geometry: plan.geometry, direction: direction, algorithm: plan.algorithm,
      seconds: try measure(workload, seconds: seconds).median, operations: plan.operations,
      productOperations: plan.productOperations(direction), bytes: values * MemoryLayout<Float>.stride)
  }

  private static var processor: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
    let name = lines.first { $0.hasPrefix("model name") }?.split(separator: ":").last
    return name.map { $0.trimmingCharacters(in: .whitespaces) } ?? "processor unknown"
  }
}

extension Bench.Roofline {
  private var peak: Double { peaks.last?.operationsPerSecond ?? .nan }

  /// To be pasted into a document: the machine, its peaks, and the convolutions.
  public var text: String {
    func number(_ value: Double) -> String { String(format: "%.1f", value) }
    let machine = [["threads", "GFLOP/s", "read GB/s", "triad GB/s"]] + peaks.map { peak in
      [
        "\(peak.threads)", number(peak.operationsPerSecond * 1e-9), number(peak.bytesReadPerSecond * 1e-9),
        number(peak.triadBytesPerSecond * 1e-9),
      ]
    }
    let rows = convolutions.map { row in
      [
        "\(row.geometry) \(row.direction.rawValue)", row.algorithm.rawValue, String(format: "%.2f", row.seconds * 1e3),
        number(Double(row.operations) / row.seconds * 1e-9),
        number(Double(row.productOperations) / row.seconds * 1e-9),
        number(Double(row.productOperations) / row.seconds / peak * 100) + " %",
        number(Double(row.productOperations) / Double(row.bytes)),
      ]
    }
    let head = ["convolution", "algorithm", "ms", "direct GFLOP/s", "done GFLOP/s", "of peak", "FLOP/byte"]
    return """
      \(processor), \(instructionSet), \(date.formatted(.iso8601))

      \(ScoreTable.aligned(machine))

      With \(peaks.last?.threads ?? 0) threads. Direct: operations by definition; done: those of the algorithm's \
      products,
      also in per cent of the peak, and for each byte of input, weight and output.

      \(ScoreTable.aligned([head] + rows))
      """
  }

  /// `{"processor": …, "instruction_set": …, "date": …, "peaks": […], "convolutions": […]}`
  public var json: JSONValue {
    .object([
      "processor": .string(processor), "instruction_set": .string("\(instructionSet)"),
      "date": .string(date.formatted(.iso8601)),
      "peaks": .array(
        peaks.map { peak in
          .object([
            "threads": .int(peak.threads), "flop_per_second": .number(peak.operationsPerSecond),
            "read_bytes_per_second": .number(peak.bytesReadPerSecond),
            "triad_bytes_per_second": .number(peak.triadBytesPerSecond),
          ])
        }),
      "convolutions": .array(
        convolutions.map { row in
          .object([
            "geometry": .string(row.geometry), "pass": .string(row.direction.rawValue),
            "algorithm": .string(row.algorithm.rawValue), "seconds": .number(row.seconds),
            "direct_flop_per_second": .number(Double(row.operations) / row.seconds),
            "done_flop_per_second": .number(Double(row.productOperations) / row.seconds),
            "share_of_peak": .number(Double(row.productOperations) / row.seconds / peak), "bytes": .int(row.bytes),
          ])
        }),
    ])
  }
}
