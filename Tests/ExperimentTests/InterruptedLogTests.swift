import Experiment
import Foundation
import TestSupport
import Testing

/// A process may be killed after any file and any line that it writes: what it leaves is gone on with to the same files,
/// every record in the log once.
@Suite(.serialized) struct InterruptedLogTests {
  private static let times: Set<String> = ["images_per_second", "waited", "data_wait", "data_wait_share"]

  /// The log's lines without times.
  private func log(_ tiny: TinyExperiment, _ path: String) throws -> [String] {
    try String(decoding: tiny.data("\(path)/metrics.jsonl"), as: UTF8.self).split(separator: "\n").map { line in
      let fields = try #require(try JSONValue(parsing: Data(line.utf8)).fields)
      return JSONValue.object(fields.filter { !Self.times.contains($0.name) }).line
    }
  }

  private func expectEqual(_ tiny: TinyExperiment, _ path: String, _ whole: String, _ what: String) throws {
    #expect(try log(tiny, "\(path)/plain") == log(tiny, "\(whole)/plain"), "\(what)")
    for file in ["result.json", "plain/arm.json", "plain/embedding.json", "plain/checkpoints/last.safetensors"] {
      #expect(try tiny.data("\(path)/\(file)") == tiny.data("\(whole)/\(file)"), "\(what): \(file)")
    }
  }

  private func run(_ tiny: TinyExperiment, _ out: String, resume: Bool = false, stopAfter: Int? = nil) -> (Experiment.ExitStatus, [String]) {
    let lines = Lines()
    let status = tiny.command(out: out, resume: resume, recipes: ["plain"], stopAfter: stopAfter).run(lines.console)
    return (status, lines.err)
  }

  @Test(arguments: [1, 6, 8, 13, 17]) func whateverWasLoggedAfterTheLastState(stop: Int) throws {
    let tiny = try TinyExperiment()
    #expect(run(tiny, "whole").0 == .success)
    let whole = try tiny.data("whole/plain/metrics.jsonl").split(separator: UInt8(ascii: "\n"))
    let (status, _) = run(tiny, "stopped", stopAfter: stop)
    guard status == .interrupted else { return }
    guard tiny.exists("stopped/plain/metrics.jsonl") else { return }
    let there = try log(tiny, "stopped/plain").count
    for more in [0, 1, 3] {
      let out = "more\(more)"
      try FileManager.default.copyItem(at: tiny.folder.file("stopped"), to: tiny.folder.file(out))
      // Lines of after the state, and one that was torn off.
      let lines = whole.dropFirst(there).prefix(more).map { $0 + [UInt8(ascii: "\n")] }
      let torn = whole.dropFirst(there + more).first?.prefix(20) ?? Data()
      let handle = try FileHandle(forWritingTo: tiny.folder.file("\(out)/plain/metrics.jsonl"))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data((lines + [torn]).joined()))
      try handle.close()
      #expect(run(tiny, out, resume: true).0 == .success)
      try expectEqual(tiny, out, "whole", "stopped after \(stop), \(more) lines more")
    }
  }

  @Test(arguments: [
    ["result.json"], ["report.html", "result.json"], ["plain/arm.json", "result.json"],
    ["plain/embedding.json", "plain/arm.json", "result.json"], ["plain/cost.json", "plain/arm.json"],
  ])
  func whateverFilesOfTheEndAreMissing(files: [String]) throws {
    let tiny = try TinyExperiment()
    #expect(run(tiny, "whole").0 == .success)
    try FileManager.default.copyItem(at: tiny.folder.file("whole"), to: tiny.folder.file("run"))
    for file in files { try FileManager.default.removeItem(at: tiny.folder.file("run/\(file)")) }
    try Data("half".utf8).write(to: tiny.folder.file("run/.result.json.partial"))
    for _ in 0..<2 {
      #expect(run(tiny, "run", resume: true).0 == .success)
      try expectEqual(tiny, "run", "whole", "\(files)")
      #expect(!tiny.exists("run/.result.json.partial"))
    }
  }

  @Test func aDamagedLineIsSaidAndTheOthersStay() throws {
    let tiny = try TinyExperiment()
    #expect(run(tiny, "whole").0 == .success)
    #expect(run(tiny, "run", stopAfter: 8).0 == .interrupted)
    let url = tiny.folder.file("run/plain/metrics.jsonl")
    var lines = try Data(contentsOf: url).split(separator: UInt8(ascii: "\n"))
    lines[2] = Data("{\"kind\": \"st\u{0}ep\", 12".utf8)
    try Data(lines.map { $0 + [UInt8(ascii: "\n")] }.joined()).write(to: url)
    let (status, said) = run(tiny, "run", resume: true)
    #expect(status == .success)
    #expect(said.contains { $0.contains("metrics.jsonl: 1 damaged line is left out") }, "\(said)")
    var expected = try log(tiny, "whole/plain")
    expected.remove(at: 2)
    #expect(try log(tiny, "run/plain") == expected)
  }

  @Test func aLogThatIsGoneIsSaid() throws {
    let tiny = try TinyExperiment()
    #expect(run(tiny, "run", stopAfter: 8).0 == .interrupted)
    try FileManager.default.removeItem(at: tiny.folder.file("run/plain/metrics.jsonl"))
    let (status, said) = run(tiny, "run", resume: true)
    #expect(status == .success)
    #expect(said.contains { $0.contains("curves have a gap") }, "\(said)")
  }
}
