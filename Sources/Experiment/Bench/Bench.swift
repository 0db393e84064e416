import Kernels
import NeuralNet

/// Timed workloads, for `harmonia bench`. Names and work are those of the PyTorch peer script.
public enum Bench {
  /// A workload: making it (untimed) gives what is timed.
  public struct Workload: Sendable {
    public let name: String
    /// Of a single convolution.
    public let algorithm: ConvolutionAlgorithm?
    /// Prepares inputs and returns one repetition.
    public let prepare: @Sendable () throws -> () throws -> Void

    public init(
      _ name: String, algorithm: ConvolutionAlgorithm? = nil,
      prepare: @escaping @Sendable () throws -> () throws -> Void
    ) {
      self.name = name
      self.algorithm = algorithm
      self.prepare = prepare
    }
  }

  /// What was measured. Seconds of one repetition.
  public struct Measurement: Hashable, Sendable {
    public let name: String
    public let median: Double
    public let minimum: Double
    public let repetitions: Int
    /// The most memory the process has had resident so far, in bytes: of this workload where it is the first.
    public let peakBytes: Int
    public let algorithm: ConvolutionAlgorithm?

    /// `{"name": …, "seconds": median, "min": …, "repetitions": …, "peak_bytes": …}`, of a convolution also
    /// `"algorithm"`
    public var json: JSONValue {
      let value = JSONValue.object([
        "name": .string(name), "seconds": .number(median), "min": .number(minimum), "repetitions": .int(repetitions),
        "peak_bytes": .int(peakBytes),
      ])
      return algorithm.map { value.adding(["algorithm": .string($0.rawValue)]) } ?? value
    }
  }

  /// All workloads whose name contains `filter` (all for an empty one), in the order of the peer.
  ///
  /// `convolution` is for the `conv2d/…` and `step/…` whose geometry allows it; elsewhere plans choose.
  public static func workloads(filter: String = "", convolution: ConvolutionAlgorithm? = nil) -> [Workload] {
    let choice = ConvolutionChoice(algorithm: convolution)
    let all = convolutions(choice) + steps(choice) + transport + contrastive + structures + augmentation + probes
    return filter.isEmpty ? all : all.filter { $0.name.contains(filter) }
  }

  /// Runs a workload untimed until it asks the system for no more memory (at most four times), then for about
  /// `seconds`: at least 2 and at most 50 times.
  public static func measure(_ workload: Workload, seconds: Double = 2) throws -> Measurement {
    let run = try workload.prepare()
    let times = try repeated(seconds: seconds, run).map(\.seconds).sorted()
    let middle = times.count / 2
    let median = times.count % 2 == 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2
    return Measurement(
      name: workload.name, median: median, minimum: times[0], repetitions: times.count,
      peakBytes: ProcessMemory.peakBytes, algorithm: workload.algorithm)
  }

  /// Runs `body` untimed, and then, as ``measure(_:seconds:)`` says: seconds and what it returned, each time.
  static func repeated<R>(
    seconds: Double, atLeast least: Int = 2, _ body: () throws -> R
  ) throws -> [(seconds: Double, result: R)] {
    for _ in 0..<4 {
      let before = BufferPool.shared.usage.allocations
      _ = try body()
      if BufferPool.shared.usage.allocations == before { break }
    }
    let clock = ContinuousClock()
    let start = clock.now
    var runs: [(Double, R)] = []
    while runs.count < least || start.duration(to: clock.now) < .seconds(seconds) && runs.count < 50 {
      let began = clock.now
      let result = try body()
      runs.append((began.duration(to: clock.now).seconds, result))
    }
    return runs
  }
}
