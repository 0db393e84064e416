import Kernels

/// `harmonia bench --roofline`: the machine's peaks, and the convolutions of ResNet-18 against them.
public struct RooflineCommand: Sendable {
  public var json: Bool
  public var threads: Int?
  /// The machine's best if nil; must be no more than that.
  public var instructions: BenchInstructions?
  /// For each convolution, about.
  package var seconds = 0.3

  public init(json: Bool, threads: Int? = nil, instructions: BenchInstructions? = nil) {
    self.json = json
    self.threads = threads
    self.instructions = instructions
  }

  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: threads) else { return .failedRun }
    if let instructions { InstructionSet.best = instructions }
    do {
      let roofline = try Bench.roofline(seconds: seconds)
      console.out(json ? roofline.json.line : roofline.text)
      return .success
    } catch {
      console.err("error: roofline: \(error)")
      return .failedRun
    }
  }
}
