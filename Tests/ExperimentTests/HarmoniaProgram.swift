import Foundation

/// The `harmonia` program that is built beside the tests, run as a user runs it.
enum HarmoniaProgram {
  struct Outcome {
    let status: Int32
    let out: String
    let err: String
  }

  /// Where it is.
  static let url = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "harmonia")

  static func run(_ arguments: String..., in folder: URL? = nil) throws -> Outcome {
    try run(url, arguments, in: folder)
  }

  /// After a line of the shell such as `ulimit -n 8`. The shell becomes the program: it could wait for it only by SIGCHLD,
  /// which threads of tests may block.
  static func run(after line: String, _ arguments: [String], in folder: URL? = nil) throws -> Outcome {
    try run(URL(filePath: "/bin/sh"), ["-c", "\(line) && exec \"$0\" \"$@\"", url.path] + arguments, in: folder)
  }

  /// Killed, with a status of 9, where it has not ended after a minute.
  private static func run(_ program: URL, _ arguments: [String], in folder: URL?) throws -> Outcome {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    let (out, err) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (out, err)
    try process.run()
    let limit = DispatchWorkItem { kill(process.processIdentifier, SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: limit)
    defer { limit.cancel() }
    let output = try out.fileHandleForReading.readToEnd() ?? Data()
    let errors = try err.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, out: String(decoding: output, as: UTF8.self),
      err: String(decoding: errors, as: UTF8.self))
  }
}
