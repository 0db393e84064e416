/// Codes about values.
extension DiagnosticCode {
  package static let outOfRange = DiagnosticCode(
    "E0401", "out of range",
    "The number lies outside the range the field accepts.",
    example: "let a = sgd(lr: -1)",
    corrected: "let a = sgd(lr: 1)")
  package static let constraint = DiagnosticCode(
    "E0402", "value not accepted",
    "The value breaks a rule of its field.",
    example: """
      let a = folder("")
      """,
    corrected: """
      let a = folder("photos")
      """)
  package static let recordRule = DiagnosticCode(
    "E0403", "fields do not fit together",
    "Two fields of a record contradict each other.",
    example: "let a = simplex(classes: 300, dimension: 128)",
    corrected: "let a = simplex(classes: 100, dimension: 128)")
  package static let divisionByZero = DiagnosticCode(
    "E0404", "division by zero",
    "A number cannot be divided by zero.",
    example: "let a = 1 / 0",
    corrected: "let a = 1 / 2")
  package static let overflow = DiagnosticCode(
    "E0405", "number too large",
    "The result does not fit in 64 bits; quantities are exact and never rounded.",
    example: "let a = 9223372036854775807 + 1",
    corrected: "let a = 9223372036854775807 - 1")
  package static let indexOutOfBounds = DiagnosticCode(
    "E0406", "index out of bounds",
    "List elements are counted from 0.",
    example: "let a = [1, 2][2]",
    corrected: "let a = [1, 2][1]")
  package static let keyNotFound = DiagnosticCode(
    "E0407", "key not in the map",
    "The map has no such key.",
    example: """
      let a = ["x": 1]["y"]
      """,
    corrected: """
      let a = ["x": 1]["x"]
      """)
  package static let duplicateKey = DiagnosticCode(
    "E0408", "key given twice",
    "Keys of a map are different.",
    example: """
      let a = ["x": 1, "x": 2]
      """,
    corrected: """
      let a = ["x": 1, "y": 2]
      """)
  package static let notFinite = DiagnosticCode(
    "E0409", "not a finite number",
    "A computation gave infinity or no number.",
    example: "let a = log(0.0)",
    corrected: "let a = log(1.0)")
  package static let badBuiltinArgument = DiagnosticCode(
    "E0410", "argument without meaning",
    "The function is not defined for this argument.",
    example: "let a = range(0, 10, 0)",
    corrected: "let a = range(0, 10, 2)")

  static let valuesCodes: [DiagnosticCode] = [
    .outOfRange, .constraint, .recordRule, .divisionByZero, .overflow, .indexOutOfBounds, .keyNotFound,
    .duplicateKey, .notFinite, .badBuiltinArgument,
  ]
}
