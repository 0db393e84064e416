import Foundation

/// The control groups of Linux in which this process is, by which containers and services are limited.
package enum ControlGroup {
  /// Bytes that the process may have; nil where they are not limited.
  static var memory: Int? {
    memory(groups: contents("/proc/self/cgroup") ?? "", contents)
  }

  /// - Parameters:
  ///   - groups: as `/proc/self/cgroup` lists them, `number:controllers:path` a line.
  ///   - contents: of a file; nil where there is none.
  package static func memory(groups: String, _ contents: (String) -> String?) -> Int? {
    groups.split(separator: "\n").flatMap { line -> [String] in
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { return [] }
      if parts[1].isEmpty {
        return ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"].flatMap { files($0, parts[2], "memory.max") }
      }
      guard parts[1].split(separator: ",").contains("memory") else { return [] }
      return files("/sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes")
    }
    .compactMap { contents($0).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } }
    .filter { $0 < 1 << 47 }.min()
  }

  /// Of the group and all above it, each of which limits what is below; in a container the group's own folder is the root.
  private static func files(_ root: String, _ path: Substring, _ name: String) -> [String] {
    var folder = root
    return ["\(root)/\(name)"]
      + path.split(separator: "/").map { part in
        folder += "/\(part)"
        return "\(folder)/\(name)"
      }
  }

  private static func contents(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}
