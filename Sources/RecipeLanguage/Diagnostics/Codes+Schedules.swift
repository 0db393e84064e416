/// Codes about schedules.
extension DiagnosticCode {
  package static let scheduleGap = DiagnosticCode(
    "E0501", "schedule ends before the run",
    "After the last segment the value would be unknown. Leave out the end of the last segment, so that "
      + "it goes on to the end of the run.",
    example: """
      recipe r from base {
        length = 10ep
        optimizer.lr = ramp(0.1 -> 1, over: 2ep) then hold(1, until: 5ep)
      }
      """,
    corrected: """
      recipe r from base {
        length = 10ep
        optimizer.lr = ramp(0.1 -> 1, over: 2ep) then hold(1)
      }
      """)
  package static let scheduleOverlap = DiagnosticCode(
    "E0502", "segment ends before it starts",
    "until: is counted from the start of the run, over: from the start of the segment.",
    example: """
      recipe r from base {
        length = 10ep
        optimizer.lr = hold(1, until: 5ep) then ramp(1 -> 0.1, until: 3ep) then hold(0.1)
      }
      """,
    corrected: """
      recipe r from base {
        length = 10ep
        optimizer.lr = hold(1, until: 5ep) then ramp(1 -> 0.1, over: 3ep) then hold(0.1)
      }
      """)
  package static let scheduleBeyondEnd = DiagnosticCode(
    "E0503", "schedule longer than the run",
    "Part of the schedule would never be reached. If that is meant, shorten it.",
    example: """
      recipe r from base {
        length = 10ep
        optimizer.lr = ramp(1 -> 0.1, until: 50ep)
      }
      """,
    corrected: """
      recipe r from base {
        length = 10ep
        optimizer.lr = ramp(1 -> 0.1)
      }
      """)
  package static let scheduleOpen = DiagnosticCode(
    "E0504", "segment without an end",
    "Every segment but the last says how long it is: until: a time since the start of the run, or over: "
      + "a time since its own start.",
    example: "let a = ramp(0 -> 1) then hold(1)",
    corrected: "let a = ramp(0 -> 1, over: 10ep) then hold(1)")
  package static let scheduleShape = DiagnosticCode(
    "E0506", "curve cannot be drawn",
    "An exponential curve needs both ends above zero; a repeat needs pieces that take time.",
    example: "let a = exponential(1 -> 0, over: 5ep)",
    corrected: "let a = exponential(1 -> 0.001, over: 5ep)")
  package static let scheduleTwoEnds = DiagnosticCode(
    "E0507", "two ends for one segment",
    "A segment has until: or over:, not both.",
    example: "let a = hold(1, until: 5ep, over: 2ep)",
    corrected: "let a = hold(1, until: 5ep)")

  static let schedulesCodes: [DiagnosticCode] = [
    .scheduleGap, .scheduleOverlap, .scheduleBeyondEnd, .scheduleOpen, .scheduleShape,
    .scheduleTwoEnds,
  ]
}
