import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// Whatever the bytes are, there is an answer: no crash, no hang, and a program or an error.
@Suite struct RobustnessTests {
  private func survives(_ bytes: [UInt8]) -> [Diagnostic] {
    let (program, diagnostics) = Program.load(
      SourceFile(name: "fuzz", bytes: bytes), catalogue: SampleCatalogue.make(), overrides: [])
    #expect((program == nil) == diagnostics.hasErrors)
    _ = DiagnosticRenderer(usesColor: true).text(diagnostics)
    _ = DiagnosticRenderer().json(diagnostics)
    return diagnostics
  }

  @Test func mutatedSamplesAreAnswered() {
    var state: UInt64 = 88_172_645_463_325_252
    func random(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(max(limit, 1)))
    }
    let pieces: [[UInt8]] = [
      "{", "}", "(", ")", "[", "]", "\"", "\\(", "let ", "recipe ", "\n", "->", " then ", "..", "0x", "if ",
    ]
    .map { Array($0.utf8) }
    for topic in Chunk.topics {
      for chunk in Chunk.all(topic) {
        for _ in 0..<3 {
          var bytes = Array(chunk.text.utf8)
          guard !bytes.isEmpty else { continue }
          switch random(5) {
          case 0: bytes.removeSubrange(random(bytes.count)...)
          case 1: bytes[random(bytes.count)] = UInt8(random(256))
          case 2: bytes.insert(contentsOf: pieces[random(pieces.count)], at: random(bytes.count))
          case 3:
            let start = random(bytes.count)
            bytes.removeSubrange(start..<min(bytes.count, start + 1 + random(8)))
          default: bytes.swapAt(random(bytes.count), random(bytes.count))
          }
          _ = survives(bytes)
        }
      }
    }
  }

  @Test(arguments: ["(", "[", "-", "!", "if ", "f(", "[x for x in ", "a.b", "(1 + ", "x with { a = ", "\"\\("])
  func deepNestingIsADiagnostic(piece: String) {
    let text = "let a = " + String(repeating: piece, count: 20_000)
    let diagnostics = survives(Array(text.utf8))
    #expect(diagnostics.hasErrors)
    #expect(diagnostics.count <= 101)
  }

  @Test(arguments: [
    ("(", "1", ")"), ("-", "1", ""), ("abs(", "1", ")"), ("if true { ", "1", " } else { 2 }"), ("[", "1", "]"),
    ("[x for x in ", "1", "]"), ("simclr() with { temperature = sqrt(", "0.1", ") }"), ("min(1, ", "1", ")"),
  ])
  func nestingUpToTheLimitIsChecked(open: String, middle: String, close: String) {
    for depth in [40, 60, 100, 125] {
      let text = "let a = " + String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
      let codes = survives(Array(text.utf8)).map(\.code.id)
      if open == "(" || open == "-" || open == "abs(" || open == "min(1, " {
        #expect(codes.allSatisfy { $0 == "E0802" })
      }
    }
  }

  @Test(arguments: [
    "let a = 1" + String(repeating: " + 1", count: 50_000),
    "let a: Int" + String(repeating: "?", count: 50_000) + " = 1",
  ])
  func longChainsAreAnswered(text: String) { _ = survives(Array(text.utf8)) }

  @Test func nestedBlocksAreADiagnostic() {
    let text = "test \"t\" {\n" + String(repeating: "if true {\n", count: 10_000)
    #expect(survives(Array(text.utf8)).contains { $0.code.id == "E0802" })
  }

  @Test func invalidUTF8IsReportedOnce() {
    for bytes: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
      let codes = survives(Array("// ".utf8) + bytes + Array("\nlet a = 1\n".utf8)).map(\.code.id)
      #expect(codes == ["E0002"])
    }
    #expect(survives(Array("\u{FEFF}let a = 1 // ä€😀\r\nlet b = \"ß\"\r\n".utf8)).isEmpty)
  }

  @Test func valuesCannotGrowWithoutBound() {
    var doubling = "record Twin {\n  a: Twin?\n  b: Twin?\n}\n"
    #expect(survives(Array(doubling.utf8)).map(\.code.id) == ["E0209"])
    doubling = "let a0 = combined(base: simclr(), extra: gh())\n"
    for i in 1...300 { doubling += "let a\(i) = combined(base: a\(i - 1), extra: gh())\n" }
    #expect(survives(Array(doubling.utf8)).map(\.code.id) == ["E0802"])
    for seed in ["[1]", "\"xxxxxxxxxxxxxxxx\""] {
      var text = "let a0 = \(seed)\n"
      for i in 1...60 { text += "let a\(i) = a\(i - 1) + a\(i - 1)\n" }
      #expect(survives(Array(text.utf8)).map(\.code.id) == ["E0804"])
    }
    var schedules = "let a0 = hold(1, over: 1ep)\n"
    for i in 1...60 { schedules += "let a\(i) = a\(i - 1) then a\(i - 1)\n" }
    #expect(survives(Array(schedules.utf8)).map(\.code.id) == ["E0804"])
    var repeats = "let a0 = hold(1, over: 1ep)\n"
    for i in 1...300 { repeats += "let a\(i) = repeat(a\(i - 1), over: 1ep)\n" }
    #expect(survives(Array(repeats.utf8)).map(\.code.id) == ["E0802"])
    var lists = "let a0 = [1]\n"
    for i in 1...60 { lists += "let a\(i) = [a\(i - 1), a\(i - 1)]\n" }
    #expect(survives(Array(lists.utf8)).map(\.code.id) == ["E0802"])
  }

  /// What took time by the square of its size, until it was seen.
  @Test(arguments: [
    "let a# = missing\n", "recipe r# from missing {\n}\n", "task t# needs missing {\n}\n", "let a# = x.y\n",
    "let a# = f(x: 1)\n", "record P# {\n  a: Missing\n}\n", "record P# {\n  a: P#\n}\n", "let a# = .missing\n", "import \"x#\" as x#\n",
  ])
  func manyMistakesTakeLittleTime(line: String) {
    let text = (0..<4000).map { line.replacing("#", with: "\($0)") }.joined()
    let start = ContinuousClock.now
    #expect(survives(Array(text.utf8)).count == 101)
    // A debug build takes a second or two; by the square of its size it would be minutes.
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test func longNumbersAreNotRead() {
    let text = "let a = 0." + String(repeating: "0", count: 1_000_000) + "1ep\n"
    #expect(survives(Array(text.utf8)).map(\.code.id) == ["E0008"])
    let digits = String(repeating: "1", count: 398)
    #expect(survives(Array("let a = 0.\(digits)".utf8)).map(\.code.id) == [])
    #expect(survives(Array("let a = 0.\(digits)1".utf8)).map(\.code.id) == ["E0008"])
  }

  @Test func longAxesAreCountedBeforeTheyAreCompared() {
    let text = "recipe r {\n}\nsweep s from r {\n  axis seed in range(900000)\n}\n"
    #expect(survives(Array(text.utf8)).map(\.code.id) == ["E0608"])
  }

  @Test func anyMadeUpOverrideIsAnswered() {
    for text in [
      "=", "a=b=c", "a..b=1", ".=1", "seed=\"", "seed=\\(", "seed={", "\u{0}=1",
      "seed=" + String(repeating: "(", count: 5000),
    ] {
      #expect(load("recipe r {\n}", set: [text]).1.hasErrors)
    }
  }
}
