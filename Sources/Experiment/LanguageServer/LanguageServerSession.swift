/// A language server on a stream of bytes.
public struct LanguageServerSession {
  private var stream = MessageStream()
  public private(set) var server: LanguageServer

  public init(_ server: LanguageServer = LanguageServer()) { self.server = server }

  /// Takes in what was read and returns what is to be written. Requests that are cancelled by a message that came with
  /// them are not carried out.
  public mutating func receive(_ bytes: some Collection<UInt8>) -> [UInt8] {
    stream.append(bytes)
    var items: [MessageStream.Item] = []
    while let item = stream.next() { items.append(item) }
    let cancelled = items.compactMap { item -> JSONValue? in
      guard case .message(let message) = item, message["method"] == .string("$/cancelRequest") else { return nil }
      return message["params"]?["id"]
    }
    var output: [UInt8] = []
    for item in items where server.exitStatus == nil {
      for message in answers(to: item, cancelled) { output += MessageStream.framed(message) }
    }
    if server.exitStatus == nil { for message in server.idle() { output += MessageStream.framed(message) } }
    return output
  }

  private mutating func answers(to item: MessageStream.Item, _ cancelled: [JSONValue]) -> [JSONValue] {
    switch item {
    case .malformed(let reason): return [LanguageServer.failure(.null, ResponseError(.parseError, reason))]
    case .message(let message):
      if let id = message["id"], message["method"] != nil, cancelled.contains(id) {
        return [LanguageServer.failure(id, ResponseError(.requestCancelled, "cancelled"))]
      }
      return server.receive(message)
    }
  }
}
