import Foundation
import Kernels

/// What this process may have of the machine's memory, where it is limited: `ulimit -v`, `ulimit -d`, a control group.
enum MemoryLimit {
  /// Bytes that a thread which computes takes of the address space: the workspace of BLAS, which waits for ever where there
  /// is no room for it, and a stack.
  private static let perThread = 144 << 20
  /// For everything else.
  private static let margin = 48 << 20

  /// Bytes of address space that are left to this process; nil where they are not limited.
  static var addressSpaceLeft: Int? {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").compactMap { Int($0) }
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    func left(_ limit: Int?, taken field: Int) -> Int? {
      limit.map { max(0, $0 - (pages.flatMap { $0.count > field ? $0[field] * page : nil } ?? 0)) }
    }
    #if os(Linux)
      let limits = [
        left(softLimit(Resource(RLIMIT_AS.rawValue)), taken: 0), left(softLimit(Resource(RLIMIT_DATA.rawValue)), taken: 5),
      ]
    #else
      let limits = [left(softLimit(RLIMIT_AS), taken: 0)]
    #endif
    return limits.compactMap { $0 }.min()
  }

  /// Bytes that this process may have in memory, by the address space that was left when this was first asked for; nil
  /// where it is not limited. Later on, what it holds for reuse counts as taken.
  static let addressSpace = addressSpaceLeft.map { $0 + ProcessMemory.residentBytes }

  #if os(Linux)
    private typealias Resource = __rlimit_resource_t
  #else
    private typealias Resource = Int32
  #endif

  private static func softLimit(_ resource: Resource) -> Int? {
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < 1 << 47 else { return nil }
    return Int(limit.rlim_cur)
  }

  /// Bytes that this process's control group may have; nil where they are not limited.
  static var controlGroup: Int? {
    let lines = ((try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "").split(separator: "\n")
    let places = lines.compactMap { line -> String? in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return nil }
      if parts[1].isEmpty { return "/sys/fs/cgroup\(parts[2])/memory.max" }
      return parts[1].split(separator: ",").contains("memory")
        ? "/sys/fs/cgroup/memory\(parts[2])/memory.limit_in_bytes" : nil
    }
    // In a container the group's own folder is the root.
    let all = places + ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    return all.compactMap { path in
      (try? String(contentsOfFile: path, encoding: .utf8)).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
    }.filter { $0 < 1 << 47 }.min()
  }

  /// The machine's memory, or less where this process may have less.
  static var memory: Int { min(Int(ProcessInfo.processInfo.physicalMemory), controlGroup ?? .max) }

  /// Takes no more threads than there is room for. False, with the reason said, where there is none for a single one.
  static func admitsComputing(_ console: Console, threads: Int?) -> Bool {
    guard addressSpace != nil, let left = addressSpaceLeft else {
      if let threads { Threads.count = threads }
      return true
    }
    let room = (left - margin) / perThread
    guard room >= 1 else {
      console.err(
        "error: \(PlanText.bytes(left)) of address space are left to this process, and computing takes "
          + "\(PlanText.bytes(margin + perThread)): raise `ulimit -v` or `ulimit -d`")
      return false
    }
    let wanted = threads ?? ProcessInfo.processInfo.activeProcessorCount
    Threads.count = min(wanted, room)
    if wanted > room {
      console.err("note: \(room) thread\(room == 1 ? "" : "s") of \(wanted): there is address space for no more (`ulimit -v`)")
    }
    return true
  }
}
