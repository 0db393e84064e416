/// Codes about types, units and effects.
extension DiagnosticCode {
  package static let typeMismatch = DiagnosticCode(
    "E0301", "type mismatch",
    "The value is of another type than is wanted here. There is no conversion behind your back, but for "
      + "a whole number where a Float is wanted.",
    example: "let name: String = 5",
    corrected: """
      let name: String = "5"
      """)
  package static let missingUnit = DiagnosticCode(
    "E0302", "unit missing",
    "The field wants a number with a unit.",
    example: """
      recipe r from base {
        length = 500
      }
      """,
    corrected: """
      recipe r from base {
        length = 500ep
      }
      """)
  package static let unitMismatch = DiagnosticCode(
    "E0303", "units do not fit",
    "Quantities of different units are not mixed, and epochs, steps and images are different units: "
      + "converting them needs the batch size and the data. Write both in the same unit.",
    example: "let a = 500ep + 2h",
    corrected: "let a = 500ep + 2ep")
  package static let operatorTypes = DiagnosticCode(
    "E0304", "operator does not fit its operands",
    "The operator has no meaning for these types.",
    example: """
      let a = "run " + 2
      """,
    corrected: #"""
      let a = "run \(2)"
      """#)
  package static let notBool = DiagnosticCode(
    "E0305", "condition is not a truth value",
    "Conditions are Bool. Numbers, strings and lists are neither true nor false; compare them.",
    example: """
      let n = 1
      let a = if n { 2 } else { 3 }
      """,
    corrected: """
      let n = 1
      let a = if n > 0 { 2 } else { 3 }
      """)
  package static let wholeNumberNeeded = DiagnosticCode(
    "E0306", "whole number needed",
    "An Int is wanted. Nothing is rounded silently: use round(x), floor(x) or ceil(x), which give Ints.",
    example: "let a: Int = 7 / 2",
    corrected: """
      let a: Int = div(7, 2)
      let b: Int = round(7 / 2)
      """)
  package static let effectNotAllowed = DiagnosticCode(
    "E0307", "effect in a pure place",
    "Recipes, let and func are pure, so that they can be checked, hashed and resumed. Functions that "
      + "read, write, print or compute on tensors can be called in test and task only.",
    example: """
      let a = print("hello")
      """,
    corrected: """
      test "it says hello" {
        print("hello")
      }
      """)
  package static let floatEquality = DiagnosticCode(
    "E0308", "== on floats",
    "Two computed Floats are rarely equal to the last bit. In a test write expect a ~= b within "
      + "tolerance; elsewhere compare with abs(a - b) < tolerance.",
    example: "let a = 0.1 + 0.2 == 0.3",
    corrected: "let a = abs(0.1 + 0.2 - 0.3) < 1e-9")
  package static let noneNotAllowed = DiagnosticCode(
    "E0309", "none not allowed",
    "The field is not optional: it must have a value.",
    example: """
      let a: Int? = 1
      let b: Int = a
      """,
    corrected: """
      let a: Int? = 1
      let b: Int = if a != none { a } else { 0 }
      """)
  package static let mixedList = DiagnosticCode(
    "E0310", "elements of different types",
    "All elements of a list (or values of a map) are of one type.",
    example: """
      let a = [1, "x"]
      """,
    corrected: """
      let a = ["1", "x"]
      """)
  package static let resultMismatch = DiagnosticCode(
    "E0311", "result missing or of another type",
    "A function returns a value of its declared type on every path.",
    example: """
      func size(big: Bool) -> Int {
        if big { return 512 }
      }
      """,
    corrected: """
      func size(big: Bool) -> Int {
        if big { return 512 }
        return 64
      }
      """)
  package static let notIterable = DiagnosticCode(
    "E0312", "not a list",
    "Loops and comprehensions go over lists.",
    example: "let a = [x * x for x in 3]",
    corrected: "let a = [x * x for x in range(3)]")
  package static let notOrdered = DiagnosticCode(
    "E0313", "not comparable",
    "Only numbers and quantities of the same unit have an order.",
    example: """
      let a = "x" < "y"
      """,
    corrected: """
      let a = "x".count < "yy".count
      """)
  package static let nearlyOutsideExpect = DiagnosticCode(
    "E0314", "~= outside expect",
    "a ~= b within tolerance is a form of expect.",
    example: "let a = 1.0 ~= 1.1",
    corrected: """
      let a = abs(1.0 - 1.1) < 0.2
      test "nearly" {
        expect 1.0 ~= 1.1 within 0.2
      }
      """)
  package static let unusedResult = DiagnosticCode(
    "E0315", "result not used",
    "A statement that computes a value and does nothing with it.",
    example: """
      test "sum" {
        1 + 1
      }
      """,
    corrected: """
      test "sum" {
        expect 1 + 1 == 2
      }
      """)
  package static let notSchedulable = DiagnosticCode(
    "E0316", "schedule where a plain value is needed",
    "This field is fixed for the whole run and cannot follow a schedule.",
    example: """
      recipe r from base {
        seed = ramp(0 -> 1)
      }
      """,
    corrected: """
      recipe r from base {
        optimizer.lr = ramp(0.1 -> 1)
      }
      """)
  package static let notInterpolated = DiagnosticCode(
    "E0317", "value cannot be shown in a string",
    "Only numbers, quantities, strings, truth values and members can stand in \\( ).",
    example: #"""
      let a = "sizes: \([1, 2])"
      """#,
    corrected: #"""
      let a = "sizes: \(string([1, 2]))"
      """#)

  static let typesCodes: [DiagnosticCode] = [
    .typeMismatch, .missingUnit, .unitMismatch, .operatorTypes, .notBool, .wholeNumberNeeded, .effectNotAllowed,
    .floatEquality, .noneNotAllowed, .mixedList, .resultMismatch, .notIterable, .notOrdered, .nearlyOutsideExpect,
    .unusedResult, .notSchedulable, .notInterpolated,
  ]
}
