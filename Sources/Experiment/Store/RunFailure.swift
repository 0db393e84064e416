import Foundation
import TensorFiles

/// Why an arm stopped: `failure.json` in its folder, until it is tried again.
public struct RunFailure: Hashable, Sendable {
  /// The diagnostic's code: `E1020`.
  public var code: String
  public var message: String
  /// Steps in the log when it stopped.
  public var step: Int
  /// Whether the recipe's own numbers are the cause, so that it would fail again in the same way.
  public var isOfTheRecipe: Bool

  public init(code: String, message: String, step: Int, isOfTheRecipe: Bool) {
    self.code = code
    self.message = message
    self.step = step
    self.isOfTheRecipe = isOfTheRecipe
  }

  var json: JSONValue {
    .object([
      "schema": .string("harmonia.failure/1"), "code": .string(code), "message": .string(message), "step": .int(step),
      "would_fail_again": .bool(isOfTheRecipe),
    ])
  }

  /// Nil for anything but such a file.
  init?(_ value: JSONValue) {
    guard let code = value["code"]?.text, let message = value["message"]?.text, let step = value["step"]?.integer else {
      return nil
    }
    self.init(code: code, message: message, step: step, isOfTheRecipe: value["would_fail_again"] == .bool(true))
  }
}

extension ArmFolder {
  public var failureFile: URL { root.appending(path: "failure.json") }

  /// Why it stopped, if it has and nobody has tried again.
  public var failure: RunFailure? {
    (try? Data(contentsOf: failureFile)).flatMap { try? JSONValue(parsing: $0) }.flatMap { RunFailure($0) }
  }

  func write(_ failure: RunFailure) throws { try AtomicFile.write(failure.json.document, to: failureFile) }

  func forgetFailure() { try? FileManager.default.removeItem(at: failureFile) }
}
