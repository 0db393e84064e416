import Foundation
import Synchronization
import VisibleText

/// Where commands write: results to `out`, everything said on the way to `err`; nothing that steers a terminal gets
/// through, wherever it came from. Names, which may hold line breaks, are made ``visibleLine`` by who writes them.
public struct Console: Sendable {
  public let out: @Sendable (String) -> Void
  public let err: @Sendable (String) -> Void
  /// The same for text with styles, of which everything that came from elsewhere is visible already.
  let styledOut: @Sendable (String) -> Void
  let styledErr: @Sendable (String) -> Void
  /// A document that another program reads: not a character is changed.
  let document: @Sendable (String) -> Void
  /// Whether `err` is a terminal, so that lines may be written over and coloured.
  public let isTerminal: Bool
  /// Whether `out` is a terminal, so that results may be coloured.
  public let isOutputTerminal: Bool

  public init(
    out: @escaping @Sendable (String) -> Void, err: @escaping @Sendable (String) -> Void, isTerminal: Bool = false,
    isOutputTerminal: Bool = false
  ) {
    self.out = { out($0.visible) }
    self.err = { err($0.visible) }
    styledOut = { out(Self.styled($0)) }
    styledErr = { err(Self.styled($0)) }
    document = out
    self.isTerminal = isTerminal
    self.isOutputTerminal = isOutputTerminal
  }

  /// The text, visible, in an ANSI style on a terminal.
  func paint(_ text: String, _ style: String) -> String {
    isOutputTerminal ? "\u{1B}[\(style)m\(text.visibleLine)\u{1B}[0m" : text.visibleLine
  }

  /// Visible but for ANSI styles: `ESC [ 1 ; 31 m`.
  private static func styled(_ text: String) -> String {
    let pieces = text.split(separator: "\u{1B}", omittingEmptySubsequences: false)
    return pieces[0].visible
      + pieces.dropFirst().map { piece in
        let style = piece.prefixMatch(of: /\[[0-9;]*m/)
        return (style == nil ? "\u{1B}".visible : "\u{1B}") + (style?.output ?? "") + piece[(style?.range.upperBound ?? piece.startIndex)...].visible
      }.joined()
  }

  /// Standard output and standard error; each call is a line.
  public static let standard = Console(
    out: { write($0, to: .standardOutput) }, err: { write($0, to: .standardError) },
    isTerminal: isatty(STDERR_FILENO) == 1, isOutputTerminal: isatty(STDOUT_FILENO) == 1 && takesColour)

  /// https://no-color.org
  private static let takesColour = ProcessInfo.processInfo.environment["NO_COLOR"]?.isEmpty != false

  /// Why something that was written to standard output did not get there (a full disk), if so.
  /// A closed pipe (`| head`) does not count: nobody wanted the rest.
  public static var lostOutput: String? {
    let number = lost.load(ordering: .relaxed)
    return number == 0 ? nil : String(cString: strerror(number))
  }

  private static let lost = Atomic<Int32>(0)

  private static func write(_ line: String, to handle: FileHandle) {
    let reason = StandardStream.write((line + "\n").utf8, to: handle.fileDescriptor)
    if reason != 0, reason != EPIPE, handle === FileHandle.standardOutput { lost.store(reason, ordering: .relaxed) }
  }
}
