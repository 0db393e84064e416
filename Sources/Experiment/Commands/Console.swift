import Foundation

/// Where commands write: results to `out`, everything said on the way to `err`.
public struct Console: Sendable {
  public let out: @Sendable (String) -> Void
  public let err: @Sendable (String) -> Void
  /// Whether `err` is a terminal, so that lines may be written over and coloured.
  public let isTerminal: Bool

  public init(
    out: @escaping @Sendable (String) -> Void, err: @escaping @Sendable (String) -> Void, isTerminal: Bool = false
  ) {
    self.out = out
    self.err = err
    self.isTerminal = isTerminal
  }

  /// Standard output and standard error; each call is a line.
  public static let standard = Console(
    out: { write($0, to: .standardOutput) }, err: { write($0, to: .standardError) },
    isTerminal: isatty(STDERR_FILENO) == 1)

  private static func write(_ line: String, to handle: FileHandle) {
    // A closed pipe (`| head`) is no error of ours.
    try? handle.write(contentsOf: Data((line + "\n").utf8))
  }
}
