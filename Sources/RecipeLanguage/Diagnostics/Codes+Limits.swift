/// Codes about limits.
extension DiagnosticCode {
  package static let sourceTooLarge = DiagnosticCode(
    "E0801", "file too large",
    "The file is larger than the limit `sourceBytes`.")
  package static let tooDeep = DiagnosticCode(
    "E0802", "nested too deeply",
    "Brackets, operators and blocks are nested deeper than the limit `nesting`. Give names to parts "
      + "with let.")
  package static let outOfFuel = DiagnosticCode(
    "E0803", "too much work",
    "Calls, loop turns and list elements are counted, and the count has reached the limit `fuel`.")
  package static let tooManyElements = DiagnosticCode(
    "E0804", "value too large",
    "A list, map or string has more elements than the limit `elements`.")
  package static let callsTooDeep = DiagnosticCode(
    "E0805", "calls nested too deeply",
    "Functions call each other deeper than the limit `callDepth`.")
  package static let tooManyImports = DiagnosticCode(
    "E0806", "too many imports",
    "More files are imported than the limit `imports`.")
  package static let tooMuchMemory = DiagnosticCode(
    "E0808", "too much memory",
    "The values that are needed at the same time take more bytes than the limit `memory`: lists, strings and records,\n"
      + "and tensors in tests and tasks. What a function or a turn of a loop has made counts no longer when it is over.")
  package static let tooMuchOutput = DiagnosticCode(
    "E0809", "too much output",
    "A test or task prints more bytes than the limit `output`.")
  package static let tooManyDiagnostics = DiagnosticCode(
    "E0807", "more findings",
    "There are more findings than are shown.",
    severity: .note)

  static let limitsCodes: [DiagnosticCode] = [
    .sourceTooLarge, .tooDeep, .outOfFuel, .tooManyElements, .callsTooDeep, .tooManyImports, .tooManyDiagnostics,
    .tooMuchMemory, .tooMuchOutput,
  ]
}
