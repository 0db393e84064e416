import RecipeLanguage
import Testing

/// Of an expectation that does not hold, the value of every part stands under the column it is computed at.
@Suite struct PowerAssertionTests {
  private func failure(_ text: String) throws -> String {
    let program = try #require(load(text).0)
    let outcome = program.run(program.tests[0], granting: [.compute, .output])
    return DiagnosticRenderer().text(try #require(outcome.diagnostics.first))
  }

  private func drawing(_ condition: String, _ before: String = "") throws -> String {
    let rendered = try failure("\(before)\ntest \"t\" {\n  expect \(condition)\n}")
    let lines = rendered.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.contains("^") })
    return lines[(start + 1)...].map { $0.drop { $0 == " " }.dropFirst().dropFirst(10) }.joined(separator: "\n")
  }

  @Test func operandsAndOperators() throws {
    let text = "let a = 1\nlet b = 2\nlet c = 3\ntest \"t\" {\n  expect a + b == c * 2\n}"
    #expect(
      try failure(text) == """
        error[E0701]: expectation failed: a + b == c * 2
         --> test.recipe:5:10
          |
        5 |   expect a + b == c * 2
          |          ^^^^^^^^^^^^^^ is false
          |          │ │ │ │  │ │
          |          1 3 2 │  3 6
          |                false

        """)
  }

  @Test func longValuesMoveDown() throws {
    #expect(
      try drawing("xs[1] + xs.count == 7", "let xs = [10, 20, 30]") == """
        │ │   │ │  │     │
        │ 20  │ │  3     false
        │     │ [10, 20, 30]
        │     23
        [10, 20, 30]
        """)
  }

  @Test func callsFieldsAndConstructors() throws {
    #expect(
      try drawing("half(sgd(lr: 0.5).weight_decay) > 0.1", "func half(_ x: Float) -> Float { x / 2.0 }") == """
        │    │            │             │
        0.0  │            0.0           false
             sgd(lr: 0.5, momentum: 0.9, weight_decay: 0.0, nesterov: false)
        """)
  }

  @Test func onlyWhatWasComputedIsShown() throws {
    #expect(
      try drawing("no && [1][5] == 1", "let no = false") == """
        │  │
        │  false
        false
        """)
  }

  @Test func nothingIsComputedTwice() throws {
    let program = try #require(load("test \"t\" {\n  expect said() == 2\n}\nfunc said() -> Int {\n  print(\"once\")\n  return 1\n}").0)
    let outcome = program.run(program.tests[0], granting: [.output])
    #expect(outcome.output == "once\n")
    #expect(outcome.diagnostics[0].values.map(\.text) == ["1", "false"])
  }

  @Test func toleranceShowsBothSides() throws {
    let rendered = try failure("test \"t\" {\n  let v = vector([1, 2])\n  expect v * 2 ~= vector([2, 5]) within 0.5\n}")
    #expect(rendered.contains("they differ by 1.0, more than 0.5"))
    #expect(
      rendered.contains(
        """
          |          │ │      │
          |          │ │      Vector [2.0, 5.0]
          |          │ Vector [2.0, 4.0]
          |          Vector [1.0, 2.0]
        """))
  }

  @Test func everyLineOfALongConditionIsDrawn() throws {
    let rendered = try failure("let a = 1\ntest \"t\" {\n  expect a == 1\n    && a == 2\n    && a == 3\n}")
    #expect(
      rendered == """
        error[E0701]: expectation failed: a == 1 && a == 2 && a == 3
         --> test.recipe:3:10
          |
        3 |   expect a == 1
          |          ^^^^^^ is false
          |          │ │
          |          1 true
        4 |     && a == 2
          |     │  │ │
          |     │  1 false
          |     false
        5 |     && a == 3
          |     │
          |     false

        """)
  }

  @Test func jsonHasTheValues() throws {
    let program = try #require(load("let a = 1\ntest \"t\" {\n  expect a == 2\n}").0)
    let json = DiagnosticRenderer().json(program.run(program.tests[0], granting: []).diagnostics)
    #expect(json.contains("\"values\": [{\"file\": \"test.recipe\", \"line\": 3, \"column\": 10"))
    #expect(json.contains("\"label\": \"false\""))
  }
}
