import RecipeLanguage
import Testing

@Suite struct GlossaryTests {
  let reference = Glossary(SampleCatalogue.make())

  @Test func everyWordOfTheLanguageIsThere() {
    let keywords = Set(reference.topics.first { $0.title == "Keywords" }?.entries.map(\.name) ?? [])
    #expect(keywords == Keyword.reserved.union(Keyword.declarations).union(Keyword.contextual))
    let units = reference.topics.first { $0.title == "Units" }?.entries ?? []
    #expect(units.map(\.name) == Unit.all.map(\.suffix) && units.allSatisfy { !$0.doc.isEmpty })
    #expect(reference.entries.filter { $0.name == "ramp" }.count == 1)
  }

  /// What the pages show of the language works.
  @Test func theExamplesOfKeywordsParse() {
    for entry in reference.entries where entry.kind == "keyword" && entry.example.hasPrefix(entry.name) {
      guard Keyword.declarations.contains(entry.name), entry.name != "import" else { continue }
      let codes = load(entry.example).1.map(\.code.id)
      // Names stand for something that is declared elsewhere.
      #expect(codes.allSatisfy { ["E0201", "E0611"].contains($0) }, "\(entry.example): \(codes)")
    }
  }

  @Test func theTypesThatAreListedAreTypes() {
    for entry in reference.entries where entry.kind == "type" && entry.example.hasPrefix("let") {
      #expect(load(entry.example).1.isEmpty, "\(entry.example)")
    }
  }

  @Test func wordsAreFoundByNameFieldAndFold() {
    #expect(reference.entries(for: "gh").map(\.form) == ["gh(…) → Extra"])
    #expect(reference.entries(for: "gh.weight").first?.rows.map(\.name) == ["weight"])
    #expect(Set(reference.entries(for: "temperature").map(\.name)) == ["simclr", "focal"])
    #expect(reference.entries(for: "simplex").map(\.kind).sorted() == ["function", "record"])
    #expect(reference.entries(for: "nothing").isEmpty)
    #expect(reference.suggestion(for: "tau") == "temperature")
  }

  @Test func thePageIsATableAWord() {
    let page = reference.markdown(head: "# Words")
    #expect(page.hasPrefix("# Words\n\n- [Fields of a recipe](#fields-of-a-recipe)\n"))
    #expect(page.contains("| `lr` | Float or schedule | above 0 and at most 10 | required | Learning rate. *(elsewhere: learning_rate)* |"))
    #expect(page.contains("### `source.long_tail(…) → Source`"))
    #expect(page.contains("| `.cifar` | 3×3 *(elsewhere: small)* |"))
  }
}
