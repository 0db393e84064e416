import Experiment
import Foundation
import TestSupport
import Testing

@Suite struct FormatCommandTests {
  private let folder: TemporaryFolder
  private let messy = "let a=1 // one\n\n\nlet b =  [1,2,]\n"
  private let neat = "let a = 1 // one\n\nlet b = [1, 2]\n"

  init() throws { folder = try TemporaryFolder() }

  private func write(_ text: String, _ name: String = "a.recipe") throws -> String {
    try Data(text.utf8).write(to: folder.file(name))
    return folder.file(name).path
  }
  private func read(_ name: String = "a.recipe") throws -> String {
    try String(contentsOf: folder.file(name), encoding: .utf8)
  }
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.file("").path).sorted() }
  }

  @Test func aFileIsRewrittenWholeOrNotTouched() throws {
    let path = try write(messy)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let lines = Lines()
    #expect(FormatCommand(files: [path]).run(lines.console) == .success)
    #expect(lines.out == ["formatted \(path)"] && lines.err.isEmpty)
    #expect(try read() == neat)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
    #expect(mode == 0o600)

    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? NSNumber
    let again = Lines()
    #expect(FormatCommand(files: [path]).run(again.console) == .success)
    #expect(again.all.isEmpty)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? NSNumber == before)
    #expect(try names == ["a.recipe"])
  }

  @Test func checkListsWhatWouldChange() throws {
    let (a, b) = (try write(messy), try write(neat, "b.recipe"))
    let lines = Lines()
    #expect(FormatCommand(files: [a, b], check: true).run(lines.console) == .failedCheck)
    #expect(lines.out == [a] && lines.err.isEmpty)
    #expect(try read() == messy)
    #expect(FormatCommand(files: [b], check: true).run(Lines().console) == .success)
  }

  @Test func diffShowsWhatWouldChange() throws {
    let middle = (0..<9).map { "let c\($0) = \($0)\n" }.joined()
    let path = try write("// head\n" + messy + middle + "let d=5")
    let lines = Lines()
    #expect(FormatCommand(files: [path], diff: true).run(lines.console) == .success)
    let expected = """
      --- \(path)
      +++ \(path) (formatted)
      @@ -1,8 +1,7 @@
       // head
      -let a=1 // one
      -
      +let a = 1 // one
       \("")
      -let b =  [1,2,]
      +let b = [1, 2]
       let c0 = 0
       let c1 = 1
       let c2 = 2
      @@ -12,4 +11,4 @@
       let c6 = 6
       let c7 = 7
       let c8 = 8
      -let d=5
      \\ No newline at end of file
      +let d = 5
      """
    #expect(lines.out == [expected])
    #expect(FormatCommand(files: [path], check: true, diff: true).run(Lines().console) == .failedCheck)
    #expect(try read().hasPrefix("// head\nlet a=1"))
  }

  @Test func mistakesLeaveTheFileAlone() throws {
    let bad = try write("let a = (1\nlet b=2\n")
    let good = try write(messy, "b.recipe")
    let lines = Lines()
    #expect(FormatCommand(files: [bad, good]).run(lines.console) == .badRecipe)
    #expect(lines.all.contains("E0103") && lines.all.contains("a.recipe:1:9"))
    #expect(try read() == "let a = (1\nlet b=2\n")
    #expect(try read("b.recipe") == neat, "the other file is formatted all the same")

    for (path, message) in [
      (folder.file("nowhere").path, "no such file"), (folder.file("").path, "it is a folder"),
      (try write("a\u{0}b", "zero.recipe"), "not a text file"),
    ] {
      let lines = Lines()
      #expect(FormatCommand(files: [path]).run(lines.console) == .badRecipe)
      #expect(lines.all.contains(message), "\(lines.all)")
    }
  }

  @Test func aLinkStaysALink() throws {
    _ = try write(messy)
    try FileManager.default.createSymbolicLink(atPath: folder.file("link.recipe").path, withDestinationPath: "a.recipe")
    #expect(FormatCommand(files: [folder.file("link.recipe").path]).run(Lines().console) == .success)
    #expect(try read() == neat)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link.recipe").path) == "a.recipe")
  }

  @Test func standardInputGoesToStandardOutput() throws {
    for (text, expected) in [(messy, [String(neat.dropLast())]), ("", [])] {
      let pipe = Pipe()
      try pipe.fileHandleForWriting.write(contentsOf: Data(text.utf8))
      try pipe.fileHandleForWriting.close()
      let lines = Lines()
      #expect(FormatCommand(files: ["-"]).run(lines.console, input: pipe.fileHandleForReading) == .success)
      #expect(lines.out == expected && lines.err.isEmpty)
    }
  }

  @Test func theProgramFormats() throws {
    let path = try write(messy)
    let outcome = try HarmoniaProgram.run("fmt", "--check", path)
    #expect(outcome.status == 1 && outcome.out == path + "\n")
    #expect(try HarmoniaProgram.run("fmt", path).status == 0)
    #expect(try read() == neat)
  }
}
