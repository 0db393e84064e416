import Experiment
import Foundation
import TestSupport
import Testing

/// `harmonia lsp` as an editor starts it.
@Suite struct LanguageServerProgramTests {
  @Test func servesAnEditorFromStartToExit() throws {
    let text = "recipe r {\n  method = simclr(temperture: 0.2)\n}\n"
    let item: JSONValue = .object([
      "uri": "file:///nowhere/r.recipe", "languageId": "recipe", "version": .int(1), "text": .string(text),
    ])
    let (status, messages) = try serve([
      .object([
        "jsonrpc": "2.0", "id": .int(1), "method": "initialize", "params": .object(["capabilities": .object([:])]),
      ]),
      .object(["jsonrpc": "2.0", "method": "initialized", "params": .object([:])]),
      .object(["jsonrpc": "2.0", "method": "textDocument/didOpen", "params": .object(["textDocument": item])]),
      .object([
        "jsonrpc": "2.0", "id": .int(2), "method": "textDocument/hover",
        "params": .object([
          "textDocument": .object(["uri": "file:///nowhere/r.recipe"]),
          "position": .object(["line": .int(1), "character": .int(12)]),
        ]),
      ]),
      .object(["jsonrpc": "2.0", "id": .int(3), "method": "shutdown"]),
      .object(["jsonrpc": "2.0", "method": "exit"]),
    ])
    #expect(status == 0)
    #expect(messages.compactMap { $0["id"]?.integer } == [1, 2, 3])
    let hover = messages.first { $0["id"] == .int(2) }?["result"]?["contents"]?["value"]?.text
    #expect(hover?.contains("temperature") == true)
  }

  @Test func aClientThatDiesIsNoSuccess() throws {
    #expect(try serve([.object(["jsonrpc": "2.0", "id": .int(1), "method": "initialize"])]).status == 1)
  }

  private func serve(_ messages: [JSONValue]) throws -> (status: Int32, messages: [JSONValue]) {
    let process = Process()
    process.executableURL = HarmoniaProgram.url
    process.arguments = ["lsp"]
    let (input, output) = (Pipe(), Pipe())
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(messages.flatMap(MessageStream.framed)))
    try input.fileHandleForWriting.close()
    var stream = MessageStream()
    stream.append(try output.fileHandleForReading.readToEnd() ?? Data())
    process.waitUntilExit()
    var answers: [JSONValue] = []
    while let item = stream.next() { if case .message(let message) = item { answers.append(message) } }
    return (process.terminationStatus, answers)
  }
}
