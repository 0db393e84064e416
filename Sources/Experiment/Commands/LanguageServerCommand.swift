import Foundation

/// `harmonia lsp`: the language server on standard input and output.
public struct LanguageServerCommand: Sendable {
  public init() {}

  /// Serves until the client says `exit` or closes the stream. Standard output belongs to the protocol.
  public func run() -> Int32 {
    signal(SIGPIPE, SIG_IGN)
    var session = LanguageServerSession()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while session.server.exitStatus == nil {
      let count = buffer.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      guard LanguageServerCommand.write(session.receive(buffer[..<count])) else { break }
    }
    // A stream that ends without `exit` is a client that died.
    return session.server.exitStatus ?? 1
  }

  private static func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
