import Experiment
import Foundation
import TensorFiles
import TestSupport
import Testing

@Suite struct GoldenVerifierTests {
  private let verifier = GoldenVerifier()
  private let good = Fixtures.url("golden/linear_00.safetensors")

  /// A copy of a good case with a change.
  private func changed(
    _ folder: TemporaryFolder, _ change: (inout SafeTensors.Contents) -> Void
  ) throws -> GoldenVerifier.Outcome {
    var contents = try SafeTensors.read(good)
    change(&contents)
    let url = folder.file("case.safetensors")
    try SafeTensors.write(contents, to: url)
    return verifier.verify(url)
  }

  private func reason(_ outcome: GoldenVerifier.Outcome) -> String {
    if case .failed(let reason) = outcome { reason } else { "\(outcome)" }
  }

  @Test func aGoodCasePasses() { #expect(verifier.verify(good) == .passed) }

  @Test func aWrongNumberFailsWithItsError() throws {
    let outcome = try changed(try TemporaryFolder()) { contents in
      var values = contents.tensors["out.output"]!.doubles
      values[0] += 1
      contents.tensors["out.output"] = FileTensor(values, shape: contents.tensors["out.output"]!.shape)
    }
    #expect(reason(outcome).hasPrefix("linear: output: relative error"))
  }

  @Test(arguments: [
    ("resized_crop", "size", "1000000000"), ("long_tail_split", "classes", "4611686018427387904"),
    ("sinkhorn", "iterations", "1000000000"),
  ])
  func parametersBeyondAllMeasureFail(operation: String, parameter: String, value: String) throws {
    let folder = try TemporaryFolder()
    var contents = try SafeTensors.read(Fixtures.url("golden/\(operation)_00.safetensors"))
    let params = try JSONValue(parsing: Data(contents.metadata["params"]!.utf8))
    let fields = try #require(params.fields).map { field in
      "\"\(field.name)\": \(field.name == parameter ? value : field.value.line)"
    }
    contents.metadata["params"] = "{" + fields.joined(separator: ", ") + "}"
    let url = folder.file("case.safetensors")
    try SafeTensors.write(contents, to: url)
    #expect(reason(verifier.verify(url)).contains("is accepted"), "\(verifier.verify(url))")
  }

  @Test func aNumberThatIsNotFiniteFails() throws {
    let outcome = try changed(try TemporaryFolder()) { contents in
      contents.tensors["in.bias"] = FileTensor([Float.nan, 0, 0])
    }
    #expect(reason(outcome).contains("output: relative error inf"))
  }

  @Test func anUnknownOperationFails() throws {
    let outcome = try changed(try TemporaryFolder()) { $0.metadata["op"] = "teleport" }
    #expect(reason(outcome).hasPrefix("unknown op \"teleport\"; known: "))
  }

  @Test(arguments: [
    ("schema", "golden/2", "not a golden case"), ("op", "", "`op` is missing"), ("rtol", "small", "`rtol`"),
    ("params", "[1]", "`params` is not a JSON object"),
  ])
  func aBadCaseFails(key: String, value: String, message: String) throws {
    let outcome = try changed(try TemporaryFolder()) { $0.metadata[key] = value }
    #expect(reason(outcome).contains(message))
  }

  @Test func aMissingInputAndAnUnknownOutputFail() throws {
    let folder = try TemporaryFolder()
    #expect(reason(try changed(folder) { $0.tensors["in.bias"] = nil }).contains("needs in.bias"))
    let extra = try changed(folder) { $0.tensors["out.colour"] = FileTensor([1.0]) }
    #expect(reason(extra).contains("colour: not computed"))
    let none = try changed(folder) { contents in
      contents.tensors = contents.tensors.filter { !$0.key.hasPrefix("out.") }
    }
    #expect(reason(none).contains("no out.NAME"))
    let wrongShape = try changed(folder) { $0.tensors["out.grad_bias"] = FileTensor([1.0]) }
    #expect(reason(wrongShape).contains("grad_bias: 3 elements instead of 1"))
  }

  @Test func foldersAreSearchedAndWhatIsNotThereFails() throws {
    let folder = try TemporaryFolder()
    let deep = folder.file("a/b")
    try FileManager.default.createDirectory(at: deep, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: good, to: deep.appending(path: "linear.safetensors"))
    try Data("not a tensor file".utf8).write(to: folder.file("bad.safetensors"))
    try Data("ignored".utf8).write(to: folder.file("README.md"))
    var lines: [String] = []
    let summary = verifier.verify([folder.url, folder.file("missing"), deep.deletingLastPathComponent()]) {
      lines.append("\($0) \($1)")
    }
    #expect(summary.text == "2 passed, 2 failed, 0 skipped")
    #expect(lines.count == 4)
    #expect(lines.contains { $0.contains("missing") && $0.contains("no such file") })
  }

  @Test func theCommandEndsWithTheSummary() throws {
    let lines = Lines()
    let status = VerifyCommand(paths: [good.path]).run(lines.console)
    #expect(status == .success)
    #expect(lines.out == ["1 passed, 0 failed, 0 skipped"])
    #expect(VerifyCommand(paths: ["/nowhere"]).run(lines.console) == .failedCheck)
  }
}
