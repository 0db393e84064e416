import Foundation
import VisibleText

/// Data that cannot be used: what, in which file, and what to do about it.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, as it was given.
  public let path: String
  /// What is wrong, with the offending value and place.
  public let problem: String
  /// What would cure it; may be empty.
  public let remedy: String
  /// Whether the system had nothing left to read the file with, which says nothing about the file: it is not broken.
  public let isShortage: Bool

  public init(_ path: String, _ problem: String, remedy: String = "", isShortage: Bool = false) {
    self.path = path
    self.problem = problem
    self.remedy = remedy
    self.isShortage = isShortage
  }

  /// - Parameter number: of the system's reason: `errno`, which comes first to be read before anything changes it.
  package init(number: Int32, _ path: String, _ problem: String) {
    let remedy =
      switch number {
      case EMFILE: "let the process open more files (`ulimit -n`)"
      case ENFILE: "the system has too many files open"
      case ENOMEM: "there is no memory left"
      default: ""
      }
    self.init(path, "\(problem): \(String(cString: strerror(number)))", remedy: remedy, isShortage: !remedy.isEmpty)
  }

  public var description: String {
    ("\(path): \(problem)" + (remedy.isEmpty ? "" : " (\(remedy))")).visibleLine
  }
}
