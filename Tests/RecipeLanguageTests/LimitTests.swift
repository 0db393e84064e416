import Foundation
import RecipeLanguage
import TestSupport
import Testing

/// Every limit lets through what just reaches it, stops what goes one beyond, and says how it is raised.
@Suite struct LimitTests {
  /// A text that needs exactly `amount` of a limit.
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: Limits.Name
    let amount: Int
    let code: String
    let text: String
    var testDescription: String { "\(name.rawValue) \(amount)" }
  }

  static let samples: [Sample] = [
    Sample(name: .sourceBytes, amount: 9, code: "E0801", text: "let a = 1"),
    Sample(name: .nesting, amount: 4, code: "E0802", text: "let a = (((1)))"),
    Sample(name: .nesting, amount: 5, code: "E0802", text: "test \"t\" {\n  if true {\n    print(\"\")\n  }\n}"),
    Sample(name: .typeDepth, amount: 2, code: "E0802", text: "let a = [[1]]"),
    Sample(name: .typeDepth, amount: 2, code: "E0802", text: "func f(a: [[String: Int]]) -> Int { 1 }"),
    Sample(name: .fuel, amount: 4, code: "E0803", text: "let a = range(3)"),
    Sample(name: .fuel, amount: 7, code: "E0803", text: "let a = [x for x in range(3)]"),
    Sample(name: .elements, amount: 3, code: "E0804", text: "let a = range(3)"),
    Sample(name: .elements, amount: 4, code: "E0804", text: "let a = [1, 2] + [3, 4]"),
    Sample(name: .elements, amount: 4, code: "E0804", text: "let a = \"ab\" + \"cd\""),
    Sample(
      name: .callDepth, amount: 3, code: "E0805",
      text: "func a() -> Int { 1 }\nfunc b() -> Int { a() }\nfunc c() -> Int { b() }\nlet x = c()"),
    Sample(name: .memory, amount: 4 * 64, code: "E0808", text: "let a = range(3)"),
    Sample(name: .memory, amount: 8 * 64, code: "E0808", text: "let a = range(3)\nlet b = range(3)"),
    Sample(name: .memory, amount: 1000, code: "E0808", text: "let a = \"\(String(repeating: "x", count: 999))\" + \"y\""),
    Sample(name: .output, amount: 6, code: "E0809", text: "test \"t\" {\n  print(\"hello\")\n}"),
    Sample(name: .output, amount: 8, code: "E0809", text: "test \"t\" {\n  print(\"abc\")\n  print(\"def\")\n}"),
    Sample(
      name: .cells, amount: 6, code: "E0608",
      text: "recipe r {}\nsweep s from r {\n  axis seed in [1, 2, 3]\n  axis batch in [2, 4]\n}"),
    Sample(name: .cells, amount: 3, code: "E0608", text: "recipe r {}\nsweep s from r {\n  axis seed in [1, 2, 3]\n}"),
  ]

  private func diagnostics(_ text: String, _ limits: Limits) -> [Diagnostic] {
    var (program, diagnostics) = load(text, limits: limits)
    for test in program?.tests ?? [] { diagnostics += program!.run(test, granting: [.output]).diagnostics }
    return diagnostics
  }

  @Test(arguments: samples) func holdsExactly(sample: Sample) throws {
    var limits = Limits()
    limits[sample.name] = sample.amount
    #expect(diagnostics(sample.text, limits).map(\.code.id) == [])
    limits[sample.name] = sample.amount - 1
    let found = diagnostics(sample.text, limits)
    #expect(found.map(\.code.id) == [sample.code])
    let help = try #require(found.first?.help)
    let remedy = try #require(help.firstMatch(of: /--limit ([a-z_]+=\d+)/)).1
    // What it says is what helps.
    try limits.set(String(remedy))
    #expect(limits[sample.name] >= sample.amount)
    #expect(diagnostics(sample.text, limits).isEmpty)
  }

  @Test func everyLimitHasASample() {
    let others: Set<Limits.Name> = [.imports, .diagnostics]  // below
    #expect(Set(Self.samples.map(\.name)).union(others) == Set(Limits.Name.allCases))
  }

  @Test func importsAreCounted() throws {
    let folder = try TemporaryFolder()
    var main = ""
    for index in 0..<3 {
      try Data("let a = 1\n".utf8).write(to: folder.file("m\(index).recipe"))
      main += "import \"m\(index).recipe\" as m\(index)\n"
    }
    try Data(main.utf8).write(to: folder.file("main.recipe"))
    func check(_ imports: Int) -> [Diagnostic] {
      var limits = Limits()
      limits.imports = imports
      return Program.load(folder.file("main.recipe").path, catalogue: SampleCatalogue.make(), limits: limits).diagnostics
    }
    #expect(check(3).isEmpty)
    #expect(check(2).map(\.code.id) == ["E0806"])
    #expect(check(2).first?.help == "raise the limit with `--limit imports=4`")
  }

  @Test func diagnosticsAreCounted() {
    let text = (0..<10).map { "let a\($0) = missing\n" }.joined()
    var limits = Limits()
    limits.diagnostics = 10
    #expect(load(text, limits: limits).1.map(\.code.id) == Array(repeating: "E0201", count: 10))
    limits.diagnostics = 9
    let found = load(text, limits: limits).1
    #expect(found.map(\.code.id) == Array(repeating: "E0201", count: 9) + ["E0807"])
    #expect(found.last?.help?.contains("--limit diagnostics=10") == true)
  }

  @Test func aFileThatIsTooLargeIsNotReadToItsEnd() throws {
    let folder = try TemporaryFolder()
    try Data("let a = 12".utf8).write(to: folder.file("a.recipe"))
    var limits = Limits()
    for (bytes, codes) in [(10, []), (9, ["E0801"])] {
      limits.sourceBytes = bytes
      let found = Program.load(folder.file("a.recipe").path, catalogue: SampleCatalogue.make(), limits: limits).1
      #expect(found.map(\.code.id) == codes)
    }
    let zero = Program.load("/dev/zero", catalogue: SampleCatalogue.make(), limits: limits).diagnostics
    #expect(zero.map(\.code.id) == ["E0001"])
  }

  @Test func memoryIsThatOfWhatIsNeededAtTheSameTime() {
    let text = """
      func f(n: Int) -> Int { range(n).count }
      let a = [f(n: 100 + x) for x in range(20)]
      test "t" {
        for i in range(50) {
          let b = range(100)
          let c = [x + 1 for x in b]
        }
        expect range(100).count == 100
        expect f(n: 100) == 100
      }
      """
    var limits = Limits()
    limits.memory = 4 * 121 * 64
    #expect(diagnostics(text, limits).isEmpty)
    limits.memory = 2 * 101 * 64
    #expect(Set(diagnostics(text, limits).map(\.code.id)) == ["E0808"])
    // What a function returns may be kept.
    let kept = "func f(n: Int) -> [Int] { range(n) }\nlet a = [f(n: 100) for x in range(20)]"
    limits.memory = 20 * 101 * 64
    #expect(diagnostics(kept, limits).map(\.code.id) == ["E0808"])
  }

  /// Bodies nested to the limit that call each other to the limit: no stack is too small for them.
  @Test(arguments: [(Limits(), 0), (Limits(), 1), (Limits.untrusted, 0), (Limits.untrusted, 1)])
  func callsAndNestingAtTheirLimitsTogether(limits: Limits, beyond: Int) {
    let inside = limits.nesting - 8
    let calls = limits.callDepth - 1 + beyond
    var text = "func f0(x: Int) -> Int { x }\n"
    for index in 1...calls {
      let open = String(repeating: "max(1, ", count: inside)
      text += "func f\(index)(x: Int) -> Int { \(open)f\(index - 1)(x: x)\(String(repeating: ")", count: inside)) }\n"
    }
    text += "let a = f\(calls)(x: 1)\n"
    let codes = Program.load(
      SourceFile(name: "deep", text: text), catalogue: SampleCatalogue.make(), limits: limits
    ).diagnostics.map(\.code.id)
    #expect(codes == (beyond > 0 ? ["E0805"] : []))
  }

  @Test func theHighestLimitsAreBorne() throws {
    let limits = try Limits().setting(["nesting=1000", "call_depth=1000", "source_bytes=1GiB"])
    for piece in ["(", "-", "max(1, ", "if true { 1 } else { ", "1 + ("] {
      let close = piece.contains("{") ? "}" : piece.contains("(") ? ")" : ""
      for depth in [950, 2000] {
        let text = "let a = " + String(repeating: piece, count: depth) + "1" + String(repeating: close, count: depth)
        let codes = Set(load(text, limits: limits).1.map(\.code.id))
        #expect(codes.isSubset(of: ["E0802"]), "\(piece) \(depth): \(codes)")
        if depth == 2000 { #expect(codes == ["E0802"]) }
        _ = RecipeFormatter.format(SourceFile(name: "deep", text: text), limits: limits)
      }
    }
    var text = "func f0(x: Int) -> Int { x }\n"
    for index in 1..<100 {
      let open = String(repeating: "max(1, ", count: 900)
      text += "func f\(index)(x: Int) -> Int { \(open)f\(index - 1)(x: x)\(String(repeating: ")", count: 900)) }\n"
    }
    // Whether this much fits on the stack depends on the build; that it is answered does not.
    let codes = load(text + "let a = f99(x: 1)\n", limits: limits).1.map(\.code.id)
    #expect(codes == [] || codes == ["E0805"])
  }

  @Test func limitsAreSetByText() throws {
    let limits = try Limits().setting(["nesting=7", "fuel=1_000", "memory=2MiB", "source_bytes=512KiB", "output=1GiB"])
    #expect(limits.nesting == 7 && limits.fuel == 1000 && limits.memory == 2 << 20)
    #expect(limits.sourceBytes == 512 << 10 && limits.output == 1 << 30 && limits.imports == Limits().imports)
    for (text, part) in [
      ("nesting", "write it as"), ("nestin=3", "did you mean `nesting`"), ("zzzzzz=3", "there is source_bytes"),
      ("nesting=", "1 to 1000"), ("nesting=0", "1 to 1000"), ("nesting=-1", "1 to 1000"), ("nesting=1001", "1 to 1000"),
      ("nesting=1.5", "1 to 1000"), ("memory=99999999999GiB", "1 to"), ("memory=9e9", "1 to"), ("memory=KiB", "1 to"),
    ] {
      let error = #expect(throws: LimitError.self) { try Limits().setting([text]) }
      #expect(error?.description.contains(part) == true, "\(text): \(error?.description ?? "")")
    }
  }

  @Test func untrustedLimitsAreNowhereHigher() {
    for name in Limits.Name.allCases {
      #expect(Limits.untrusted[name] <= Limits()[name], "\(name)")
      #expect(Limits()[name] <= name.largest && !name.doc.isEmpty)
    }
  }
}
