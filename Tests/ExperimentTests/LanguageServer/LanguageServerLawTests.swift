import Experiment
import Foundation
import RecipeLanguage
import TestSupport
import Testing

@Suite struct LanguageServerLawTests {
  /// A text as a client keeps it: UTF-16 code units, positions by line and unit.
  struct ClientText {
    var units: [UInt16]

    /// Offsets a client can name: not inside a surrogate pair, not between CR and LF.
    var places: [Int] {
      (0...units.count).filter { offset in
        guard offset > 0, offset < units.count else { return true }
        if UTF16.isTrailSurrogate(units[offset]) { return false }
        return !(units[offset - 1] == 0x0D && units[offset] == 0x0A)
      }
    }

    func position(_ offset: Int) -> JSONValue {
      var (line, start) = (0, 0)
      for index in 0..<offset {
        let isBreak =
          units[index] == 0x0A || units[index] == 0x0D && (index + 1 == units.count || units[index + 1] != 0x0A)
        if isBreak { (line, start) = (line + 1, index + 1) }
      }
      return .object(["line": .int(line), "character": .int(offset - start)])
    }

    var text: String { String(decoding: units, as: UTF16.self) }
  }

  @Test(arguments: 1...8) func theServersTextIsTheClients(seed: Int) throws {
    var random = SmallRandom(seed: UInt64(seed))
    let client = try TranscriptClient()
    _ = try client.run("initialize", [])
    var text = ClientText(units: Array("let é = \"😀\"\r\nlet b = 1\rlet c = 2\n".utf16))
    _ = try client.run("open a.recipe", [text.text])
    let pieces = ["", "x", "é", "😀", "\n", "\r\n", "\r", "let z = 3\n", "}", "\"", "𝔞\r", "\u{301}"]
    for step in 0..<150 {
      var changes: [JSONValue] = []
      for _ in 0..<(1 + random.next(3)) {
        let places = text.places
        let ends = [places[random.next(places.count)], places[random.next(places.count)]].sorted()
        let upper = random.next(3) == 0 ? ends[1] : min(ends[1], ends[0] + random.next(3))
        let end = places.last { $0 <= upper } ?? ends[0]
        let new = pieces[random.next(pieces.count)]
        let range: JSONValue = .object(["start": text.position(ends[0]), "end": text.position(max(end, ends[0]))])
        changes.append(.object(["range": range, "text": .string(new)]))
        text.units.replaceSubrange(ends[0]..<max(end, ends[0]), with: new.utf16)
      }
      _ = client.session.receive(
        MessageStream.framed(
          .object([
            "jsonrpc": "2.0", "method": "textDocument/didChange",
            "params": .object([
              "textDocument": .object(["uri": .string(client.uri("a.recipe")), "version": .int(step + 2)]),
              "contentChanges": .array(changes),
            ]),
          ])))
      let server = client.session.server.text(of: client.uri("a.recipe"))
      // Swift's `==` on strings would not tell é from e and an accent.
      #expect(server.map { Array($0.utf8) } == Array(text.text.utf8), "after step \(step)")
    }
  }

  static let recipe = """
    /// The highest rate
    let peak = 0.5
    let rates = [x * peak for x in [1.0, 2.0] if x > peak]
    func scaled(_ x: Float, by: Float = peak) -> Float {
      let y = x * by
      if y > peak { return y } else { return by }
    }
    enum Size { small large }
    record Box {
      size: Size = .small
      width: Float
    }
    recipe base {
      rate = scaled(peak, by: rates[0])
    }
    recipe derived from base {
      rate = ramp(0 -> peak, over: 2ep) then hold(peak)
    }
    sweep grid from derived {
      axis seed in [0, 1]
      axis high in [peak, 0.7]
      skip when high > 0.6 && seed == 1
      rate = high
    }
    task report needs grid { print("\\(string(grid))") }
    test "boxes" {
      let box = Box(size: .large, width: peak)
      let other = box with { size = Size.small }
      for scale in [peak, 2.0] { expect scaled(box.width, by: scale) > 0.0 }
      expect other.size == .small && "\\(peak)" != ""
    }
    """

  /// Every name in the recipe, by its offset.
  static let names: [Int] = {
    let bytes = Array(recipe.utf8)
    func isPart(_ byte: UInt8) -> Bool { byte == 0x5F || byte > 0x40 && byte < 0x7B || byte > 0x2F && byte < 0x3A }
    return bytes.indices.filter { isPart(bytes[$0]) && ($0 == 0 || !isPart(bytes[$0 - 1])) }
  }()

  @Test func theRecipeHasNoErrors() {
    let found = analysis(Self.recipe).diagnostics
    #expect(found.isEmpty, "\(DiagnosticRenderer().text(found))")
  }

  @Test func theDefinitionOfEveryReferenceIsADeclaration() {
    let analysis = analysis(Self.recipe)
    var found = 0
    for offset in Self.names {
      guard let place = analysis.definition(at: offset) else { continue }
      found += 1
      let declared = analysis.references(at: place.lower).filter(\.isDeclaration)
      #expect(declared.map(\.span) == [place], "at \(offset)")
      #expect(analysis.references(at: offset).contains { $0.span.lower == offset }, "at \(offset)")
      #expect(analysis.definition(at: place.lower) == place)
    }
    #expect(found > 60)
  }

  @Test func renamingAndRenamingBackGivesTheSameText() throws {
    let before = analysis(Self.recipe)
    var renamed = 0
    for offset in Self.names {
      guard (try? before.renamable(at: offset)) != nil, let name = before.name(at: offset) else { continue }
      renamed += 1
      let (there, moved) = try applied("surprise_\(renamed)", at: offset, in: Self.recipe)
      let after = analysis(there)
      #expect(after.means(theSameAs: before), "\(name.text) at \(offset)")
      #expect(after.diagnostics.isEmpty, "\(there)")
      #expect(try applied(name.text, at: moved, in: there).0 == Self.recipe, "\(name.text) at \(offset)")
    }
    #expect(renamed > 60)
  }

  private func analysis(_ text: String) -> Analysis {
    Analysis(SourceFile(name: "a.recipe", text: text), path: nil, catalogue: EditorCatalogue.shared)
  }

  /// The text with what stands at an offset renamed, and where that name is then.
  private func applied(_ name: String, at offset: Int, in text: String) throws -> (String, Int) {
    let references = analysis(text).references(at: offset)
    var bytes = Array(text.utf8)
    var moved = offset
    for reference in references.reversed() {
      bytes.replaceSubrange(reference.span.lower..<reference.span.upper, with: name.utf8)
      if reference.span.lower < offset { moved += name.utf8.count - (reference.span.upper - reference.span.lower) }
    }
    return (String(decoding: bytes, as: UTF8.self), moved)
  }
}

/// A few random bits, the same every time.
struct SmallRandom {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// A number below `limit`.
  mutating func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((state >> 33) % UInt64(limit))
  }
}

@Suite struct LongListTests {
  @Test func aListThatIsTooLongIsCutToWhatIsTyped() throws {
    let client = try TranscriptClient()
    _ = try client.run("initialize", [])
    let names = (0..<1200).map { "let \($0 % 2 == 0 ? "even" : "odd")_\($0) = \($0)" }
    _ = try client.run("open a.recipe", names + ["let x = odd_"])
    func items(_ character: Int) -> (labels: [String], isIncomplete: JSONValue?) {
      let position: JSONValue = .object(["line": .int(1200), "character": .int(character)])
      let result = client.result(
        "textDocument/completion",
        [.init("textDocument", client.identifier("a.recipe")), .init("position", position)])
      return (result?["items"]?.elements?.compactMap { $0["label"]?.text } ?? [], result?["isIncomplete"])
    }
    let all = items(8)
    #expect(all.labels.count == 500 && all.isIncomplete == true)
    let odd = items(12)
    #expect(odd.labels.count == 500 && odd.labels.allSatisfy { $0.hasPrefix("odd_") } && odd.isIncomplete == true)
  }
}
