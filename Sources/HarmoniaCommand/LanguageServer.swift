import ArgumentParser
import Experiment

struct LanguageServer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp",
    abstract: "Serve an editor: diagnostics, hovers, completion, definitions, renaming.",
    discussion: """
      Speaks the Language Server Protocol on standard input and output. Tell your editor to start `harmonia lsp` for \
      files that end in .recipe, for example in Neovim:

        vim.lsp.config("harmonia", { cmd = { "harmonia", "lsp" }, filetypes = { "recipe" } })
        vim.lsp.enable("harmonia")
      """)

  @Flag(help: .hidden)
  var stdio = false

  func run() throws {
    let status = LanguageServerCommand().run()
    if status != 0 { throw ExitCode(status) }
  }
}
