import DataPipeline
import Foundation
import Testing
import TestSupport

@Suite struct ArchiveTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [0, 1, 5000, 3_000_000])
  func gzipAndPlainFilesGiveTheSameBytes(count: Int) throws {
    let bytes = Sample.bytes(count)
    let plain = try Sample.write(bytes, to: folder.file("plain"))
    // Told by contents: the name says nothing.
    let compressed = try Sample.writeGzip(bytes, to: folder.file("compressed"))
    #expect(try Archive.contents(of: plain) == bytes)
    #expect(try Archive.contents(of: compressed) == bytes)
  }

  @Test(arguments: [true, false])
  func membersAreFoundByName(gzip: Bool) throws {
    let (a, b) = (Sample.bytes(70_000, seed: 2), Sample.bytes(3, seed: 3))
    let tar = try Sample.writeTar(
      [("set/", []), ("set/._a.bin", [9]), ("set/a.bin", a), ("set/empty", []), ("other/b.bin", b), ("z/a.bin", [1])],
      to: folder.file("x.tar"), gzip: gzip)
    let members = try Archive.members(of: tar, named: ["b.bin", "a.bin"], optional: ["empty", "absent"])
    #expect(members == ["a.bin": a, "b.bin": b, "empty": []])
  }

  @Test func missingMembersAreNamed() throws {
    let tar = try Sample.writeTar([("a", [1])], to: folder.file("x.tar.gz"))
    let text = dataError { _ = try Archive.members(of: tar, named: ["a", "train.bin", "test.bin"]) }
    #expect(text.contains("x.tar.gz: the archive has no train.bin, test.bin"))
  }

  /// Wherever a file is cut, an error names it: never an endless loop, a crash or fewer bytes in silence.
  @Test func everyTruncationIsAnError() throws {
    let bytes = Sample.bytes(2000)
    let whole = try [UInt8](Data(contentsOf: Sample.writeTar([("d/a.bin", bytes)], to: folder.file("w.tar.gz"))))
    let gzip = try [UInt8](Data(contentsOf: Sample.writeGzip(bytes, to: folder.file("w.gz"))))
    for length in stride(from: 0, to: 2000, by: 37) {
      let cutTar = try Sample.write(Array(whole.prefix(length)), to: folder.file("cut.tar.gz"))
      let text = dataError { _ = try Archive.members(of: cutTar, named: ["a.bin"]) }
      #expect(text.contains("cut.tar.gz: "), "cut at \(length): \(text)")
    }
    for length in Array(stride(from: 20, to: gzip.count, by: 37)) + [gzip.count - 1, gzip.count - 8, gzip.count - 9] {
      let cut = try Sample.write(Array(gzip.prefix(length)), to: folder.file("cut.gz"))
      let text = dataError { _ = try Archive.contents(of: cut) }
      #expect(text.contains("cut.gz: "), "cut at \(length): \(text)")
    }
  }

  @Test func aTruncatedPlainTarIsAnError() throws {
    let tar = try Sample.writeTar([("a.bin", Sample.bytes(5000))], to: folder.file("w.tar"), gzip: false)
    let cut = try Sample.write([UInt8](Data(contentsOf: tar).prefix(3000)), to: folder.file("cut.tar"))
    #expect(dataError { _ = try Archive.members(of: cut, named: ["a.bin"]) }.contains("cut.tar: a.bin: "))
  }

  @Test func limitsAreKept() throws {
    let bytes = Sample.bytes(5000)
    let gzip = try Sample.writeGzip(bytes, to: folder.file("a.gz"))
    let tar = try Sample.writeTar([("a", bytes)], to: folder.file("a.tar.gz"))
    #expect(try Archive.contents(of: gzip, limit: 5000).count == 5000)
    #expect(dataError { _ = try Archive.contents(of: gzip, limit: 4999) }.contains("more than 4999 bytes"))
    #expect(
      dataError { _ = try Archive.members(of: tar, named: ["a"], limit: 4999) }
        .contains("a: says it has 5000 bytes; the limit is 4999"))
  }

  @Test func whatIsNoFileIsAnError() throws {
    #expect(dataError { _ = try Archive.contents(of: folder.file("none")) }.contains("no such file"))
    #expect(dataError { _ = try Archive.contents(of: folder.url) }.contains("is a folder"))
    let text = try Sample.write(Array("just some text, no archive".utf8), to: folder.file("t.tar.gz"))
    #expect(dataError { _ = try Archive.members(of: text, named: ["a"]) }.contains("t.tar.gz: cannot be read"))
  }
}
