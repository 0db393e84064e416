import ArgumentParser
import Experiment

struct Doc: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what a word of recipes means, or list all words by topic.",
    discussion: """
      Records with their fields (type, unit, range, default, other names), functions, enums and their members, units, \
      types, keywords: from the catalogue that the checker uses.

        harmonia doc                 all words by topic
        harmonia doc gh              a constructor
        harmonia doc gh.starts       one of its fields
        harmonia doc temperature     every field of this name
        harmonia doc ep              a unit
        harmonia doc --markdown      the whole reference as a page
        harmonia doc --grammar       colours for editors, as in Scripts/editor
      """)

  @Argument(help: "A word, or word.field.")
  var word: String?

  @Flag(help: "Print the whole reference as Markdown.")
  var markdown = false

  @Flag(help: "Print the colours of recipes for editors, as a TextMate grammar (.tmLanguage.json).")
  var grammar = false

  func validate() throws {
    if [markdown, grammar, word != nil].count(where: { $0 }) > 1 {
      throw ValidationError("a word, --markdown and --grammar are three different things; leave two of them out")
    }
  }

  func run() throws {
    try finish(DocCommand(word: word, markdown: markdown, grammar: grammar).run(.standard))
  }
}
