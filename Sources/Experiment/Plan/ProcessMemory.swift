import Foundation
import Kernels

/// What this process takes of the machine's memory.
enum ProcessMemory {
  /// The most bytes that were resident at once since the process began (getrusage).
  static var peakBytes: Int {
    var usage = rusage()
    #if canImport(Darwin)
      let (process, unit) = (RUSAGE_SELF, 1)
    #else
      let (process, unit) = (__rusage_who_t(RUSAGE_SELF.rawValue), 1024)
    #endif
    return getrusage(process, &usage) == 0 ? usage.ru_maxrss * unit : 0
  }

  /// Bytes resident now; the peak where the system does not say.
  static var residentBytes: Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8),
      let pages = text.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { return peakBytes }
    return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
  }
}

/// Gives the buffers that nobody uses back to the system, before work on tensors of other shapes begins.
func trimBuffers() {
  BufferPool.shared.trim()
  BufferPool.workspaces.trim()
}
