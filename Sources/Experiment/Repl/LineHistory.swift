import Foundation
import TensorFiles

/// Lines entered in earlier sessions, in a file.
package struct LineHistory {
  /// How many lines are read and kept.
  static let limit = 1000

  package let url: URL

  package init(url: URL) { self.url = url }

  /// `harmonia/history` in `XDG_STATE_HOME`, or in `~/.local/state`; nil where there is no home.
  package static func standard(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> LineHistory? {
    func absolute(_ name: String) -> URL? {
      guard let path = environment[name], path.hasPrefix("/") else { return nil }
      return URL(filePath: path)
    }
    let state = absolute("XDG_STATE_HOME") ?? absolute("HOME")?.appending(path: ".local/state")
    return state.map { LineHistory(url: $0.appending(path: "harmonia/history")) }
  }

  /// The last lines, oldest first; none where there is no file, or one that cannot be read. A file that has grown long
  /// is cut.
  package func load() -> [String] {
    guard let data = try? Data(contentsOf: url) else { return [] }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    let last = Array(lines.suffix(LineHistory.limit))
    if lines.count > 2 * LineHistory.limit { try? replace(last) }
    return last
  }

  /// Adds a line. What is entered is nobody else's business: only its owner may read the file.
  package func append(_ line: String) throws {
    let manager = FileManager.default
    try manager.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let file = open(url.path(percentEncoded: false), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    let handle = FileHandle(fileDescriptor: file, closeOnDealloc: true)
    try handle.write(contentsOf: Data((line.replacing("\n", with: " ") + "\n").utf8))
  }

  private func replace(_ lines: [String]) throws {
    try AtomicFile.write(lines.joined(separator: "\n") + "\n", to: url, mode: 0o600)
  }
}
