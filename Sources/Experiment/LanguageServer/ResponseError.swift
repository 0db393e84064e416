/// Why a request is not answered with a result.
public struct ResponseError: Error, Sendable {
  /// The numbers JSON-RPC and the language server protocol give to errors.
  public enum Code: Int, Sendable {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParams = -32602
    case serverNotInitialized = -32002
    case requestCancelled = -32800
    case requestFailed = -32803
  }

  public let code: Code
  public let message: String

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  var json: JSONValue { .object(["code": .int(code.rawValue), "message": .string(message)]) }
}
