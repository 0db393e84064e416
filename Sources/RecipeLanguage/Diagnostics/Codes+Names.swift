/// Codes about names and labels.
extension DiagnosticCode {
  package static let unknownName = DiagnosticCode(
    "E0201", "unknown name",
    "No let, function, constructor or parameter of this name is known here.",
    example: """
      let rate = 0.1
      let a = sgd(lr: rte)
      """,
    corrected: """
      let rate = 0.1
      let a = sgd(lr: rate)
      """)
  package static let duplicateName = DiagnosticCode(
    "E0202", "name declared twice",
    "Every name is declared once in a file; a name inside a block must not repeat one outside it.",
    example: """
      let a = 1
      let a = 2
      """,
    corrected: """
      let a = 1
      let b = 2
      """)
  package static let unknownArgument = DiagnosticCode(
    "E0203", "unknown argument",
    "The function or constructor has no parameter with this label. Records are closed: a misspelt "
      + "setting is an error, never ignored.",
    example: "let a = simclr(tempreature: 0.2)",
    corrected: "let a = simclr(temperature: 0.2)")
  package static let missingArgument = DiagnosticCode(
    "E0204", "argument missing",
    "A parameter without a default must be given.",
    example: "let a = simplex(classes: 10)",
    corrected: "let a = simplex(classes: 10, dimension: 64)")
  package static let duplicateArgument = DiagnosticCode(
    "E0205", "argument given twice",
    "Every label is given once.",
    example: "let a = sgd(lr: 0.1, lr: 0.2)",
    corrected: "let a = sgd(lr: 0.1)")
  package static let unlabelledArgument = DiagnosticCode(
    "E0206", "label missing",
    "Arguments are written with their labels, but for the ones the reference shows without.",
    example: "let a = sgd(0.1)",
    corrected: "let a = sgd(lr: 0.1)")
  package static let unknownMember = DiagnosticCode(
    "E0207", "unknown member",
    "The type that is expected here has no such member.",
    example: """
      enum Size { small, large }
      let a = Size.lage
      """,
    corrected: """
      enum Size { small, large }
      let a = Size.large
      """)
  package static let unknownField = DiagnosticCode(
    "E0208", "unknown field",
    "The recipe or record has no such field.",
    example: """
      recipe r from base {
        optimizer.momentun = 0.8
      }
      """,
    corrected: """
      recipe r from base {
        optimizer.momentum = 0.8
      }
      """)
  package static let cycle = DiagnosticCode(
    "E0209", "definition in terms of itself",
    "Names are defined in terms of others without circles, and functions do not call themselves, so "
      + "every recipe comes to an end. Loop over a finite list instead.",
    example: """
      func down(n: Int) -> Int {
        return down(n: n - 1)
      }
      """,
    corrected: """
      func down(n: Int) -> Int {
        return sum(range(n))
      }
      """)
  package static let unknownType = DiagnosticCode(
    "E0210", "unknown type",
    "Types are Bool, Int, Float, String, [T], [String: T], T?, and the enums, records and host types "
      + "that are registered or declared.",
    example: "func half(x: Flaot) -> Float { x / 2.0 }",
    corrected: "func half(x: Float) -> Float { x / 2.0 }")
  package static let tooManyArguments = DiagnosticCode(
    "E0211", "too many arguments",
    "More arguments without a label than parameters that allow it.",
    example: "let a = sqrt(1.0, 2.0)",
    corrected: "let a = sqrt(1.0)")
  package static let memberWithoutType = DiagnosticCode(
    "E0212", "member without a type",
    "A member such as .cifar means something only where an enum or kind is expected.",
    example: """
      enum Size { small, large }
      let a = .small
      """,
    corrected: """
      enum Size { small, large }
      let a: Size = .small
      let b = Size.small
      """)
  package static let notCallable = DiagnosticCode(
    "E0213", "not a function",
    "Only functions and constructors can be called.",
    example: """
      let a = 1
      let b = a(2)
      """,
    corrected: """
      let a = 1
      let b = a * 2
      """)
  package static let unknownMethod = DiagnosticCode(
    "E0214", "unknown method or property",
    "The value has no such method, field or property.",
    example: "let a = [1, 2].size",
    corrected: "let a = [1, 2].count")
  package static let importNotFound = DiagnosticCode(
    "E0215", "import not found",
    "The imported file is not there. Paths are relative to the importing file.",
    example: """
      import "othr.recipe" as other
      """,
    corrected: """
      import "other.recipe" as other
      """,
    files: ["other.recipe": "let a = 1"])
  package static let importCycle = DiagnosticCode(
    "E0216", "files import each other",
    "A file may not import itself, directly or through others.",
    example: """
      import "other.recipe" as other
      let a = 1
      """,
    corrected: "let a = 1",
    files: ["other.recipe": "import \"main.recipe\" as main"])
  package static let importOutside = DiagnosticCode(
    "E0217", "import outside the folder",
    "Imports stay in the folder of the main file and below it, so that a recipe cannot read what it "
      + "should not. Absolute paths and .. are refused.",
    example: """
      import "../other.recipe" as other
      """,
    corrected: """
      import "parts/other.recipe" as other
      """,
    files: ["parts/other.recipe": "let a = 1"])
  package static let needsCall = DiagnosticCode(
    "E0218", "function without a call",
    "A function or constructor is no value; it must be called.",
    example: "let a = sqrt",
    corrected: "let a = sqrt(2.0)")

  static let namesCodes: [DiagnosticCode] = [
    .unknownName, .duplicateName, .unknownArgument, .missingArgument, .duplicateArgument, .unlabelledArgument,
    .unknownMember, .unknownField, .cycle, .unknownType, .tooManyArguments, .memberWithoutType, .notCallable,
    .unknownMethod, .importNotFound, .importCycle, .importOutside, .needsCall,
  ]
}
