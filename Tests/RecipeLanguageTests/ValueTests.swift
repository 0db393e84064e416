import Foundation
import RecipeLanguage
import TestSupport
import Testing

@Suite struct RationalTests {
  @Test(arguments: [
    ("12", 12, 1), ("0.25", 1, 4), ("5e-4", 1, 2000), ("1_000.50", 2001, 2), ("1e3", 1000, 1), ("-0.1", -1, 10),
  ])
  func decimalsAreExact(text: String, numerator: Int, denominator: Int) {
    #expect(Rational(decimal: text) == Rational(numerator, denominator))
  }

  @Test func arithmeticIsExactOrNil() {
    let third = Rational(1, 3)!
    #expect(third.adding(third)?.adding(third) == Rational(1))
    #expect(third.multiplied(by: Rational(3)) == Rational(1))
    #expect(third.divided(by: Rational(0)) == nil)
    #expect(Rational(Int.max).adding(Rational(1)) == nil)
    #expect(Rational(Int.max).multiplied(by: Rational(2)) == nil)
    #expect(Rational(1, 3)! < Rational(1, 2)! && Rational(-1, 2)! < Rational(0))
    #expect(Rational(decimal: "99999999999999999999") == nil && Rational(decimal: "1e30") == nil)
    #expect(
      Rational(1, 8)!.description == "0.125" && third.description == "1/3" && Rational(-7, 2)!.description == "-3.5")
  }
}

@Suite struct ScheduleTests {
  private func schedule(_ text: String) throws -> ScheduleValue {
    let (program, diagnostics) = Program.load(
      SourceFile(name: "x", text: "recipe r {\n  rate = \(text)\n}"), catalogue: SampleCatalogue.make(lengthField: nil))
    return try #require(program, "\(DiagnosticRenderer().text(diagnostics))").recipes[0].record.schedule("rate")
  }

  private func values(_ text: String, _ steps: [Int], length: Int, perEpoch: Int = 10) throws -> [Double] {
    let context = ScheduleContext(stepsPerEpoch: perEpoch, imagesPerStep: 4, length: .steps(length))
    let resolved = try schedule(text).resolve(context).get()
    return steps.map { resolved.value(atStep: $0) }
  }

  @Test func rampsAreStraight() throws {
    #expect(try values("ramp(0 -> 1, over: 1ep) then hold(1)", [0, 5, 10, 99], length: 100) == [0, 0.5, 1, 1])
    #expect(try values("ramp(0 -> 1)", [0, 25, 100, 200], length: 100) == [0, 0.25, 1, 1])
  }

  @Test func cosinesEndWhereTheyShould() throws {
    let found = try values("cosine(1 -> 0)", [0, 50, 100], length: 100)
    #expect(found[0] == 1 && abs(found[1] - 0.5) < 1e-15 && found[2] == 0)
  }

  @Test func aSegmentBeginsAtItsFirstStep() throws {
    #expect(try values("hold(1, until: 3step) then hold(2)", [2, 3], length: 10) == [1, 2])
    // 2.5 steps: step 2 lies before, step 3 after.
    #expect(try values("hold(1, until: 0.25ep) then hold(2)", [2, 3], length: 10) == [1, 2])
    #expect(try values("hold(1, until: 10img) then hold(2)", [2, 3], length: 10) == [1, 2])
  }

  @Test func exponentialsAreGeometric() throws {
    let found = try values("exponential(1 -> 0.01)", [0, 50, 100], length: 100)
    #expect(abs(found[1] - 0.1) < 1e-15 && abs(found[2] - 0.01) < 1e-15)
  }

  @Test func stairsGoDownAtTheirMilestones() throws {
    let found = try values("stairs(1, factor: 0.5, at: [1ep, 3ep])", [0, 9, 10, 29, 30], length: 100)
    #expect(found == [1, 1, 0.5, 0.5, 0.25])
  }

  @Test func repeatsStartAgain() throws {
    let text = "repeat(ramp(0 -> 1, over: 4step) then ramp(1 -> 0, over: 4step))"
    #expect(try values(text, [0, 2, 4, 6, 8, 10, 12], length: 100) == [0, 0.5, 1, 0.5, 0, 0.5, 1])
    #expect(try values("repeat(ramp(0 -> 1, over: 4step), times: 2)", [3, 4, 7, 8], length: 8) == [0.75, 0, 0.75, 1])
  }

  @Test func whatDoesNotFitIsAProblem() throws {
    func kinds(_ text: String, _ context: ScheduleContext) throws -> [String] {
      guard case .failure(let failure) = try schedule(text).resolve(context) else { return [] }
      return failure.problems.map { "\($0.kind)" }
    }
    let context = ScheduleContext(stepsPerEpoch: 10, imagesPerStep: 4, length: .epochs(10))
    #expect(try kinds("hold(1, until: 5ep) then hold(2, until: 10step) then hold(3)", context) == ["overlap"])
    #expect(try kinds("hold(1, until: 5ep) then hold(2, until: 99ep)", context) == ["beyondEnd"])
    #expect(try kinds("hold(1, until: 99ep) then hold(2)", context) == ["beyondEnd"])
    #expect(try kinds("hold(1, until: 50step) then hold(2, over: 5ep)", context) == [])
    #expect(try kinds("hold(1, until: 50step) then hold(2, over: 4ep)", context) == ["gap"])
    let unknown = ScheduleContext(stepsPerEpoch: nil, imagesPerStep: nil, length: .epochs(10))
    #expect(try kinds("hold(1, until: 50step) then hold(2)", unknown) == ["unknownUnit"])
  }
}

@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
        + "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
    (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
  ]) func nistVectors(text: String, digest: String) { #expect(SHA256.hex(text.utf8) == digest) }
}

@Suite struct ImportTests {
  private func load(_ files: [String: String]) throws -> (Program?, [Diagnostic]) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "recipes-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      let url = folder.appending(path: name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url)
    }
    return Program.load(folder.appending(path: "main.recipe").path, catalogue: SampleCatalogue.make())
  }

  @Test func importedNamesAreUsedThroughTheAlias() throws {
    let (program, diagnostics) = try load([
      "main.recipe": "import \"lib/base.recipe\" as lib\nrecipe r from lib.base {\n  rate = lib.half(lib.peak)\n}\n",
      "lib/base.recipe":
        "import \"deep.recipe\" as deep\nlet peak = deep.peak\nfunc half(_ x: Float) -> Float { x / 2.0 }\n"
        + "recipe base {\n  seed = 5\n}\n",
      "lib/deep.recipe": "let peak = 0.5\n",
    ])
    #expect(diagnostics.isEmpty, "\(DiagnosticRenderer().text(diagnostics))")
    let recipe = try #require(program).recipes
    #expect(recipe.count == 1 && recipe[0].record.int("seed") == 5 && recipe[0].record.float("rate") == 0.25)
  }

  @Test func mistakesOfImportedFilesNameThem() throws {
    let (_, diagnostics) = try load([
      "main.recipe": "import \"lib.recipe\" as lib\nlet a = lib.missing\nlet b = lib.bad\n",
      "lib.recipe": "let bad = nothing\n",
    ])
    #expect(diagnostics.map(\.code.id).sorted() == ["E0201", "E0201"])
    #expect(diagnostics.contains { $0.primary.span.file.name.hasSuffix("lib.recipe") })
  }

  @Test func importsStayInTheirFolderAndMakeNoCircles() throws {
    #expect(try load(["main.recipe": "import \"gone.recipe\" as x\n"]).1.map(\.code.id) == ["E0215"])
    #expect(try load(["main.recipe": "import \"../x.recipe\" as x\n"]).1.map(\.code.id) == ["E0217"])
    #expect(try load(["main.recipe": "import \"/etc/passwd\" as x\n"]).1.map(\.code.id) == ["E0217"])
    let circle = try load([
      "main.recipe": "import \"a.recipe\" as a\n", "a.recipe": "import \"main.recipe\" as m\n",
    ])
    #expect(circle.1.map(\.code.id) == ["E0216"])
  }
}
