import CKernels

/// Why a kernel refused its input. Shapes and options are checked before anything runs, so an error
/// leaves nothing half-done.
public struct KernelError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    /// The shapes do not fit together or make no sense.
    case badShape
    /// An option is outside its range.
    case badValue
    /// An input holds NaN or infinity where the operation cannot go on.
    case notFinite
    case outOfMemory
    /// LAPACK could not finish.
    case lapack
  }
  public let operation: String
  public let reason: Reason
  public let detail: String

  public init(_ operation: String, _ reason: Reason, _ detail: String) {
    self.operation = operation
    self.reason = reason
    self.detail = detail
  }

  /// `conv2d: kernel 7×7 exceeds the padded input 5×5`
  public var description: String { "\(operation): \(detail)" }

  /// Throws what a C status says, or returns.
  static func check(_ status: ck_status, _ operation: String, _ detail: @autoclosure () -> String) throws {
    switch status {
    case CK_OK: return
    case CK_BAD_SHAPE: throw KernelError(operation, .badShape, detail())
    case CK_BAD_VALUE: throw KernelError(operation, .badValue, detail())
    case CK_NOT_FINITE: throw KernelError(operation, .notFinite, detail())
    case CK_NO_MEMORY: throw KernelError(operation, .outOfMemory, "not enough memory for " + detail())
    default: throw KernelError(operation, .lapack, detail())
    }
  }
}
