import Foundation
import TestSupport
import Testing

@Suite struct LanguageServerTranscriptTests {
  static let names: [String] = {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url("lsp").path)) ?? []
    return all.filter { $0.hasSuffix(".txt") }.sorted()
  }()

  @Test func thereAreTranscripts() { #expect(Self.names.count >= 8) }

  /// With `HARMONIA_WRITE_TRANSCRIPTS` set, what the server answers is written into the transcript instead.
  @Test(arguments: names) func theServerAnswersAsWritten(name: String) throws {
    let url = Fixtures.url("lsp/\(name)")
    let written = try String(contentsOf: url, encoding: .utf8)
    let client = try TranscriptClient()
    var actual: [String] = []
    var command: String?
    var text: [String] = []
    func finish() throws {
      guard let line = command else { return }
      actual += [line] + text.map { $0.isEmpty ? "|" : "| \($0)" }
      actual += try client.run(line, text).map { $0.isEmpty ? "<" : "< \($0)" }
      (command, text) = (nil, [])
    }
    for line in written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("<") { continue }
      if line.hasPrefix("|") {
        text.append(String(line.dropFirst(line.hasPrefix("| ") ? 2 : 1)))
      } else {
        try finish()
        if line.isEmpty || line.hasPrefix("#") { actual.append(line) } else { command = line }
      }
    }
    try finish()
    let result = actual.joined(separator: "\n")
    if ProcessInfo.processInfo.environment["HARMONIA_WRITE_TRANSCRIPTS"] != nil {
      try Data(result.utf8).write(to: url)
    } else {
      for (a, b) in zip(lines(result), lines(written)) where a != b {
        Issue.record("\(name)\nexpected: \(b)\nanswered: \(a)")
        break
      }
      #expect(lines(result).count == lines(written).count, "\(name)")
    }
  }

  private func lines(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}
