import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct ReplTranscriptTests {
  static let names: [String] = {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: Fixtures.url("repl").path)) ?? []
    return all.filter { $0.hasSuffix(".txt") }.sorted()
  }()

  @Test func thereAreTranscripts() { #expect(Self.names.count >= 5) }

  @Test(arguments: names) func theReplAnswersAsWritten(name: String) throws {
    let url = Fixtures.url("repl/\(name)")
    let written = try String(contentsOf: url, encoding: .utf8)
    let folder = try TemporaryFolder()
    let lines = Lines()
    var repl = Repl(lines.mixed, catalogue: EditorCatalogue.shared, folder: folder.url.path)
    var actual: [String] = []
    var file: String?
    for line in written.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
      if line.hasPrefix("@file ") {
        file = String(line.dropFirst(6))
      } else if line.hasPrefix("|"), let file {
        let handle = folder.file(file)
        let before = (try? String(contentsOf: handle, encoding: .utf8)) ?? ""
        try Data((before + line.dropFirst(2) + "\n").utf8).write(to: handle)
      } else if line.hasPrefix(">") || line.hasPrefix(". ") || line == "." {
        // The prompt of the transcript has to be the one the REPL shows.
        #expect(repl.prompt.first == line.first, "\(name): \(line)")
        let typed = String(line.dropFirst(2))
        repl.take(typed.hasPrefix(":load ") ? ":load \(folder.file(String(typed.dropFirst(6))).path)" : typed)
      } else if line == "@cancel" {
        repl.cancel()
      } else if !line.hasPrefix("#") {
        continue
      }
      actual.append(line)
      actual += lines.taken().map { $0.replacing(folder.url.path + "/", with: "") }
    }
    let result = actual.joined(separator: "\n") + "\n"
    if ProcessInfo.processInfo.environment["HARMONIA_WRITE_TRANSCRIPTS"] != nil {
      try Data(result.utf8).write(to: url)
      return
    }
    for (a, b) in zip(parts(result), parts(written)) where a != b {
      Issue.record("\(name)\nexpected: \(b)\nanswered: \(a)")
      break
    }
    #expect(parts(result).count == parts(written).count, "\(name)")
  }

  private func parts(_ text: String) -> [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
}

extension Lines {
  /// A console whose lines come in one order, those of `err` after `! `, none of them empty.
  var mixed: Console {
    let console = self.console
    return Console(
      out: { text in for line in text.split(separator: "\n") { console.out("  " + line) } },
      err: { text in for line in text.split(separator: "\n") { console.out("! " + line) } })
  }
}
