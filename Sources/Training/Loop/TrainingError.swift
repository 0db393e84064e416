import Foundation

/// Why training stopped or could not begin.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The loss or a gradient is NaN or infinite. `step` and `epoch` count from 1; `what` names the number;
  /// `dump` is the file with the state and the samples of that batch, if it could be written.
  case notFinite(step: Int, epoch: Int, what: String, dump: URL?)
  /// A checkpoint that cannot be gone on from; nothing was changed.
  case checkpoint(path: String, detail: String)
  /// Settings that make no training; nothing was started.
  case settings(field: String, detail: String)

  public var description: String {
    switch self {
    case .notFinite(let step, let epoch, let what, let dump):
      "\(what) is not finite in step \(step) (epoch \(epoch)); lower the learning rate or raise the temperature"
        + (dump.map { "; the state stands in \($0.path(percentEncoded: false))" } ?? "")
    case .checkpoint(let path, let detail): "\(path): \(detail)"
    case .settings(let field, let detail): "\(field): \(detail)"
    }
  }
}
