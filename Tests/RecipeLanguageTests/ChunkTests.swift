import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// One sample of a file in `Fixtures/language`: text between two lines `---`, with the codes that are expected. What
/// follows a line `=== path` is another file that lies beside it.
struct Chunk: CustomTestStringConvertible, Sendable {
  let file: String
  let line: Int
  let text: String
  var testDescription: String { "\(file):\(line)" }

  /// `line: code` for every `// E0203` at the end of a line; `// ^E0203` on a line of its own means the line above.
  var expected: [String] {
    files.flatMap { file in Self.expected(in: file.text).map { file.path == "main.recipe" ? $0 : "\(file.path):\($0)" } }
      .sorted()
  }

  /// The files of the sample; the first is the main one.
  var files: [(path: String, text: String)] {
    var result: [(path: String, lines: [Substring])] = [("main.recipe", [])]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("=== ") {
        result.append((String(line.dropFirst(4)), []))
      } else {
        result[result.count - 1].lines.append(line)
      }
    }
    return result.map { ($0.path, $0.lines.joined(separator: "\n")) }
  }

  private static func expected(in text: String) -> [String] {
    var result: [String] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let comment = line.range(of: "// ", options: .backwards) else { continue }
      for word in line[comment.upperBound...].split(separator: " ") {
        let above = word.hasPrefix("^")
        let code = above ? word.dropFirst() : word[...]
        guard code.count == 5, code.hasPrefix("E"), code.dropFirst().allSatisfy(\.isNumber) else { continue }
        result.append("\(above ? index : index + 1): \(code)")
      }
    }
    return result
  }

  static func all(_ name: String) -> [Chunk] {
    guard let text = try? String(contentsOf: Fixtures.url("language/\(name).txt"), encoding: .utf8) else { return [] }
    var chunks: [Chunk] = []
    var lines: [Substring] = []
    var start = 1
    let all = text.split(separator: "\n", omittingEmptySubsequences: false) + [Substring("---")]
    for (index, line) in all.enumerated() {
      if line == "---" {
        chunks.append(Chunk(file: name, line: start, text: lines.joined(separator: "\n")))
        lines = []
        start = index + 2
      } else {
        lines.append(line)
      }
    }
    return chunks
  }

  static let topics = [
    "text", "syntax", "habits", "names", "types", "units", "values", "schedules", "recipes", "sweeps", "functions",
    "tests", "tasks", "records", "optionals", "imports",
  ]
}

@Suite struct ChunkTests {
  @Test(arguments: Chunk.topics.flatMap(Chunk.all))
  func findsExactlyTheExpectedErrors(chunk: Chunk) throws {
    let folder = try TemporaryFolder()
    for file in chunk.files {
      let url = folder.file(file.path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: url)
    }
    let main = folder.file("main.recipe").path
    var (program, diagnostics) = Program.load(main, catalogue: SampleCatalogue.make())
    if let program {
      for test in program.tests { diagnostics += program.run(test, granting: [.compute, .output]).diagnostics }
    }
    let found = diagnostics.filter { $0.severity == .error }.map { diagnostic -> String in
      let span = diagnostic.primary.span
      let file = span.file.name == main ? "" : span.file.name.dropFirst(folder.url.path.count + 1) + ":"
      return "\(file)\(span.line): \(diagnostic.code.id)"
    }.sorted()
    #expect(
      found == chunk.expected,
      "\(chunk.file):\(chunk.line)\n\(chunk.text)\n\(DiagnosticRenderer().text(diagnostics))")
  }

  @Test func thereAreFourHundredSamples() { #expect(Chunk.topics.flatMap(Chunk.all).count >= 400) }

  @Test(arguments: Chunk.topics) func everyTopicHasSamples(topic: String) {
    #expect(Chunk.all(topic).count >= 5)
  }
}
