import Foundation

/// `harmonia repl`: a session of declarations and expressions.
public struct ReplCommand: Sendable {
  /// A file that is loaded first.
  public var file: String?

  public init(file: String? = nil) { self.file = file }

  /// On a terminal: with a prompt, editing and a history, until Ctrl-D. Otherwise: the lines of standard input, and
  /// `badRecipe` if one of them had an error.
  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: nil) else { return .failedRun }
    var repl = Repl(console)
    if let file { repl.take(":load \(file)") }
    if let terminal = RawTerminal() {
      console.err("Harmonia \(HarmoniaVersion.text); `:help` lists the commands, Ctrl-D leaves")
      interact(&repl, terminal, console)
      return .success
    }
    while !repl.isDone, let line = readLine() { repl.take(line) }
    repl.finish()
    return repl.hasFailed ? .badRecipe : .success
  }

  private func interact(_ repl: inout Repl, _ terminal: RawTerminal, _ console: Console) {
    var history = LineHistory.standard()
    var editor = LineEditor(history: history?.load() ?? [])
    func draw() {
      let view = LineView(prompt: repl.prompt, width: terminal.columns)
      terminal.write(view.drawing(of: editor.text, cursor: editor.cursor))
    }
    terminal.enter()
    defer { terminal.leave() }
    draw()
    while true {
      let bytes = terminal.read()
      guard !bytes.isEmpty else { return }
      for byte in bytes {
        switch editor.take(byte) {
        case .nothing: continue
        case .changed: break
        case .clearScreen: terminal.write("\u{1B}[H\u{1B}[2J")
        case .cancelled:
          repl.cancel()
          terminal.write("^C\r\n")
        case .end:
          terminal.write("\r\n")
          return
        case .line(let line):
          terminal.write("\r\n")
          // The work is done as any other program does it: line breaks are translated, and Ctrl-C stops it.
          terminal.leave()
          do {
            if !line.allSatisfy(\.isWhitespace) { try history?.append(line) }
          } catch {
            console.err("warning: the history cannot be kept: \(error.localizedDescription)")
            history = nil
          }
          repl.take(line)
          if repl.isDone { return }
          terminal.enter()
        }
        draw()
      }
    }
  }
}
