/// Codes about running tests and tasks.
extension DiagnosticCode {
  package static let expectationFailed = DiagnosticCode(
    "E0701", "expectation failed",
    "What a test expects does not hold. The values of its parts are shown.")
  package static let hostFunctionFailed = DiagnosticCode(
    "E0702", "function failed",
    "A function of the host could not do its work; the message is its own.")
  package static let effectNotGranted = DiagnosticCode(
    "E0703", "effect not granted",
    "The test or task may do this, but was run without permission to.")
  package static let noFailure = DiagnosticCode(
    "E0704", "expected failure did not happen",
    "expect fails holds when its block fails with the code; it did not fail.")
  package static let otherFailure = DiagnosticCode(
    "E0705", "failed with another code",
    "The block of an expect fails failed, but not with the code that was expected.")

  static let runningCodes: [DiagnosticCode] = [
    .expectationFailed, .hostFunctionFailed, .effectNotGranted, .noFailure, .otherFailure,
  ]
}
