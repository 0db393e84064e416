/// Codes about recipes, sweeps, tasks and overrides.
extension DiagnosticCode {
  package static let missingField = DiagnosticCode(
    "E0601", "field of the recipe missing",
    "A field without a default must be given.",
    example: "recipe r {\n}")
  package static let notARecipe = DiagnosticCode(
    "E0602", "not a recipe",
    "Only a recipe can be the base of a recipe or of a sweep.",
    example: "let a = 1\nrecipe r from a {\n}")
  package static let assignedTwice = DiagnosticCode(
    "E0603", "assigned twice",
    "Every path is assigned once in a recipe.",
    example: "recipe r {\n  seed = 1\n  seed = 2\n}")
  package static let pathNotRecord = DiagnosticCode(
    "E0604", "path goes through no record",
    "Only fields of records can be reached by a path.",
    example: "recipe r {\n  seed.x = 1\n}")
  package static let badAxis = DiagnosticCode(
    "E0605", "axis needs a list",
    "An axis goes over a list that is not empty and has no value twice.")
  package static let unusedAxis = DiagnosticCode(
    "E0606", "axis changes nothing",
    "The name of an axis is the path of a field, or a name that is used in the sweep's lines.")
  package static let emptySweep = DiagnosticCode(
    "E0607", "sweep without runs",
    "Every combination is skipped.")
  package static let tooManyCells = DiagnosticCode(
    "E0608", "sweep too large",
    "A sweep has more runs than the limit allows.")
  package static let badOverride = DiagnosticCode(
    "E0609", "override not well formed",
    "An override is written path=value, with a value of the recipe language; strings in quotation "
      + "marks.")
  package static let overrideMatchesNothing = DiagnosticCode(
    "E0610", "override matches nothing",
    "No recipe of the file has a field at this path.")
  package static let unknownNeed = DiagnosticCode(
    "E0611", "task needs something unknown",
    "A task needs recipes, sweeps and tasks of its file.",
    example: "task t needs missing {\n}")

  static let recipesCodes: [DiagnosticCode] = [
    .missingField, .notARecipe, .assignedTwice, .pathNotRecord, .badAxis, .unusedAxis, .emptySweep, .tooManyCells,
    .badOverride, .overrideMatchesNothing, .unknownNeed,
  ]
}
