/// Why an objective refused its input: which value of what, and what would do.
public struct ObjectiveError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being done, as in `class prior`.
  public let subject: String
  public let detail: String

  public init(_ subject: String, _ detail: String) {
    self.subject = subject
    self.detail = detail
  }

  public var description: String { "\(subject): \(detail)" }
}
