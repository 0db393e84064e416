/// Codes about running tests and tasks.
extension DiagnosticCode {
  package static let expectationFailed = DiagnosticCode(
    "E0701", "expectation failed",
    "What a test expects does not hold. The values of its parts are shown.",
    example: """
      let sizes = [8, 16]
      test "sizes" {
        expect sizes[0] + sizes[1] == 25
      }
      """,
    corrected: """
      let sizes = [8, 16]
      test "sizes" {
        expect sizes[0] + sizes[1] == 24
      }
      """)
  package static let hostFunctionFailed = DiagnosticCode(
    "E0702", "function failed",
    "A function of the host could not do its work; the message is its own.",
    example: """
      test "a file" {
        let m = load("nowhere.npy")
        expect m ~= 1.0 within 0.1
      }
      """,
    corrected: """
      test "a file" {
        expect fails "E0702" { let m = load("nowhere.npy") }
      }
      """)
  package static let effectNotGranted = DiagnosticCode(
    "E0703", "effect not granted",
    "The test or task may do this, but was run without permission to.",
    example: """
      test "saves" {
        save(filled(1, rows: 2), "ones.npy")
      }
      """,
    corrected: """
      task saves {
        save(filled(1, rows: 2), "ones.npy")
      }
      """)
  package static let noFailure = DiagnosticCode(
    "E0704", "expected failure did not happen",
    "expect fails holds when its block fails with the code; it did not fail.",
    example: """
      test "rate" {
        expect fails "E0401" { let a = sgd(lr: 1) }
      }
      """,
    corrected: """
      test "rate" {
        expect fails "E0401" { let a = sgd(lr: -1) }
      }
      """)
  package static let otherFailure = DiagnosticCode(
    "E0705", "failed with another code",
    "The block of an expect fails failed, but not with the code that was expected.",
    example: """
      test "rate" {
        expect fails "E0401" { let a = sgd() }
      }
      """,
    corrected: """
      test "rate" {
        expect fails "E0204" { let a = sgd() }
      }
      """)

  static let runningCodes: [DiagnosticCode] = [
    .expectationFailed, .hostFunctionFailed, .effectNotGranted, .noFailure, .otherFailure,
  ]
}
