import ArgumentParser
import Experiment

/// `--limit nesting=256`, for every command that reads recipes.
struct LimitOptions: ParsableArguments {
  @Option(
    name: .customLong("limit"), parsing: .singleValue,
    help: ArgumentHelp(
      "Change what a recipe may use: --limit fuel=10_000_000 --limit memory=4GiB",
      discussion: "The limits and their defaults: "
        + RecipeLimits.Name.allCases.map { "\($0.rawValue) \(RecipeLimits()[$0])" }.joined(separator: ", ")
        + ". A mistake that a limit finds says which one it was.",
      valueName: "name=value"))
  var texts: [String] = []

  /// The limits of the command, over `base`.
  func limits(over base: RecipeLimits = RecipeLimits()) throws -> RecipeLimits {
    do {
      return try base.setting(texts)
    } catch {
      throw ValidationError("--limit: \(error)")
    }
  }
}
