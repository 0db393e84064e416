import RecipeLanguage
import Testing

@Suite struct DiagnosticTests {
  @Test func codesAreUniqueAndExplained() {
    #expect(Set(DiagnosticCode.all.map(\.id)).count == DiagnosticCode.all.count)
    #expect(DiagnosticCode.all.count >= 60)
    for code in DiagnosticCode.all {
      #expect(!code.title.isEmpty && code.explanation.count > 20, "\(code.id)")
      #expect(code.page.hasPrefix(code.id))
      #expect(!code.example.isEmpty && !code.corrected.isEmpty, "\(code.id) needs an example, and the same mended")
    }
    #expect(DiagnosticCode.named("e0203")?.title == "unknown argument")
  }

  @Test func aMisspeltArgumentIsRenderedWithItsCall() {
    let text = "let m = simclr() + gh(\n  weight: 0.5,\n  momentun: 0.1)\n"
    let expected = """
      error[E0203]: `gh` has no argument `momentun`
       --> test.recipe:3:3
        |
      1 | let m = simclr() + gh(
        |                    -- this call
        …
      3 |   momentun: 0.1)
        |   ^^^^^^^^ not an argument of `gh`
      help: did you mean `momentum`?  (Float or schedule, at least 0 and below 1, default 0.999)

      """
    #expect(DiagnosticRenderer().text(load(text).1[0]) == expected)
  }

  @Test func aGapIsDrawn() {
    let text = "recipe r {\n  length = 100ep\n  rate = ramp(0 -> 1, over: 10ep) then hold(1, until: 50ep)\n}\n"
    let rendered = DiagnosticRenderer().text(load(text).1[0])
    #expect(
      rendered == """
        error[E0501]: `rate`: the schedule ends at 50ep, but the run goes on to 100ep
         --> test.recipe:3:40
          |
        3 |   rate = ramp(0 -> 1, over: 10ep) then hold(1, until: 50ep)
          |                                        ^^^^^^^^^^^^^^^^^^^^
          |          -------------------------------------------------- used for `rate`
          = note: 0 ─ ramp ─ 10ep ─ hold ─ 50ep │ the run ends at 100ep
        help: leave out the end of the last segment, or add `then hold(…)`

        """)
  }

  @Test func jsonHasPlacesAndFixes() {
    let json = DiagnosticRenderer().json(load("let a = True\n").1)
    #expect(json.contains("\"code\": \"E0110\""))
    #expect(json.contains("\"line\": 1, \"column\": 9, \"endLine\": 1, \"endColumn\": 13"))
    #expect(json.contains("\"replacement\": \"true\""))
    #expect(DiagnosticRenderer().json([]) == "[]\n")
  }

  @Test func longAndStrangeLinesAreCut() {
    let text = "let a = [" + String(repeating: "1, ", count: 5000) + "missing, \t\u{1}]"
    let rendered = DiagnosticRenderer().text(load(text).1)
    #expect(rendered.count < 2000 && rendered.contains("missing"))
    #expect(!rendered.contains("\u{1}"))
  }

  @Test func theSampleCatalogueIsSound() { #expect(SampleCatalogue.make().problems() == []) }

  @Test func anUnsoundCatalogueIsDescribed() {
    var catalogue = Catalogue(
      recipe: RecordDefinition(
        "recipe",
        fields: [
          FieldDefinition("a", .enumeration("Nothing")), FieldDefinition("b", .int, default: .value("x")),
          FieldDefinition("c", .float, default: 5, range: .between(0, 1)),
          FieldDefinition("d", .int, default: .source("1 +")),
        ]), lengthField: "length")
    catalogue.add(FunctionDefinition("sqrt", parameters: [], result: .host("T")) { _, _ in .none })
    #expect(catalogue.problems().count == 7, "\(catalogue.problems())")
  }
}
