import Foundation
import VisibleText

/// Why a tensor file could not be read or written.
public struct TensorFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's path as it was given.
  public let path: String
  /// What is wrong and, where there is one, the remedy.
  public let detail: String
  /// The system's number of the reason (`ENOSPC`), where a call of it failed.
  public let number: Int32?

  public init(_ url: URL, _ detail: String, number: Int32? = nil) {
    path = url.path(percentEncoded: false)
    self.detail = detail
    self.number = number
  }

  /// `last.safetensors: tensor "fc1.weight": 12 bytes for shape [2, 2] of F32, which needs 16`
  public var description: String { "\(path): \(detail)".visibleLine }
}
