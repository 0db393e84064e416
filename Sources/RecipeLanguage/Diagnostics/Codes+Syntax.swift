/// Codes of the parser.
extension DiagnosticCode {
  package static let expectedExpression = DiagnosticCode(
    "E0101", "value expected",
    "Where a value must stand, something else was found.",
    example: "let a = )",
    corrected: "let a = 1")
  package static let expectedToken = DiagnosticCode(
    "E0102", "something else expected",
    "The text does not go on as the grammar wants.",
    example: "let a 1",
    corrected: "let a = 1")
  package static let unclosedBracket = DiagnosticCode(
    "E0103", "bracket not closed",
    "A bracket was opened and not closed. The message points at the opening one and at the place where "
      + "it became certain that the closing one is missing.",
    example: """
      let a = [1, 2
      let b = 1
      """,
    corrected: """
      let a = [1, 2]
      let b = 1
      """)
  package static let strayBracket = DiagnosticCode(
    "E0104", "closing bracket too many",
    "A closing bracket that no opening one belongs to.",
    example: "let a = 1)",
    corrected: "let a = 1")
  package static let expectedDeclaration = DiagnosticCode(
    "E0105", "declaration expected",
    "A file holds declarations: let, func, enum, record, recipe, sweep, task, test and import. Fields "
      + "stand inside a recipe.",
    example: "lr = 0.1",
    corrected: "let lr = 0.1")
  package static let expectedNewLine = DiagnosticCode(
    "E0106", "new line expected",
    "Fields and statements stand on lines of their own, without commas between them.",
    example: "let a = 1 let b = 2",
    corrected: """
      let a = 1
      let b = 2
      """)
  package static let semicolon = DiagnosticCode(
    "E0107", "; at the end of a line",
    "Lines are not ended by semicolons.",
    example: "let a = 1;",
    corrected: "let a = 1")
  package static let habitKeyword = DiagnosticCode(
    "E0108", "word of another language",
    "The word starts a statement in Python or Swift. Recipes have let, func, for over finite lists, if, "
      + "return and expect; values never change and there are no classes, closures or exceptions.",
    example: """
      def half(x: Float) -> Float {
        return x / 2.0
      }
      """,
    corrected: """
      func half(x: Float) -> Float {
        return x / 2.0
      }
      """)
  package static let habitOperator = DiagnosticCode(
    "E0109", "operator of another language",
    "Logical operators are && || and !; powers are pow(a, b); ranges are range(from, to).",
    example: "let a = true and false",
    corrected: "let a = true && false")
  package static let habitLiteral = DiagnosticCode(
    "E0110", "literal of another language",
    "Truth values are true and false; the absent value is none.",
    example: "let a = True",
    corrected: "let a = true")
  package static let pythonImport = DiagnosticCode(
    "E0111", "Python import",
    "Recipes need no libraries: their words come from the program that runs them. import brings in "
      + "another recipe file under a name.",
    example: """
      import numpy as np
      let a = sqrt(2.0)
      """,
    corrected: "let a = sqrt(2.0)")
  package static let starredArgument = DiagnosticCode(
    "E0112", "unpacked arguments",
    "Every argument is written with its label, so that it can be checked. To reuse a set of values, "
      + "name the record with let and change fields with `with`.",
    example: "let a = sgd(**settings)",
    corrected: """
      let settings = sgd(lr: 0.1)
      let a = settings with { momentum = 0.8 }
      """)
  package static let chainedComparison = DiagnosticCode(
    "E0113", "chained comparison",
    "a < b < c would compare a truth value with c. Write both comparisons and join them with &&.",
    example: """
      let x = 1
      let a = 0 < x < 2
      """,
    corrected: """
      let x = 1
      let a = 0 < x && x < 2
      """)
  package static let ternary = DiagnosticCode(
    "E0114", "conditional of another language",
    "A choice between two values is written if condition { a } else { b }.",
    example: """
      let big = true
      let a = big ? 512 : 64
      """,
    corrected: """
      let big = true
      let a = if big { 512 } else { 64 }
      """)
  package static let reservedWord = DiagnosticCode(
    "E0115", "reserved word",
    "Words of the language cannot be names.",
    example: "let then = 1",
    corrected: "let next = 1")
  package static let equalsInCall = DiagnosticCode(
    "E0116", "= in a call",
    "Arguments are written label: value. An equals sign gives a value to a field of a recipe.",
    example: "let a = sgd(lr = 0.1)",
    corrected: "let a = sgd(lr: 0.1)")
  package static let colonInRecipe = DiagnosticCode(
    "E0117", ": in a recipe",
    "Fields of a recipe are written path = value. A colon follows the label of an argument.",
    example: """
      recipe r from base {
        seed: 1
      }
      """,
    corrected: """
      recipe r from base {
        seed = 1
      }
      """)
  package static let expectedName = DiagnosticCode(
    "E0118", "name expected",
    "A name begins with a letter or _ and goes on with letters, digits and _.",
    example: "let 1 = 2",
    corrected: "let one = 2")

  static let syntaxCodes: [DiagnosticCode] = [
    .expectedExpression, .expectedToken, .unclosedBracket, .strayBracket, .expectedDeclaration, .expectedNewLine,
    .semicolon, .habitKeyword, .habitOperator, .habitLiteral, .pythonImport, .starredArgument, .chainedComparison,
    .ternary, .reservedWord, .equalsInCall, .colonInRecipe, .expectedName,
  ]
}
