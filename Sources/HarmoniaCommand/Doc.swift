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
      """)

  @Argument(help: "A word, or word.field.")
  var word: String?

  @Flag(help: "Print the whole reference as Markdown.")
  var markdown = false

  func validate() throws {
    if markdown, word != nil { throw ValidationError("--markdown prints the whole reference; leave the word out") }
  }

  func run() throws { try finish(DocCommand(word: word, markdown: markdown).run(.standard)) }
}
