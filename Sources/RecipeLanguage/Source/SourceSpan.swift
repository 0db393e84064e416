import VisibleText

/// A stretch of text in one source: half-open, in bytes.
public struct SourceSpan: Sendable, Equatable, CustomStringConvertible {
  /// The file the span lies in.
  public let file: SourceFile
  /// The offset of the first byte.
  public let lower: Int
  /// The offset after the last byte.
  public let upper: Int

  /// A span over `lower..<upper` of `file`.
  public init(file: SourceFile, lower: Int, upper: Int) {
    self.file = file
    self.lower = lower
    self.upper = max(lower, upper)
  }

  /// The 1-based line of the start.
  public var line: Int { file.position(at: lower).line }
  /// The 1-based column (in characters) of the start.
  public var column: Int { file.position(at: lower).column }
  /// The text itself.
  public var text: String { file.text(lower..<upper) }
  /// `file:line:column`, as compilers print it.
  public var description: String {
    let start = file.position(at: lower)
    return "\(file.name.visibleLine):\(start.line):\(start.column)"
  }

  /// The span from the start of this one to the end of another in the same file.
  public func through(_ other: SourceSpan) -> SourceSpan {
    guard other.file === file else { return self }
    return SourceSpan(file: file, lower: min(lower, other.lower), upper: max(upper, other.upper))
  }

  /// The empty span at the end of this one.
  public var end: SourceSpan { SourceSpan(file: file, lower: upper, upper: upper) }

  /// Equal when they are the same bytes of the same source object.
  public static func == (left: SourceSpan, right: SourceSpan) -> Bool {
    left.file === right.file && left.lower == right.lower && left.upper == right.upper
  }
}
