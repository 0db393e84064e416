import Foundation
import Testing
import TestSupport

/// The Swift example of README.md is a program of its own, built with what it imports and nothing else.
@Suite struct ReadmeTests {
  @Test func theExampleIsTheReadmes() throws {
    let root = Fixtures.root.appending(path: "..")
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let program = try String(contentsOf: root.appending(path: "Tests/ReadmeExample/main.swift"), encoding: .utf8)
    #expect(readme.contains("```swift\n\(program)```"), "README.md and Tests/ReadmeExample/main.swift differ")
  }

  /// It prints the shape of the assignment, and how far columns are from their shares.
  @Test func theExampleRuns() throws {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "ReadmeExample")
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    let text = String(decoding: try out.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    let words = text.split(whereSeparator: \.isWhitespace)
    #expect(process.terminationStatus == 0 && words.first == "32×10", "\(text)")
    #expect((words.last.flatMap { Double($0) } ?? 1) < 1e-3, "\(text)")
  }
}
