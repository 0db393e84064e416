import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// One sample of a file in `Fixtures/language`: text between two lines `---`, with the codes that are expected.
struct Chunk: CustomTestStringConvertible, Sendable {
  let file: String
  let line: Int
  let text: String
  var testDescription: String { "\(file):\(line)" }

  /// `line: code` for every `// E0203` at the end of a line; `// ^E0203` on a line of its own means the line above.
  var expected: [String] {
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
    return result.sorted()
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
    "tests",
  ]
}

@Suite struct ChunkTests {
  @Test(arguments: Chunk.topics.flatMap(Chunk.all))
  func findsExactlyTheExpectedErrors(chunk: Chunk) {
    let source = SourceFile(name: "\(chunk.file):\(chunk.line)", text: chunk.text)
    var (program, diagnostics) = Program.load(source, catalogue: SampleCatalogue.make())
    if let program {
      for test in program.tests { diagnostics += program.run(test, granting: [.compute, .output]).diagnostics }
    }
    let found = diagnostics.filter { $0.severity == .error }.map { "\($0.primary.span.line): \($0.code.id)" }.sorted()
    #expect(
      found == chunk.expected,
      "\(chunk.file):\(chunk.line)\n\(chunk.text)\n\(DiagnosticRenderer().text(diagnostics))")
  }

  @Test(arguments: Chunk.topics) func everyTopicHasSamples(topic: String) {
    #expect(Chunk.all(topic).count >= 5)
  }
}
