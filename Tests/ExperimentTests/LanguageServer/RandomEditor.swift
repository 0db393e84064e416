import Experiment
import RecipeLanguage

/// An editor without plan or mercy: bytes decide what it sends to a language server.
///
/// The first byte chooses between bytes as they are (framing, JSON) and messages that are well formed but make no sense
/// together.
struct RandomEditor {
  private var bytes: ArraySlice<UInt8>
  private var session: LanguageServerSession
  private var id = 0

  init(_ bytes: some Collection<UInt8>, limits: Limits = Limits(), catalogue: Catalogue = RecipeCatalogue.shared) {
    self.bytes = Array(bytes)[...]
    session = LanguageServerSession(LanguageServer(catalogue: catalogue, limits: limits))
  }

  /// Sends everything; returns how many bytes were answered.
  mutating func run() -> Int {
    guard let mode = bytes.popFirst() else { return 0 }
    if mode == 0 { return session.receive(bytes).count }
    var answered = send("initialize", [.init("capabilities", capabilities(mode))])
    while !bytes.isEmpty { answered += act() }
    return answered
  }

  private func capabilities(_ mode: UInt8) -> JSONValue {
    let encodings: JSONValue = mode & 2 == 0 ? .array([]) : .strings(["utf-8"])
    return .object([
      "general": .object(["positionEncodings": encodings]),
      "textDocument": .object([
        "documentSymbol": .object(["hierarchicalDocumentSymbolSupport": .bool(mode & 4 == 0)])
      ]),
    ])
  }

  private mutating func act() -> Int {
    let choice = number() % 16
    let document = JSONValue.Field("textDocument", .object(["uri": uri()]))
    switch choice {
    case 0, 1:
      let item: JSONValue = .object(["uri": uri(), "version": .int(1), "text": .string(text())])
      return notify("textDocument/didOpen", [.init("textDocument", item)])
    case 2, 3, 4:
      let changes = (0...(number() % 3)).map { _ -> JSONValue in
        number() % 8 == 0
          ? .object(["text": .string(text())]) : .object(["range": range(), "text": .string(text())])
      }
      return notify("textDocument/didChange", [document, .init("contentChanges", .array(changes))])
    case 5: return notify("textDocument/didClose", [document])
    case 6: return request("documentSymbol", [document])
    case 7: return request("formatting", [document])
    case 8: return request("codeAction", [document, .init("range", range())])
    case 9: return request("rename", [document, .init("position", position()), .init("newName", .string(text()))])
    default:
      let methods = ["hover", "completion", "definition", "references", "prepareRename", "completion"]
      return request(methods[choice - 10], [document, .init("position", position())])
    }
  }

  // MARK: Bytes

  private mutating func number() -> Int { Int(bytes.popFirst() ?? 0) }
  private mutating func uri() -> JSONValue { .string("file:///random/\(number() % 2).recipe") }

  private mutating func position() -> JSONValue {
    .object(["line": .int(number() % 32), "character": .int(number() % 64)])
  }

  private mutating func range() -> JSONValue { .object(["start": position(), "end": position()]) }

  /// Up to 255 bytes, or everything that is left.
  private mutating func text() -> String {
    let count = number()
    let piece = bytes.prefix(count == 255 ? bytes.count : count)
    bytes = bytes.dropFirst(piece.count)
    return String(decoding: piece, as: UTF8.self)
  }

  // MARK: Sending

  private mutating func request(_ method: String, _ params: [JSONValue.Field]) -> Int {
    send("textDocument/\(method)", params)
  }

  private mutating func send(_ method: String, _ params: [JSONValue.Field]) -> Int {
    id += 1
    return deliver([.init("id", .int(id)), .init("method", .string(method)), .init("params", .object(params))])
  }

  private mutating func notify(_ method: String, _ params: [JSONValue.Field]) -> Int {
    deliver([.init("method", .string(method)), .init("params", .object(params))])
  }

  private mutating func deliver(_ fields: [JSONValue.Field]) -> Int {
    session.receive(MessageStream.framed(.object([.init("jsonrpc", "2.0")] + fields))).count
  }
}
