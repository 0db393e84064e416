extension DiagnosticCode {
  /// Every code of the language, in order. A host's own codes are in its catalogue.
  public static let all: [DiagnosticCode] =
    textCodes + syntaxCodes + namesCodes + typesCodes + valuesCodes + schedulesCodes + recipesCodes + runningCodes
    + limitsCodes

  /// The code with this id, such as `E0203`; upper or lower case.
  public static func named(_ id: String) -> DiagnosticCode? {
    all.first { $0.id == id.uppercased() }
  }
}
