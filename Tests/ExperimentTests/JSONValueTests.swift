import Experiment
import Foundation
import Testing

@Suite struct JSONValueTests {
  @Test func keepsTheOrderOfKeysAndEscapes() {
    let value: JSONValue = .object(["z": .int(1), "a": .string("say \"hi\"\n\u{1}"), "n": .null, "b": .bool(true)])
    #expect(value.line == #"{"z": 1, "a": "say \"hi\"\n\u0001", "n": null, "b": true}"#)
  }

  @Test(arguments: [(0.1, "0.1"), (3.0, "3.0"), (-0.5, "-0.5"), (1e-6, "1e-06"), (.nan, "null"), (.infinity, "null")])
  func writesNumbersThatReadBack(value: Double, text: String) throws {
    #expect(JSONValue.number(value).line == text)
  }

  @Test func aDocumentIsJSONAndFillsLongLists() throws {
    let value: JSONValue = .object(["list": .numbers((0..<100).map { Double($0) / 7 }), "empty": .array([])])
    let text = value.document
    let back = try JSONValue(parsing: Data(text.utf8))
    #expect(back["list"]?.elements?.compactMap(\.double) == (0..<100).map { Double($0) / 7 })
    #expect(back["empty"] == .array([]))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(text.split(separator: "\n").count < 40)
  }
}
