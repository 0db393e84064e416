import RecipeLanguage
import TestSupport
import Testing

/// Every code of the language: the example of its page yields it, the mended one yields nothing, and what is printed
/// for the example is what Fixtures/diagnostics holds. A new code without a snapshot fails here and says how to record
/// one.
@Suite struct SnapshotTests {
  private func example(_ code: DiagnosticCode) -> CodeExample {
    // The sample's recipes need no field; a missing one wants a schema that has one.
    let strict = Catalogue(recipe: RecordDefinition("recipe", fields: [FieldDefinition("seed", .int, doc: "A number.")]))
    return CodeExample(
      code, catalogue: code.id == "E0601" ? strict : SampleCatalogue.make(),
      base: code.id == "E0601" ? "recipe base {\n  seed = 1\n}" : "recipe base {\n}")
  }

  @Test(arguments: DiagnosticCode.all) func theExampleShowsTheCodeAndNoOther(code: DiagnosticCode) throws {
    let outcome = try example(code).failing()
    // More findings than are shown is a note about the others.
    let codes = Set(outcome.codes).subtracting(code.id == "E0807" ? ["E0201"] : [])
    #expect(codes == [code.id], "\(code.example)\n\(outcome.rendering)")
  }

  @Test(arguments: DiagnosticCode.all) func theMendedExampleIsRight(code: DiagnosticCode) throws {
    let outcome = try example(code).corrected()
    #expect(outcome.diagnostics.isEmpty, "\(code.id)\n\(code.corrected)\n\(outcome.rendering)")
  }

  @Test(arguments: DiagnosticCode.all) func theRenderingIsTheRecordedOne(code: DiagnosticCode) throws {
    let difference = try Snapshot.difference(example(code).failing().rendering, from: "diagnostics/\(code.id).txt")
    #expect(difference == nil, "\(difference ?? "")")
  }
}
