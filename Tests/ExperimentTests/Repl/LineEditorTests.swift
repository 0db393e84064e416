import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct LineEditorTests {
  /// The text after typing, with `|` where the cursor stands.
  private func typed(_ keys: String, history: [String] = []) -> String {
    var editor = LineEditor(history: history)
    for byte in keys.utf8 { _ = editor.take(byte) }
    return shown(editor)
  }

  private func shown(_ editor: LineEditor) -> String {
    String(editor.text[..<editor.cursor]) + "|" + String(editor.text[editor.cursor...])
  }

  static let left = "\u{1B}[D", right = "\u{1B}[C", up = "\u{1B}[A", down = "\u{1B}[B"

  @Test(arguments: [
    ("abc", "abc|"), ("abc\(left)\(left)x", "ax|bc"), ("abc\u{1}x", "x|abc"), ("abc\u{1}\u{5}x", "abcx|"),
    ("abc\u{1B}[Hx\u{1B}[Fy", "xabcy|"), ("abc\u{1B}OD\u{1B}OCx", "abcx|"), ("abc\u{7F}\u{8}", "a|"),
    ("abc\(left)\u{1B}[3~", "ab|"), ("abc\u{1}\u{4}", "|bc"), ("one two\u{17}", "one |"),
    ("one two  \u{17}\u{17}", "|"),
    ("one two\u{15}", "|"), ("one two\u{1}\u{B}\u{19}\u{19}", "one twoone two|"), ("\(left)\(right)\u{7F}a", "a|"),
    ("é😀𝔞", "é😀𝔞|"), ("é😀\(left)\(left)x", "x|é😀"), ("é😀\u{7F}", "é|"), ("e\u{301}x\(left)\u{7F}", "|x"),
    ("a\tb", "a  b|"), ("a\u{1B}[1;5Cb\u{1B}xc\u{0}\u{1C}", "abc|"), ("a\u{1B}[200~b", "ab|"),
  ])
  func keysEdit(keys: String, expected: String) { #expect(typed(keys) == expected) }

  @Test func bytesThatAreNoTextAreLeftOut() {
    var editor = LineEditor()
    for byte: UInt8 in [0x61, 0xFF, 0x80, 0xC3, 0x28, 0x62] { _ = editor.take(byte) }
    #expect(shown(editor) == "ab|")
  }

  @Test func theHistoryIsWalkedAndTheDraftKept() {
    let history = ["first", "second"]
    #expect(typed("dra\(Self.up)", history: history) == "second|")
    #expect(typed("dra\(Self.up)\(Self.up)\(Self.up)", history: history) == "first|")
    #expect(typed("dra\(Self.up)\(Self.up)\(Self.down)", history: history) == "second|")
    #expect(typed("dra\(Self.up)\(Self.down)\(Self.down)", history: history) == "dra|")
    #expect(typed("\u{10}\u{10}\u{E}", history: history) == "second|")
    #expect(typed("a\rb\rb\r \r\(Self.up)\(Self.up)") == "a|")
  }

  @Test func linesCancellingAndTheEndAreEvents() {
    var editor = LineEditor()
    #expect(editor.take(UInt8(ascii: "x")) == .changed)
    #expect(editor.take(0x03) == .cancelled)
    #expect(editor.text.isEmpty && editor.history.isEmpty)
    #expect(editor.take(UInt8(ascii: "y")) == .changed)
    #expect(editor.take(0x04) == .nothing)
    #expect(editor.take(0x0D) == .line("y"))
    #expect(editor.take(0x0C) == .clearScreen)
    #expect(editor.take(0x04) == .end)
  }

  @Test func aLongLineShowsThePartAroundTheCursor() {
    let view = LineView(prompt: "> ", width: 20)
    let text = Array("abcdefghijklmnopqrstuvwxyz")
    #expect(view.drawing(of: text, cursor: 0) == "\r> abcdefghijklmnopq\u{1B}[K\r\u{1B}[2C")
    #expect(view.drawing(of: text, cursor: 26) == "\r> jklmnopqrstuvwxyz\u{1B}[K\r\u{1B}[19C")
    #expect(view.drawing(of: Array("😀é"), cursor: 2) == "\r> 😀é\u{1B}[K\r\u{1B}[5C")
    #expect(LineView.columns("語") == 2 && LineView.columns("e\u{301}") == 1)
  }
}

@Suite struct LineHistoryTests {
  @Test func linesAreKeptForTheNextSession() throws {
    let folder = try TemporaryFolder()
    let history = LineHistory(url: folder.file("state/harmonia/history"))
    #expect(history.load().isEmpty)
    try history.append("let é = 1")
    try history.append("two\nlines")
    #expect(history.load() == ["let é = 1", "two lines"])
    let attributes = try FileManager.default.attributesOfItem(atPath: history.url.path)
    #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
  }

  @Test func aLongHistoryIsCut() throws {
    let folder = try TemporaryFolder()
    let history = LineHistory(url: folder.file("history"))
    let lines = (0..<2500).map { "line \($0)" }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: history.url)
    #expect(history.load() == Array(lines.suffix(1000)))
    #expect(try String(contentsOf: history.url, encoding: .utf8).split(separator: "\n").count == 1000)
  }

  @Test func itLiesWhereTheEnvironmentSays() {
    #expect(LineHistory.standard(["XDG_STATE_HOME": "/state", "HOME": "/me"])?.url.path == "/state/harmonia/history")
    #expect(LineHistory.standard(["HOME": "/me"])?.url.path == "/me/.local/state/harmonia/history")
    #expect(LineHistory.standard(["XDG_STATE_HOME": "relative"]) == nil)
  }

  @Test func aPlaceThatCannotBeWrittenIsAnError() {
    #expect(throws: (any Error).self) { try LineHistory(url: URL(filePath: "/dev/null/history")).append("x") }
  }
}
