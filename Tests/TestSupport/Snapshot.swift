import Foundation

/// Text that is kept in a file and compared: a change shows in the history, and is meant.
///
/// To record snapshots anew, run the tests with `HARMONIA_RECORD=1` in the environment and look at the difference:
///
///     HARMONIA_RECORD=1 swift test --filter Snapshot && git diff Fixtures
package enum Snapshot {
  /// Nil when the file holds this text, else what is wrong and how to record it.
  package static func difference(_ text: String, from path: String) throws -> String? {
    let url = Fixtures.url(path)
    let remedy = "to record it: HARMONIA_RECORD=1 swift test --filter Snapshot"
    guard let known = try? String(contentsOf: url, encoding: .utf8) else {
      if isRecording { return try record(text, url) }
      return "Fixtures/\(path) is not there; \(remedy)\n\(text)"
    }
    if known == text { return nil }
    if isRecording { return try record(text, url) }
    return "Fixtures/\(path) is another text; \(remedy)\n--- recorded\n\(known)\n--- now\n\(text)"
  }

  private static var isRecording: Bool { ProcessInfo.processInfo.environment["HARMONIA_RECORD"] != nil }

  private static func record(_ text: String, _ url: URL) throws -> String? {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url, options: .atomic)
    return nil
  }
}
