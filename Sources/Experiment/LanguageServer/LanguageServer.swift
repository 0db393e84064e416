import Foundation
import RecipeLanguage

/// A language server for recipes: messages in, messages out. It reads and writes no stream itself.
///
/// Requests are answered in their order. Diagnostics come from `idle()`, which the caller asks when no further message
/// is waiting; so a burst of keystrokes is checked once.
public struct LanguageServer {
  /// What the program's exit status should be, once the client has said `exit`.
  public private(set) var exitStatus: Int32?

  let catalogue: Catalogue
  let limits: Limits
  var encoding = PositionEncoding.utf16
  /// What the client can do, from its `initialize`.
  var client: JSONValue = .null
  var folders: [String] = []
  var documents: [String: OpenDocument] = [:]
  var analyses: [String: Analysis] = [:]
  /// Documents whose diagnostics are to be sent.
  var unpublished: Set<String> = []
  /// The diagnostics that were sent last.
  var published: [String: JSONValue] = [:]
  private var stage = Stage.new

  private enum Stage { case new, running, shutDown }

  /// A server for these words. `limits` bound what checking one version of a text may use.
  public init(catalogue: Catalogue = RecipeCatalogue.shared, limits: Limits = Limits()) {
    self.catalogue = catalogue
    self.limits = limits
  }

  /// Handles a message and returns what is to be sent at once.
  public mutating func receive(_ message: JSONValue) -> [JSONValue] {
    guard case .object = message else {
      return [LanguageServer.failure(.null, ResponseError(.invalidRequest, "a message is an object"))]
    }
    let id = message["id"]
    guard let method = message["method"]?.text else {
      // An answer of the client to something this server never asked.
      if id != nil, message["result"] != nil || message["error"] != nil { return [] }
      return [LanguageServer.failure(id ?? .null, ResponseError(.invalidRequest, "a message without `method`"))]
    }
    guard let id else { return notify(method, message["params"] ?? .null) }
    switch id {
    case .int, .string, .null, .number: break
    default: return [LanguageServer.failure(.null, ResponseError(.invalidRequest, "an id is a number or a string"))]
    }
    do throws(ResponseError) {
      let result = try answer(method, message["params"] ?? .null)
      return [.object(["jsonrpc": .string("2.0"), "id": id, "result": result])]
    } catch {
      return [LanguageServer.failure(id, error)]
    }
  }

  /// The answer to bytes that were no message.
  public static func failure(_ id: JSONValue, _ error: ResponseError) -> JSONValue {
    .object(["jsonrpc": .string("2.0"), "id": id, "error": error.json])
  }

  static func notification(_ method: String, _ params: JSONValue) -> JSONValue {
    .object(["jsonrpc": .string("2.0"), "method": .string(method), "params": params])
  }

  /// The text of an open document.
  public func text(of uri: String) -> String? { documents[uri].map { String(decoding: $0.bytes, as: UTF8.self) } }

  // MARK: Requests

  private mutating func answer(_ method: String, _ params: JSONValue) throws(ResponseError) -> JSONValue {
    if method == "initialize" { return try initialize(params) }
    guard stage != .new else { throw ResponseError(.serverNotInitialized, "`initialize` comes first") }
    guard stage == .running else { throw ResponseError(.invalidRequest, "the server was shut down") }
    switch method {
    case "shutdown":
      stage = .shutDown
      return .null
    case "textDocument/hover": return try hover(params)
    case "textDocument/completion": return try completion(params)
    case "textDocument/definition": return try definition(params)
    case "textDocument/references": return try references(params)
    case "textDocument/prepareRename": return try prepareRename(params)
    case "textDocument/rename": return try rename(params)
    case "textDocument/documentSymbol": return try documentSymbols(params)
    case "textDocument/codeAction": return try codeActions(params)
    case "textDocument/formatting": return try formatting(params)
    default: throw ResponseError(.methodNotFound, "`\(method.prefix(100))` is not supported")
    }
  }

  private mutating func initialize(_ params: JSONValue) throws(ResponseError) -> JSONValue {
    guard stage == .new else { throw ResponseError(.invalidRequest, "`initialize` comes once") }
    stage = .running
    client = params["capabilities"] ?? .null
    let offered = client["general"]?["positionEncodings"]?.elements?.compactMap(\.text) ?? []
    if offered.contains(PositionEncoding.utf8.rawValue) { encoding = .utf8 }
    let roots = params["workspaceFolders"]?.elements?.compactMap { $0["uri"]?.text } ?? []
    folders = (roots.isEmpty ? [params["rootUri"]?.text].compactMap { $0 } : roots)
      .compactMap(DocumentAddress.path(of:))
    return .object([
      "capabilities": .object([
        "positionEncoding": .string(encoding.rawValue),
        "textDocumentSync": .object(["openClose": true, "change": .int(2), "save": true]),
        "hoverProvider": true,
        "completionProvider": .object(["triggerCharacters": .strings([".", "(", ":"])]),
        "definitionProvider": true, "referencesProvider": true,
        "renameProvider": .object(["prepareProvider": true]),
        "documentFormattingProvider": true,
        "documentSymbolProvider": true,
        "codeActionProvider": .object(["codeActionKinds": .strings(["quickfix"])]),
      ]),
      "serverInfo": .object(["name": .string("harmonia"), "version": .string(HarmoniaVersion.text)]),
    ])
  }

  // MARK: Notifications

  private mutating func notify(_ method: String, _ params: JSONValue) -> [JSONValue] {
    if method == "exit" {
      exitStatus = stage == .shutDown ? 0 : 1
      return []
    }
    guard stage == .running else { return [] }
    do throws(ResponseError) {
      switch method {
      case "textDocument/didOpen": try didOpen(params)
      case "textDocument/didChange": try didChange(params)
      case "textDocument/didClose": return try didClose(params)
      case "textDocument/didSave", "workspace/didChangeWatchedFiles": filesChanged()
      default: break  // notifications may be ignored, and `$/cancelRequest` comes after the answer
      }
      return []
    } catch {
      let text = JSONValue.string("\(method): \(error.message)")
      return [LanguageServer.notification("window/logMessage", .object(["type": .int(1), "message": text]))]
    }
  }
}

extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByStringLiteral {
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(stringLiteral value: String) { self = .string(value) }
}
