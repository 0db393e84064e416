import Experiment
import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// Nothing from a recipe, a file's name, data or the command line steers the terminal or forges a line.
@Suite struct TerminalTests {
  /// ESC, BEL, C1, DEL, CR, marks of direction, separators, a line break, and what cannot be seen.
  static let hostile = "a\u{1B}[31m\u{1B}]0;x\u{7}\u{9B}1m\u{85}\u{7F}\u{8}\u{202E}\u{2066}\u{200F}\u{61C}\u{2028}\u{FEFF}\r\nerror: forged\tb"

  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// What is wrong with a text that reached a terminal.
  private func problem(_ text: String) -> String? {
    let bad = text.unicodeScalars.filter { scalar in
      [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
        && scalar != "\n" && scalar != "\t"
    }
    if !bad.isEmpty { return "\(bad.map { String($0.value, radix: 16) }) in \(text.debugDescription)" }
    let isForged = text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("error: forged") }
    return isForged ? "a line is forged in \(text.debugDescription)" : nil
  }

  @discardableResult
  private func run(_ arguments: [String], place: SourceLocation = #_sourceLocation) throws -> HarmoniaProgram.Outcome {
    let process = Process()
    process.executableURL = HarmoniaProgram.url
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    let (out, err) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (out, err)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = String(decoding: try out.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    let errors = String(decoding: try err.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    for text in [output, errors] {
      let problem = problem(text)
      #expect(problem == nil, "\(arguments): \(problem ?? "")", sourceLocation: place)
    }
    return HarmoniaProgram.Outcome(status: process.terminationStatus, out: output, err: errors)
  }

  private func write(_ text: String, _ name: String) throws {
    let url = folder.file(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  @Test func argumentsAreShown() throws {
    let name = Self.hostile
    try write("edition 1\nlet a = 1\n", "ok.recipe")
    for command in ["check", "fmt", "test", "run", "plan", "doc", "explain", "verify", "repl", "runs", "bench", "help"] {
      let said = try run([command, name])
      if command != "help" { #expect((said.out + said.err).contains(#"\u{1b}[31m"#), "\(command)") }
    }
    for arguments in [
      [name], ["--" + name], ["run", "ok.recipe", "--out=" + name, "--" + name], ["diff", name, name], ["check", "--json", name],
      ["embed", name, name, "--to", name], ["embed", name, name, "--to", name + ".npy"], ["check", "ok.recipe", "--limit=" + name],
      ["evaluate", "ok.recipe", "--run", name], ["check", "ok.recipe", "--set", name + "=1"], ["plan", "ok.recipe", "--recipe", name],
      ["bench", "--threads", name], ["run", "ok.recipe", "--out", name], ["check", "ok.recipe", "--set", "a=\"" + name],
    ] { try run(arguments) }
  }

  @Test func namesOfRecipesAreShown() throws {
    let name = Self.hostile + ".recipe"
    try write("edition 1\nlet a=1\nlet b = missing\ntest \"t\" { expect 1 == 2 }\n", name)
    try write("edition 1\nimport \"../x\" as x\nlet a = x.b\n", "deep/" + name)
    for command in ["check", "fmt", "test", "plan", "run"] { try run([command, name]) }
    for command in ["check", "test"] { try run([command, "deep/" + name]) }
    try run(["fmt", "--diff", name])
    try run(["check", "--json", name])
    try write("edition 1\nlet a = 1\n", name)
    #expect(try run(["check", name]).status == 0)
    #expect(try run(["fmt", "--check", name]).status == 0)
    #expect(try run(["test", name]).status == 0)
  }

  @Test func stringsOfRecipesAreShown() throws {
    let literal = Self.hostile.unicodeScalars.map { "\\u{\(String($0.value, radix: 16))}" }.joined()
    try write(
      """
      edition 1
      enum E { a }
      test "\(literal)" {
        print("\(literal)")
        expect "\(literal)" == "x"
        let a = load("\(literal)")
      }
      test "file" { let a = load("\(literal).npy") }
      """, "a.recipe")
    let text = try run(["test", "a.recipe"])
    #expect(text.status == 1 && text.out.contains(#"a\u{1b}[31m"#))
    // What a recipe prints may have lines; elsewhere than in `test` they are not marked as its own.
    try write("edition 1\ntest \"\(literal)\" { expect \"\(literal)\" == \"x\" }\n", "b.recipe")
    for arguments in [["check", "b.recipe"], ["plan", "b.recipe"], ["run", "b.recipe"], ["test", "--list", "a.recipe"], ["test", "--filter", "zzz", "a.recipe"], ["test", "--list", "--json", "a.recipe"]] {
      try run(arguments)
    }
    let json = try run(["test", "--json", "a.recipe"])
    for line in json.out.split(separator: "\n") {
      #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }
    #expect(json.out.contains(#"\u001b[31m"#) && json.out.contains(#"\u202e"#))
  }

  /// A comment or string that holds what misleads is refused, and its line shown with marks in their places.
  @Test func charactersThatMisleadAreRefusedAndShown() throws {
    for scalar in ["\u{9B}", "\u{202E}", "\u{2066}", "\u{200F}", "\u{2028}", "\u{1B}", "\u{7F}", "\r", "\u{0C}"] {
      try write("edition 1\nlet a = 1 // x\(scalar)y\nlet b = \"\(scalar)\"\n", "a.recipe")
      let outcome = try run(["check", "--untrusted", "a.recipe"])
      #expect(outcome.status == 2 && outcome.err.matches(of: /E0013/).count == 2, "\(outcome)")
    }
    try write("edition 1\nlet a = \"\u{200D}é👩‍🔬\" // \u{200B}\n", "a.recipe")
    #expect(try run(["check", "a.recipe"]).status == 0)
    let source = SourceFile(name: "a", text: "let \u{202E}a = missing")
    let diagnostic = Diagnostic(.unexpectedCharacter, "m", at: SourceSpan(file: source, lower: 11, upper: 18))
    let lines = DiagnosticRenderer().text(diagnostic).split(separator: "\n").map(String.init)
    #expect(lines.suffix(2) == [#"1 | let \u{202e}a = missing"#, "  |                 ^^^^^^^"], "\(lines)")
  }

  /// Styles of one's own reach a terminal, those of others do not.
  @Test func stylesAreOnesOwn() {
    let lines = Lines()
    #expect(DocCommand(word: "gh\u{1B}[8m").run(lines.terminal) == .failedCheck)
    #expect(lines.err == [#"error: recipes have no word `gh\u{1b}[8m`; `harmonia doc` lists them"#])
    let source = SourceFile(name: "a\u{1B}[8m\nb", text: "let a = 1 // \u{1B}[8m")
    let diagnostic = Diagnostic(
      .unexpectedCharacter, "\u{1B}[8mm\nn", at: SourceSpan(file: source, lower: 4, upper: 5), label: "\u{1B}[8m",
      notes: ["\u{1B}[8m"], help: "\u{1B}[8m")
    let text = DiagnosticRenderer(usesColor: true).text(diagnostic)
    #expect(!text.contains("\u{1B}[8m") && text.contains("\u{1B}[1;31m") && text.contains(#"\u{1b}[8mm\nn"#), "\(text)")
  }

  /// Folders of classes and pictures, from the plan to the report; and pictures that cannot be read.
  @Test func namesOfPicturesAreShown() throws {
    let name = Self.hostile
    let picture = try Data(contentsOf: Fixtures.url("images/rgb.png"))
    for split in ["train", "test"] {
      for kind in ["\(name)1", "<b>&\"'\(name)", "c\(name)"] {
        for index in 0..<6 {
          let url = folder.file("\(split)\(name)/\(kind)/\(index)\(name).png")
          try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
          try picture.write(to: url)
        }
      }
    }
    let literal = name.unicodeScalars.map { "\\u{\(String($0.value, radix: 16))}" }.joined()
    try write(
      """
      edition 1
      recipe r {
        length = 1ep
        data = two_views(source: folder("train\(literal)", labels: .subfolders, test: "test\(literal)"), augment: .simclr(size: 8), batch: 4)
        model = encoder(resnet(blocks: [1], width: 4), projector: mlp(output: 4))
        method = simclr()
        optimizer = sgd(lr: 0.05)
        evaluate = linear_probe(epochs: 2)
      }
      """, "a.recipe")
    for arguments in [["plan", "a.recipe"], ["plan", "--json", "a.recipe"], ["run", "a.recipe", "--out", "run\(name)"], ["runs", "."], ["runs", "--json", "."]] {
      let outcome = try run(arguments)
      #expect(outcome.status == 0, "\(outcome)")
    }
    let report = try String(contentsOf: folder.file("run\(name)/report.html"), encoding: .utf8)
    #expect(!report.contains("<b>&\"'") && !report.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" || $0 == "\u{9B}" })
    for arguments in [
      ["embed", "run\(name)/r", "test\(name)", "--to", "a\(name).npy"], ["evaluate", "a.recipe", "--run", "run\(name)"],
      ["diff", "run\(name)", "a.recipe"], ["diff", "run\(name)/r", "a.recipe", "--json"],
    ] { #expect(try run(arguments).status == 0) }
    try Data("no picture".utf8).write(to: folder.file("train\(name)/\(name)1/broken\(name).png"))
    for arguments in [
      ["plan", "a.recipe"], ["run", "a.recipe", "--out", "b"], ["run", "a.recipe", "--out", "run\(name)", "--resume"],
      ["embed", "run\(name)/r", "train\(name)", "--to", "b.npy"], ["embed", "run\(name)/r", "train\(name)", "--skip-broken", "--to", "b.npy"],
    ] { try run(arguments) }
  }
}
