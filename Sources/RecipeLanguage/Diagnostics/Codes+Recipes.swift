/// Codes about recipes, sweeps, tasks and overrides.
extension DiagnosticCode {
  package static let missingField = DiagnosticCode(
    "E0601", "field of the recipe missing",
    "A field without a default must be given.",
    example: """
      recipe r {
      }
      """,
    corrected: """
      recipe r from base {
      }
      """)
  package static let notARecipe = DiagnosticCode(
    "E0602", "not a recipe",
    "Only a recipe can be the base of a recipe or of a sweep.",
    example: """
      let a = 1
      recipe r from a {
      }
      """,
    corrected: """
      recipe r from base {
      }
      """)
  package static let assignedTwice = DiagnosticCode(
    "E0603", "assigned twice",
    "Every path is assigned once in a recipe.",
    example: """
      recipe r from base {
        seed = 1
        seed = 2
      }
      """,
    corrected: """
      recipe r from base {
        seed = 2
      }
      """)
  package static let pathNotRecord = DiagnosticCode(
    "E0604", "path goes through no record",
    "Only fields of records can be reached by a path.",
    example: """
      recipe r from base {
        seed.value = 1
      }
      """,
    corrected: """
      recipe r from base {
        seed = 1
      }
      """)
  package static let badAxis = DiagnosticCode(
    "E0605", "axis needs a list",
    "An axis goes over a list that is not empty and has no value twice.",
    example: """
      sweep s from base {
        axis seed in [1, 2, 1]
      }
      """,
    corrected: """
      sweep s from base {
        axis seed in [1, 2, 3]
      }
      """)
  package static let unusedAxis = DiagnosticCode(
    "E0606", "axis changes nothing",
    "The name of an axis is the path of a field, or a name that is used in the sweep's lines.",
    example: """
      sweep s from base {
        axis sed in [1, 2]
      }
      """,
    corrected: """
      sweep s from base {
        axis seed in [1, 2]
      }
      """)
  package static let emptySweep = DiagnosticCode(
    "E0607", "sweep without runs",
    "Every combination is skipped.",
    example: """
      sweep s from base {
        axis seed in [1, 2]
        skip when seed > 0
      }
      """,
    corrected: """
      sweep s from base {
        axis seed in [1, 2]
        skip when seed > 1
      }
      """)
  package static let tooManyCells = DiagnosticCode(
    "E0608", "sweep too large",
    "A sweep has more runs than the limit allows.",
    example: """
      sweep s from base {
        axis seed in range(20)
      }
      """,
    corrected: """
      sweep s from base {
        axis seed in range(10)
      }
      """,
    limit: .init(.cells, 10))
  package static let badOverride = DiagnosticCode(
    "E0609", "override not well formed",
    "An override is written path=value, with a value of the recipe language; strings in quotation "
      + "marks.",
    example: """
      recipe r from base {
      }
      """,
    corrected: """
      recipe r from base {
      }
      """,
    overrides: .init(failing: "seed", corrected: "seed=3"))
  package static let overrideMatchesNothing = DiagnosticCode(
    "E0610", "override matches nothing",
    "No recipe of the file has a field at this path.",
    example: """
      recipe r from base {
      }
      """,
    corrected: """
      recipe r from base {
      }
      """,
    overrides: .init(failing: "lenght=3ep", corrected: "length=3ep"))
  package static let unknownNeed = DiagnosticCode(
    "E0611", "task needs something unknown",
    "A task needs recipes, sweeps and tasks of its file.",
    example: """
      recipe r from base {
      }
      task report needs q {
      }
      """,
    corrected: """
      recipe r from base {
      }
      task report needs r {
      }
      """)

  static let recipesCodes: [DiagnosticCode] = [
    .missingField, .notARecipe, .assignedTwice, .pathNotRecord, .badAxis, .unusedAxis, .emptySweep, .tooManyCells,
    .badOverride, .overrideMatchesNothing, .unknownNeed,
  ]
}
