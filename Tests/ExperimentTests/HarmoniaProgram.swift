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
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder }
    let (out, err) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (out, err)
    try process.run()
    let output = try out.fileHandleForReading.readToEnd() ?? Data()
    let errors = try err.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, out: String(decoding: output, as: UTF8.self),
      err: String(decoding: errors, as: UTF8.self))
  }
}
