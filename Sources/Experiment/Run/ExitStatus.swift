/// How a command ends; the numbers scripts may rely on.
public enum ExitStatus: Int32, Sendable, CaseIterable {
  case success = 0
  /// Something that was checked does not hold: a golden case, a test of a recipe.
  case failedCheck = 1
  /// The recipe, or what it asks for, is wrong: nothing was started.
  case badRecipe = 2
  /// A file, a disk, numbers that are no longer finite: the run stopped.
  case failedRun = 3
  /// A signal stopped the run after it was saved: `--resume` goes on from there.
  case interrupted = 75

  public var meaning: String {
    switch self {
    case .success: "done"
    case .failedCheck: "a check failed"
    case .badRecipe: "the recipe or its data is wrong; nothing was started"
    case .failedRun: "the run stopped with an error"
    case .interrupted: "stopped by a signal and saved; go on with --resume"
    }
  }
}
