import Synchronization

/// Turns what recipes print, in pieces, into lines of a console.
final class PrintedLines: Sendable {
  private let rest = Mutex("")
  private let line: @Sendable (String) -> Void

  init(_ line: @escaping @Sendable (String) -> Void) { self.line = line }

  func add(_ text: String) {
    let complete = rest.withLock { rest in
      // By scalars: as a character, a carriage return and a line feed are one.
      var lines = (rest + text).unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      rest = lines.removeLast()
      return lines
    }
    for text in complete { line(text) }
  }

  /// Gives out a last line that was not ended.
  func finish() {
    let last = rest.withLock { rest in
      defer { rest = "" }
      return rest
    }
    if !last.isEmpty { line(last) }
  }
}
