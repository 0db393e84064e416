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
      [("set/", []), ("set/._a.bin", [9]), ("set/a.bin", a), ("set/empty", []), ("other/b.bin", b), ("z/a.bin", a)],
      to: folder.file("x.tar"), gzip: gzip)
    let members = try Archive.members(of: tar, named: ["b.bin", "a.bin"], optional: ["empty", "absent"])
    #expect(members == ["a.bin": a, "b.bin": b, "empty": []])
  }

  @Test func twoMembersOfOneNameMustBeAlike() throws {
    let tar = try Sample.writeTar([("set/a.bin", [1, 2]), ("old/a.bin", [1, 3]), ("b", [])], to: folder.file("x.tar.gz"))
    #expect(dataError { _ = try Archive.members(of: tar, named: ["a.bin"]) }.contains("several files named a.bin, which differ"))
    var others: [String] = []
    _ = try Archive.members(of: tar, named: ["b"]) { others.append("\($0) \($1)") }
    #expect(others == ["set/a.bin 2", "old/a.bin 2"])
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

  // Damage

  private func failure(_ bytes: some Sequence<UInt8>, _ name: String = "a.gz") throws -> String {
    let file = try Sample.write(Array(bytes), to: folder.file(name))
    do {
      if name.hasSuffix(".gz") { return "no error: \(try Archive.contents(of: file).count)" }
      return "no error: \(try Archive.members(of: file, named: ["a.bin"], optional: ["b.bin"]).count)"
    } catch {
      return "\(error)"
    }
  }

  private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: Sample.writeGzip(bytes, to: folder.file("made"))))
  }

  @Test func gzipsChecksumsAndLengthsAreCompared() throws {
    let whole = try gzip(Sample.bytes(60_000))
    for place in whole.count - 8..<whole.count {
      var wrong = whole
      wrong[place] ^= 1
      let text = try failure(wrong)
      #expect(text.contains("is damaged: incorrect \(place < whole.count - 4 ? "data" : "length") check"), "\(text)")
    }
    for missing in 1...9 { #expect(try failure(whole.dropLast(missing)).contains("is cut off")) }
    for length in [2, 9, 10, 11, 400] { #expect(try failure(Array(whole.prefix(length))).contains("is cut off")) }
    var wrong = whole
    wrong[30_000] ^= 4
    #expect(try failure(wrong).contains("is damaged"))
  }

  @Test func gzipFilesOfSeveralMembersAndWhatStandsBehindThem() throws {
    let (first, second) = (try gzip(Sample.bytes(5000)), try gzip(Sample.bytes(300, seed: 2)))
    let zeros = [UInt8](repeating: 0, count: 300_000)
    for behind in [[], zeros, try gzip([])] {
      let file = try Sample.write(first + second + behind, to: folder.file("two.gz"))
      #expect(try Archive.contents(of: file) == Sample.bytes(5000) + Sample.bytes(300, seed: 2))
    }
    #expect(try failure(first + Array("garbage".utf8)).contains("has something else behind its gzip data"))
    #expect(try failure(first + zeros + [1]).contains("has something else behind its gzip data"))
    #expect(try failure(first + second.dropLast(5)).contains("is cut off"))
    var wrong = first
    wrong[first.count - 8] ^= 1
    #expect(try failure(wrong + second).contains("incorrect data check"))
  }

  /// A tar file of two members: headers at 0 and 3584, the end mark at 6144.
  private func tar() throws -> [UInt8] {
    let file = try Sample.writeTar(
      [("a.bin", Sample.bytes(3000)), ("b.bin", Sample.bytes(2000, seed: 2))], to: folder.file("made.tar"), gzip: false)
    return Array(try Data(contentsOf: file)[..<(6144 + 1024)])
  }

  @Test func tarFilesAreReadToTheirEndMark() throws {
    let whole = try tar()
    #expect(try failure(whole, "a.tar") == "no error: 2")
    #expect(try failure(whole.dropLast(512), "a.tar") == "no error: 2")
    #expect(try failure(whole + Array("behind".utf8), "a.tar") == "no error: 2")
    #expect(try failure(Array(whole.prefix(6144)), "a.tar").contains("a tar file's end mark is missing"))
    // between the members: the second, which need not be there, would be missed in silence
    #expect(try failure(Array(whole.prefix(3584)), "a.tar").contains("a tar file's end mark is missing"))
    for length in [1, 511, 512, 3000, 3583, 3585, 4095, 4096, 6000] {
      #expect(try failure(Array(whole.prefix(length)), "a.tar").hasPrefix("no error") == false, "\(length)")
    }
  }

  @Test func tarHeadersAreChecked() throws {
    let whole = try tar()
    for header in [0, 3584] {
      for place in [0, 5, 124, 150] {
        var wrong = whole
        wrong[header + place] ^= 1
        #expect(try !failure(wrong, "a.tar").hasPrefix("no error"), "byte \(place) of the header at \(header)")
      }
      for size in [100, 3600, 1_000_000] {
        #expect(try !failure(resized(whole, header, size), "a.tar").hasPrefix("no error"), "size \(size)")
      }
    }
  }

  /// Another size in a header, and its checksum mended.
  private func resized(_ tar: [UInt8], _ header: Int, _ size: Int) -> [UInt8] {
    func octal(_ number: Int, _ digits: Int) -> [UInt8] {
      let text = String(number, radix: 8)
      return Array((String(repeating: "0", count: digits - text.count) + text).utf8)
    }
    var tar = tar
    tar.replaceSubrange(header + 124..<header + 136, with: octal(size, 11) + [0])
    tar.replaceSubrange(header + 148..<header + 156, with: [UInt8](repeating: 32, count: 8))
    let sum = tar[header..<header + 512].reduce(0) { $0 + Int($1) }
    tar.replaceSubrange(header + 148..<header + 156, with: octal(sum, 6) + [0, 32])
    return tar
  }

  @Test func damageBehindTheMembersWantedIsFound() throws {
    let file = try Sample.writeTar([("a.bin", [1, 2]), ("z", Sample.bytes(90_000))], to: folder.file("t.tar.gz"))
    let whole = [UInt8](try Data(contentsOf: file))
    #expect(try Archive.members(of: file, named: ["a.bin"]) == ["a.bin": [1, 2]])
    var wrong = whole
    wrong[whole.count - 8] ^= 1
    for (bytes, expected) in [(wrong, "incorrect data check"), (whole.dropLast(3), "cut off"), (whole + [7], "behind its")] {
      let damaged = try Sample.write(Array(bytes), to: folder.file("d.tar.gz"))
      #expect(dataError { _ = try Archive.members(of: damaged, named: ["a.bin"]) }.contains(expected))
    }
  }
}
