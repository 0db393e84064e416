import Experiment
import Synchronization

/// A console that remembers its lines.
final class Lines: Sendable {
  private let state = Mutex<(out: [String], err: [String])>(([], []))

  var out: [String] { state.withLock { $0.out } }
  var err: [String] { state.withLock { $0.err } }
  var all: String { (out + err).joined(separator: "\n") }

  /// The lines of `out` since this was asked last.
  func taken() -> [String] {
    state.withLock { state in
      defer { state.out = [] }
      return state.out
    }
  }

  var console: Console { console(isTerminal: false) }
  /// One whose results and messages may be coloured.
  var terminal: Console { console(isTerminal: true) }

  private func console(isTerminal: Bool) -> Console {
    Console(
      out: { line in self.state.withLock { $0.out.append(line) } },
      err: { line in self.state.withLock { $0.err.append(line) } }, isTerminal: isTerminal, isOutputTerminal: isTerminal)
  }
}
