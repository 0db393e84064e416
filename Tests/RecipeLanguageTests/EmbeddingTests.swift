import Foundation
import Testing

/// The example that the documentation of `Catalogue` points to, run as a program.
@Suite struct EmbeddingTests {
  @Test func aProgramBringsItsOwnWords() throws {
    let process = Process()
    process.executableURL = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appending(path: "EmbeddingExample")
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(output)")
    for line in [
      "white: 12 × 900 g of wheat, 40min in the oven, ", "dark: 12 × 900 g of rye, 40min in the oven, ",
      "sizes[bread.weight: 500]: 12 × 500 g of rye, 40min in the oven, ", "test \"a cold room takes longer\": passed",
      "help: did you mean `weight`?  (Int, 100…5000, required)", "help: did you mean `.rye`?",
    ] {
      #expect(output.contains(line), "\(line)\n\(output)")
    }
  }
}
