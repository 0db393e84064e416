import Foundation
import VisibleText

/// Why a tensor file could not be read or written.
public struct TensorFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's path as it was given.
  public let path: String
  /// What is wrong and, where there is one, the remedy.
  public let detail: String

  public init(_ url: URL, _ detail: String) {
    path = url.path(percentEncoded: false)
    self.detail = detail
  }

  /// `last.safetensors: tensor "fc1.weight": 12 bytes for shape [2, 2] of F32, which needs 16`
  public var description: String { "\(path): \(detail)".visibleLine }
}
