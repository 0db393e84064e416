/// Why an evaluation refused its input; says what was wrong and where.
public struct EvaluationError: Error, Hashable, Sendable, CustomStringConvertible {
  public let operation: String
  public let detail: String

  public init(_ operation: String, _ detail: String) {
    self.operation = operation
    self.detail = detail
  }

  /// `linear probe: label 12 of sample 7 is outside the 10 classes`
  public var description: String { "\(operation): \(detail)" }
}
