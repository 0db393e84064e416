import Foundation
import Kernels
import VisibleText

/// `harmonia verify PATH…`: golden cases against the library.
public struct VerifyCommand: Sendable {
  public var paths: [String]
  public var threads: Int?

  public init(paths: [String], threads: Int? = nil) {
    self.paths = paths
    self.threads = threads
  }

  /// A line a failure, then `N passed, N failed, N skipped`.
  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: threads) else { return .failedRun }
    let summary = GoldenVerifier().verify(paths.map { URL(filePath: $0) }) { path, outcome in
      switch outcome {
      case .passed: break
      case .failed(let reason): console.out("FAIL \(path): \(reason)".visibleLine)
      }
    }
    console.out(summary.text)
    return summary.failed == 0 ? .success : .failedCheck
  }
}
