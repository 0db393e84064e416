import Foundation

/// A terminal whose keys come one by one, without echo and signals, until it is left.
struct RawTerminal {
  private let original: termios
  /// The same where a signal's handler finds it; as long as the process lives.
  private let kept: UnsafeMutablePointer<termios>

  /// Nil where standard input and output are no terminal.
  init?() {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
    var settings = termios()
    guard tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    original = settings
    kept = .allocate(capacity: 1)
    kept.initialize(to: settings)
  }

  func enter() {
    var raw = original
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
    Interruption.shared.restoresTerminal(kept)
    _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
  }

  func leave() {
    var settings = original
    _ = tcsetattr(STDIN_FILENO, TCSADRAIN, &settings)
    Interruption.shared.restoresTerminal(nil)
  }

  var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// What was typed; empty at the end.
  func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = buffer.withUnsafeMutableBytes { Foundation.read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }

  func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}
