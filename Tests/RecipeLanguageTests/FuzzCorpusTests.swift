import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// What fuzzing keeps in `Fixtures/fuzz/language`: inputs that go new ways, and what it has found, mended since. The
/// fuzz target in Tests/Fuzz/Language holds them to the same promises with the catalogue of recipes.
@Suite struct FuzzCorpusTests {
  private static let files = ((try? FileManager.default.contentsOfDirectory(
    at: Fixtures.url("fuzz/language"), includingPropertiesForKeys: nil)) ?? []).sorted { $0.path < $1.path }

  @Test func everyInputIsAnswered() throws {
    #expect(Self.files.count > 20)
    for file in Self.files {
      let bytes = [UInt8](try Data(contentsOf: file))
      #expect(bytes.count <= 8192, "\(file.lastPathComponent) is large for a corpus")
      let source = SourceFile(name: file.lastPathComponent, bytes: bytes)
      let (program, diagnostics) = Program.load(source, catalogue: SampleCatalogue.make(), limits: .untrusted)
      #expect((program == nil) == diagnostics.hasErrors)
      for test in program?.tests ?? [] { _ = program?.run(test, granting: [.output]) }
      _ = DiagnosticRenderer(usesColor: true).text(diagnostics)
      _ = DiagnosticRenderer().json(diagnostics)
      if source.firstInvalidByte == nil {
        FormatterLawTests.lawsHold(for: source.text(0..<source.bytes.count), file.lastPathComponent)
      }
    }
  }
}
