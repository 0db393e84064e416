import Foundation
import VisibleText

/// Why a run folder cannot be used as asked, with the remedy.
public struct RunStoreError: Error, Hashable, Sendable, CustomStringConvertible {
  public let path: String
  public let detail: String
  /// The system's number of the reason (`ENOSPC`), where a call of it failed.
  public let number: Int32?

  public init(_ url: URL, _ detail: String, number: Int32? = nil) {
    path = url.path(percentEncoded: false)
    self.detail = detail
    self.number = number
  }

  /// `runs/quickstart: another process (id 4711) is writing here; wait for it or choose another --out`
  public var description: String { "\(path): \(detail)".visibleLine }

  /// With the system's reason for the last failed call.
  static func system(_ url: URL, _ what: String, _ number: Int32) -> RunStoreError {
    RunStoreError(url, "\(what): \(String(cString: strerror(number)))", number: number)
  }
}
