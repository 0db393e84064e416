/// Codes about limits.
extension DiagnosticCode {
  package static let sourceTooLarge = DiagnosticCode(
    "E0801", "file too large",
    "The file is larger than the limit `source_bytes`.",
    example: "let numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9]",
    corrected: "let numbers = range(1, 10)",
    limit: .init(.sourceBytes, 30))
  package static let tooDeep = DiagnosticCode(
    "E0802", "nested too deeply",
    "Brackets, operators and blocks are nested deeper than the limit `nesting`. Give names to parts "
      + "with let.",
    example: "let a = ((((((((((1))))))))))",
    corrected: "let a = 1",
    limit: .init(.nesting, 8))
  package static let outOfFuel = DiagnosticCode(
    "E0803", "too much work",
    "Calls, loop turns, list elements and the work of functions (some two thousand multiplications count as a loop turn) are "
      + "counted, and the count has reached the limit `fuel`.",
    example: "let a = [x * x for x in range(20)]",
    corrected: "let a = [x * x for x in range(5)]",
    limit: .init(.fuel, 20))
  package static let tooManyElements = DiagnosticCode(
    "E0804", "value too large",
    "A list, map or string has more elements than the limit `elements`.",
    example: "let a = range(20)",
    corrected: "let a = range(10)",
    limit: .init(.elements, 15))
  package static let callsTooDeep = DiagnosticCode(
    "E0805", "calls nested too deeply",
    "Functions call each other deeper than the limit `call_depth`.",
    example: """
      func a() -> Int { 1 }
      func b() -> Int { a() }
      func c() -> Int { b() }
      let d = c()
      """,
    corrected: """
      func a() -> Int { 1 }
      func b() -> Int { a() }
      let d = b()
      """,
    limit: .init(.callDepth, 2))
  package static let tooManyImports = DiagnosticCode(
    "E0806", "too many imports",
    "More files are imported than the limit `imports`.",
    example: """
      import "one.recipe" as one
      import "two.recipe" as two
      """,
    corrected: """
      import "one.recipe" as one
      """,
    files: ["one.recipe": "let a = 1", "two.recipe": "let a = 1"],
    limit: .init(.imports, 1))
  package static let tooMuchMemory = DiagnosticCode(
    "E0808", "too much memory",
    "The values that are needed at the same time take more bytes than the limit `memory`: lists, strings and records,\n"
      + "and tensors in tests and tasks. What a function or a turn of a loop has made counts no longer when it is over.",
    example: """
      let a = [x * x for x in range(1000)]
      """,
    corrected: """
      let a = [x * x for x in range(3)]
      """,
    limit: .init(.memory, 2000))
  package static let tooMuchOutput = DiagnosticCode(
    "E0809", "too much output",
    "A test or task prints more bytes than the limit `output`.",
    example: """
      test "counts" {
        for i in range(20) { print("a step") }
      }
      """,
    corrected: """
      test "counts" {
        for i in range(20) {
          if i % 10 == 0 { print("a step") }
        }
      }
      """,
    limit: .init(.output, 40))
  package static let tooManyDiagnostics = DiagnosticCode(
    "E0807", "more findings",
    "There are more findings than are shown.",
    example: """
      let a = first
      let b = second
      let c = third
      """,
    corrected: """
      let first = 1
      let a = first
      """,
    limit: .init(.diagnostics, 2),
    severity: .note)

  static let limitsCodes: [DiagnosticCode] = [
    .sourceTooLarge, .tooDeep, .outOfFuel, .tooManyElements, .callsTooDeep, .tooManyImports, .tooManyDiagnostics,
    .tooMuchMemory, .tooMuchOutput,
  ]
}
