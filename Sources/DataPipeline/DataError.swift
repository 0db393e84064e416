import VisibleText

/// Data that cannot be used: what, in which file, and what to do about it.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file or folder, as it was given.
  public let path: String
  /// What is wrong, with the offending value and place.
  public let problem: String
  /// What would cure it; may be empty.
  public let remedy: String

  public init(_ path: String, _ problem: String, remedy: String = "") {
    self.path = path
    self.problem = problem
    self.remedy = remedy
  }

  public var description: String {
    ("\(path): \(problem)" + (remedy.isEmpty ? "" : " (\(remedy))")).visibleLine
  }
}
