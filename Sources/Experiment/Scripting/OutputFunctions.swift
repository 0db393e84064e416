import RecipeLanguage

/// What tests and tasks say.
extension RecipeCatalogue {
  static let output: [FunctionDefinition] = [
    FunctionDefinition(
      "print", doc: "Prints a value on a line of its own.",
      parameters: [
        FieldDefinition("x", .any, positional: true, doc: "The value; text can hold others: `\"loss \\(x)\"`.")
      ], result: .nothing, effects: [.output]
    ) { arguments, context in
      context.output(shown(arguments["x"]) + "\n")
      return .none
    }
  ]

  private static func shown(_ value: Value) -> String {
    switch value {
    case .string(let text): text
    case .host(let object): shared.hostTypes[object.type]?.describe(object) ?? value.canonicalText
    default: value.canonicalText
    }
  }
}
