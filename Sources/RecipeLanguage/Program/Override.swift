/// `--set path=value`: a field of every recipe that has it, or `--set recipe.path=value` for one recipe.
///
/// The value is an expression of the language, checked like source against the field's type and range.
/// A single name that is no field but a top-level `let` of the file replaces that binding.
public struct Override: Sendable, Hashable {
  /// The text after `--set`.
  public let text: String
  /// What diagnostics call the place of the text.
  public let option: String

  /// An override.
  public init(_ text: String, option: String = "--set") {
    self.text = text
    self.option = option
  }
}
