/// Codes of the scanner: what the bytes of a file can be wrong about.
extension DiagnosticCode {
  package static let fileUnreadable = DiagnosticCode(
    "E0001", "file cannot be read",
    "The file is not there, is a folder, or may not be read. Check the path; it is relative to the "
      + "folder the command was started in.",
    example: "harmonia check nowhere.recipe",
    corrected: "harmonia check Scripts/quickstart.recipe")
  static let invalidUTF8 = DiagnosticCode(
    "E0002", "not UTF-8",
    "Recipes are UTF-8 text. The file holds bytes that are not; it was probably saved by an editor in "
      + "another encoding, or is not text.",
    example: """
      let city = "Zürich"  // saved as Latin-1
      """,
    corrected: """
      let city = "Zürich"  // saved as UTF-8
      """)
  package static let unexpectedCharacter = DiagnosticCode(
    "E0003", "character without meaning",
    "A character outside strings and comments that belongs to no word, number or operator. Typographic "
      + "quotation marks and arrows pasted from documents are the usual cause.",
    example: "let a = “x”",
    corrected: """
      let a = "x"
      """)
  package static let unterminatedString = DiagnosticCode(
    "E0004", "string not closed",
    "A string ends on the line it begins on. Write \\n for a line break.",
    example: """
      let a = "x
      """,
    corrected: """
      let a = "x"
      """)
  package static let badEscape = DiagnosticCode(
    "E0005", "unknown escape",
    "A backslash in a string starts an escape: \\n \\t \\r \\\" \\\\ \\u{…} or \\( ) around a value.",
    example: #"""
      let a = "C:\photos"
      """#,
    corrected: #"""
      let a = "C:\\photos"
      """#)
  package static let unterminatedComment = DiagnosticCode(
    "E0006", "comment not closed",
    "A comment that begins with /* ends with */. Such comments nest.",
    example: """
      /* a note
      let a = 1
      """,
    corrected: """
      /* a note */
      let a = 1
      """)
  package static let badNumber = DiagnosticCode(
    "E0007", "number not well formed",
    "Underscores stand between digits, and a whole number does not begin with 0.",
    example: "let a = 007",
    corrected: "let a = 7")
  package static let numberTooLarge = DiagnosticCode(
    "E0008", "number too large",
    "Whole numbers have 64 bits, quantities are kept as exact fractions of 64 bits.",
    example: "let a = 99999999999999999999",
    corrected: "let a = 9_000_000_000_000_000_000")
  package static let unknownUnit = DiagnosticCode(
    "E0009", "unknown unit",
    "The letters after a number are its unit. Training time is written in ep, step or img; wall-clock "
      + "time in ms, s, min or h; memory in B, KiB, MiB or GiB; shares in %.",
    example: "let a = 500epochs",
    corrected: "let a = 500ep")
  package static let unknownEdition = DiagnosticCode(
    "E0010", "unknown edition",
    "The first line may say which edition of the language the file is written in. This implementation "
      + "knows edition 1.",
    example: "edition 7",
    corrected: "edition 1")
  package static let hashComment = DiagnosticCode(
    "E0011", "# is no comment",
    "Comments are written // as in Swift and C. A comment of three slashes documents the declaration "
      + "after it.",
    example: """
      # a note
      let a = 1
      """,
    corrected: """
      // a note
      let a = 1
      """)
  package static let singleQuotes = DiagnosticCode(
    "E0012", "quotation marks of another language",
    "Strings begin and end with one double quotation mark, on one line.",
    example: "let a = 'x'",
    corrected: """
      let a = "x"
      """)
  static let misleadingCharacter = DiagnosticCode(
    "E0013", "character that misleads",
    "Control characters, marks of writing direction and separators of lines and paragraphs make a line look other than "
      + "it is, in strings and comments as well. A string writes them as \\u{…}, and a tab as \\t.",
    example: """
      let a = "x\u{202E}y"
      """,
    corrected: #"""
      let a = "x\u{202e}y"
      """#)

  static let textCodes: [DiagnosticCode] = [
    .fileUnreadable, .invalidUTF8, .unexpectedCharacter, .unterminatedString, .badEscape, .unterminatedComment,
    .badNumber, .numberTooLarge, .unknownUnit, .unknownEdition, .hashComment, .singleQuotes,
    .misleadingCharacter,
  ]
}
