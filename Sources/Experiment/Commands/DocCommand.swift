import RecipeLanguage
import VisibleText

/// `harmonia doc [WORD]`: what the words of recipes mean, from the catalogue itself.
public struct DocCommand: Sendable {
  public var word: String?
  /// The whole reference as Markdown.
  public var markdown: Bool
  /// The grammar for editors.
  public var grammar: Bool

  public init(word: String? = nil, markdown: Bool = false, grammar: Bool = false) {
    self.word = word
    self.markdown = markdown
    self.grammar = grammar
  }

  /// The committed page; a test holds it against the catalogue.
  public static var page: String {
    Glossary(RecipeCatalogue.shared).markdown(
      head: """
        # The words of recipes

        Made from the catalogue; do not edit. To make it anew:

            harmonia doc --markdown > Sources/Experiment/Catalogue/REFERENCE.md
        """)
  }

  public func run(_ console: Console) -> ExitStatus {
    if grammar {
      console.out(String(TextMateGrammar().text.dropLast()))
      return .success
    }
    if markdown {
      // The console ends each line itself.
      console.out(String(Self.page.dropLast()))
      return .success
    }
    let reference = Glossary(RecipeCatalogue.shared)
    let usesColor = console.isOutputTerminal
    guard let word else {
      console.styledOut(reference.index(usesColor: usesColor))
      console.out("\n`harmonia doc WORD` says what a word means, `harmonia explain CODE` what a diagnostic does.")
      return .success
    }
    let entries = reference.entries(for: word)
    guard !entries.isEmpty else {
      let guess = reference.suggestion(for: word).map { "did you mean `\($0)`?" } ?? "`harmonia doc` lists them"
      console.err("error: recipes have no word `\(word.visibleLine)`; \(guess)")
      return .failedCheck
    }
    console.styledOut(entries.map { Glossary.text($0, usesColor: usesColor) }.joined(separator: "\n\n"))
    return .success
  }
}
