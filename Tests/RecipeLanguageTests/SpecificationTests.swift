import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// The examples of SPEC.md yield exactly the errors that stand behind their lines, and no others.
@Suite struct SpecificationTests {
  private static let page = Fixtures.root.deletingLastPathComponent().appending(path: "Sources/RecipeLanguage/SPEC.md")

  /// The fenced examples, each as a sample with its line in the page.
  static let examples: [Chunk] = {
    let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
    var result: [Chunk] = []
    var open: (line: Int, lines: [Substring])?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line == "```recipe" {
        open = (index + 2, [])
      } else if line == "```", let example = open {
        result.append(Chunk(file: "SPEC.md", line: example.line, text: example.lines.joined(separator: "\n")))
        open = nil
      } else {
        open?.lines.append(line)
      }
    }
    return result
  }()

  @Test(arguments: examples) func theExampleIsTrue(example: Chunk) {
    var text = example.text
    if text.contains("base"), !text.contains("recipe base") { text += "\nrecipe base {\n}" }
    let source = SourceFile(name: "\(example)", text: text)
    var (program, diagnostics) = Program.load(source, catalogue: SampleCatalogue.make())
    if let program {
      for test in program.tests { diagnostics += program.run(test, granting: [.compute, .output]).diagnostics }
    }
    let found = diagnostics.filter { $0.severity == .error }.map { "\($0.primary.span.line): \($0.code.id)" }.sorted()
    #expect(
      found == example.expected, "SPEC.md:\(example.line)\n\(text)\n\(DiagnosticRenderer().text(diagnostics))")
  }

  @Test func everySectionHasAnExampleAndThePageIsShort() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let sections = text.components(separatedBy: "\n## ").dropFirst(2)
    #expect(sections.count >= 9 && sections.allSatisfy { $0.contains("```recipe") })
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 500 && lines.allSatisfy { $0.count <= 120 })
  }
}
