import Kernels

/// `harmonia bench --roofline`: the machine's peaks, and the convolutions of ResNet-18 against them.
public struct RooflineCommand: Sendable {
  public var json: Bool
  public var threads: Int?
  /// For each convolution, about.
  package var seconds = 0.3

  public init(json: Bool, threads: Int? = nil) {
    self.json = json
    self.threads = threads
  }

  public func run(_ console: Console) -> ExitStatus {
    if let threads { Threads.count = threads }
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
