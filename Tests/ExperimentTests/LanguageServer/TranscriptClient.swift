import Experiment
import Foundation
import RecipeLanguage
import TestSupport

/// A client that does what the lines of a transcript say (`Fixtures/lsp/README.md`) and writes down what the server
/// answers.
final class TranscriptClient {
  let folder: TemporaryFolder
  var session = LanguageServerSession(LanguageServer(catalogue: EditorCatalogue.shared))
  private var versions: [String: Int] = [:]
  private var lastID = 0

  init() throws { folder = try TemporaryFolder() }

  struct Mistake: Error { let text: String }

  /// Carries out one command; `text` are the lines after it that begin with `|`.
  func run(_ command: String, _ text: [String]) throws -> [String] {
    let words = command.split(separator: " ", maxSplits: 1).map(String.init)
    guard let verb = words.first else { return [] }
    let rest = words.count > 1 ? words[1] : ""
    let arguments = rest.split(separator: " ", maxSplits: 2).map(String.init)
    func argument(_ index: Int) throws -> String {
      guard index < arguments.count else { throw Mistake(text: "\(command): an argument is missing") }
      return arguments[index]
    }
    let document = text.map { $0.replacing("␍", with: "\r") }.joined(separator: "\n")
    switch verb {
    case "initialize": return try start(rest)
    case "raw": return send(try JSONValue(parsing: Data(rest.utf8)))
    case "bytes": return messages(session.receive(Array(escaped(rest).utf8))).map(\.line).map(hidden)
    case "file":
      let url = folder.file(try argument(0))
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(document.utf8).write(to: url)
      return []
    case "saved": return notify("textDocument/didSave", [.init("textDocument", identifier(try argument(0)))])
    case "open":
      let name = try argument(0)
      versions[name] = 1
      let item: JSONValue = .object([
        "uri": .string(uri(name)), "languageId": .string("recipe"), "version": .int(1), "text": .string(document),
      ])
      return notify("textDocument/didOpen", [.init("textDocument", item)])
    case "replace": return change(try argument(0), .object(["text": .string(document)]))
    case "edit":
      let new = arguments.count > 2 ? escaped(arguments[2]) : ""
      return change(try argument(0), .object(["range": range(try argument(1)), "text": .string(new)]))
    case "close": return notify("textDocument/didClose", [.init("textDocument", identifier(try argument(0)))])
    case "symbols", "format":
      let method = verb == "format" ? "formatting" : "documentSymbol"
      let options: JSONValue = .object(["tabSize": .int(2), "insertSpaces": .bool(true)])
      return try request(
        method,
        [
          .init("textDocument", identifier(try argument(0))), .init("options", options),
        ])
    case "actions":
      return try request(
        "codeAction",
        [
          .init("textDocument", identifier(try argument(0))), .init("range", range(try argument(1))),
          .init("context", .object(["diagnostics": .array([])])),
        ])
    case "hover", "definition", "references", "prepareRename", "completion", "rename":
      var fields: [JSONValue.Field] = [
        .init("textDocument", identifier(try argument(0))), .init("position", position(try argument(1))),
      ]
      if verb == "references" { fields.append(.init("context", .object(["includeDeclaration": .bool(true)]))) }
      if verb == "rename" { fields.append(.init("newName", .string(try argument(2)))) }
      return try request(verb, fields)
    default: throw Mistake(text: "there is no command `\(verb)`")
    }
  }

  /// Sends a request and returns its result; for tests that compute.
  func result(_ method: String, _ params: [JSONValue.Field]) -> JSONValue? {
    lastID += 1
    let message: JSONValue = .object([
      "jsonrpc": .string("2.0"), "id": .int(lastID), "method": .string(method), "params": .object(params),
    ])
    return messages(session.receive(MessageStream.framed(message))).first { $0["id"] == .int(lastID) }?["result"]
  }

  func uri(_ name: String) -> String { folder.file(name).absoluteString }
  func identifier(_ name: String) -> JSONValue { .object(["uri": .string(uri(name))]) }

  // MARK: Sending

  private func start(_ capabilities: String) throws -> [String] {
    let client = capabilities.isEmpty ? JSONValue.object([:]) : try JSONValue(parsing: Data(capabilities.utf8))
    let folders: JSONValue = .array([.object(["uri": .string(folder.file("").absoluteString), "name": .string("f")])])
    let answer = try request(
      "initialize",
      [
        .init("processId", .null), .init("capabilities", client), .init("workspaceFolders", folders),
      ])
    return answer
      + send(.object(["jsonrpc": .string("2.0"), "method": .string("initialized"), "params": .object([:])]))
  }

  private func request(_ method: String, _ params: [JSONValue.Field]) throws -> [String] {
    lastID += 1
    let name = method == "initialize" ? method : "textDocument/\(method)"
    return send(
      .object([
        "jsonrpc": .string("2.0"), "id": .int(lastID), "method": .string(name), "params": .object(params),
      ]), method)
  }

  private func notify(_ method: String, _ params: [JSONValue.Field]) -> [String] {
    send(.object(["jsonrpc": .string("2.0"), "method": .string(method), "params": .object(params)]))
  }

  private func change(_ name: String, _ change: JSONValue) -> [String] {
    versions[name, default: 0] += 1
    let item: JSONValue = .object(["uri": .string(uri(name)), "version": .int(versions[name] ?? 0)])
    return notify(
      "textDocument/didChange", [.init("textDocument", item), .init("contentChanges", .array([change]))])
  }

  private func send(_ message: JSONValue, _ method: String = "") -> [String] {
    messages(session.receive(MessageStream.framed(message))).flatMap { TranscriptText.lines($0, method) }.map(hidden)
  }

  private func messages(_ bytes: [UInt8]) -> [JSONValue] {
    var stream = MessageStream()
    stream.append(bytes)
    var messages: [JSONValue] = []
    while let item = stream.next() { if case .message(let message) = item { messages.append(message) } }
    return messages
  }

  // MARK: Reading

  private func position(_ text: String) -> JSONValue {
    let numbers = text.split(separator: ":").compactMap { Int($0) }
    return .object(["line": .int(numbers.first ?? -1), "character": .int(numbers.last ?? -1)])
  }

  private func range(_ text: String) -> JSONValue {
    let ends = text.split(separator: "-").map { position(String($0)) }
    return .object(["start": ends.first ?? .null, "end": ends.last ?? .null])
  }

  private func escaped(_ text: String) -> String {
    text.replacing("\\n", with: "\n").replacing("\\r", with: "\r")
  }

  /// The folder changes from run to run.
  private func hidden(_ line: String) -> String {
    line.replacing(folder.file("").absoluteString, with: "").replacing(folder.file("").path + "/", with: "")
      .replacing(folder.file("").path, with: "")
  }
}
