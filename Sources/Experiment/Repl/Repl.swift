import Foundation
import RecipeLanguage
import VisibleText

/// `harmonia repl` without a terminal: lines in, lines out.
public struct Repl {
  /// What stands before a line that begins an input, and before one that goes on with it.
  public static let prompts = (first: "> ", more: ". ")

  private let console: Console
  private let renderer: DiagnosticRenderer
  var session: Session
  private let empty: Session
  private var pending: [String] = []
  /// Whether any input had an error.
  public private(set) var hasFailed = false
  /// Whether the user asked to leave.
  public private(set) var isDone = false

  /// A session with these words. Values go to `console.out`, what is said about inputs to `console.err`.
  public init(
    _ console: Console, catalogue: Catalogue = RecipeCatalogue.shared, folder: String = ".", limits: Limits = Limits()
  ) {
    self.console = console
    renderer = DiagnosticRenderer(usesColor: console.isTerminal)
    empty = Session(catalogue, folder: folder, limits: limits)
    session = empty
  }

  /// What stands before the next line.
  public var prompt: String { pending.isEmpty ? Repl.prompts.first : Repl.prompts.more }

  /// Takes a line. An input ends with the line that closes its brackets.
  public mutating func take(_ line: String) {
    if pending.isEmpty, let command = ReplCommandLine(line) { return carryOut(command) }
    pending.append(line)
    let text = pending.joined(separator: "\n")
    if Session.isIncomplete(text) { return }
    pending = []
    if !text.allSatisfy(\.isWhitespace) { enter(text) }
  }

  /// Forgets the lines of an input that is not complete.
  public mutating func cancel() { pending = [] }

  /// The end of all lines: an input that is not complete is an error.
  public mutating func finish() {
    let text = pending.joined(separator: "\n")
    pending = []
    if !text.isEmpty { enter(text) }
  }

  // MARK: Inputs

  private mutating func enter(_ text: String) {
    let console = console
    let printed = PrintedLines { console.out($0) }
    let reply = session.enter(text) { printed.add($0) }
    printed.finish()
    show(reply)
  }

  private mutating func show(_ reply: Session.Reply) {
    show(reply.diagnostics)
    for result in reply.results {
      switch result {
      case .value(let value, _): console.out(value.shown(by: session.catalogue))
      case .declared(let symbol, let again, let followers):
        guard again else { continue }
        let rest =
          followers.isEmpty ? "" : "; \(followers.joined(separator: ", ")) follow\(followers.count == 1 ? "s" : "")"
        console.err("note: `\(symbol.name)` was declared before and is now \(symbol.signature)\(rest)")
      case .tested(let name, let passed): console.out("test \"\(name.visibleLine)\" \(passed ? "passed" : "failed")")
      }
    }
  }

  mutating func show(_ diagnostics: [Diagnostic]) {
    guard !diagnostics.isEmpty else { return }
    if diagnostics.hasErrors { hasFailed = true }
    // What is on the screen need not be counted.
    console.styledErr(diagnostics.map { String(renderer.text($0).dropLast()) }.joined(separator: "\n\n"))
  }

  // MARK: Commands

  private mutating func carryOut(_ command: ReplCommandLine) {
    let argument = command.argument
    switch command.name {
    case .help: console.out(ReplCommandLine.help)
    case .quit: isDone = true
    case .reset:
      session = empty
      console.err("everything declared is forgotten")
    case .list:
      for symbol in session.symbols { console.out(listed(symbol)) }
      if session.symbols.isEmpty { console.err("nothing is declared yet") }
    case .type:
      if argument.isEmpty { return fail(":type needs an expression, for example `:type 2 * 0.5`") }
      let (type, diagnostics) = session.type(of: argument)
      show(diagnostics)
      if let type { console.out(type) }
    case .doc:
      if argument.isEmpty { return fail(":doc needs a word, for example `:doc ramp`") }
      let found = session.symbols(named: argument)
      if found.isEmpty { return fail("`\(argument)` is no word of recipes and is not declared") }
      console.out(found.map(page).joined(separator: "\n\n"))
    case .load:
      if argument.isEmpty { return fail(":load needs a file") }
      let before = session.symbols.count
      let reply = session.load(argument)
      show(reply.diagnostics)
      if reply.failed { return }
      let count = reply.results.count
      let news = session.symbols.count - before
      console.err(
        "\(argument.visibleLine): \(count) declaration\(count == 1 ? "" : "s")" + (news < count ? ", some of them again" : ""))
    case .plan: plan(argument)
    case nil: fail(command.problem)
    }
  }

  private func listed(_ symbol: Symbol) -> String {
    symbol.signature + (symbol.value.map { " = \($0.count > 80 ? $0.prefix(80) + "…" : $0)" } ?? "")
  }

  private func page(_ symbol: Symbol) -> String {
    var lines = [symbol.signature]
    if !symbol.doc.isEmpty { lines.append(symbol.doc) }
    lines += symbol.parts.map { "  " + $0.replacing("`", with: "") }
    if let value = symbol.value { lines.append("= " + (value.count > 400 ? value.prefix(400) + "…" : value)) }
    return lines.joined(separator: "\n")
  }

  private mutating func plan(_ name: String) {
    guard let program = session.program, !program.recipes.isEmpty else {
      return fail("there is no recipe to plan; declare one, or `:load` a file")
    }
    let request = RecipeRequest(file: "session", recipes: name.isEmpty ? [] : [name])
    guard let recipes = request.selection(of: program, console) else {
      hasFailed = true
      return
    }
    let status = PlanCommand(recipe: request, withoutData: true).show(program, recipes, console)
    if status != .success { hasFailed = true }
  }

  private mutating func fail(_ message: String) {
    hasFailed = true
    console.err("error: \(message)".visibleLine)
  }
}
