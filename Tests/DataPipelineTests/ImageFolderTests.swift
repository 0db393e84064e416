import DataPipeline
import Foundation
import Kernels
import Synchronization
import TestSupport
import Testing

@Suite struct ImageFolderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Copies of fixtures; other names get the given text.
  private func write(_ files: [String: String]) throws {
    for (path, content) in files {
      let url = folder.file(path)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      let fixture = Fixtures.url("images/" + content)
      if !content.isEmpty, FileManager.default.fileExists(atPath: fixture.path) {
        try FileManager.default.copyItem(at: fixture, to: url)
      } else {
        try Data(content.utf8).write(to: url)
      }
    }
  }

  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func filesAreInOrderOfPaths() throws {
    try write([
      "b/2.jpg": "rgb.jpg", "b/10.PNG": "grey.png", "a/x/deep.jpeg": "cmyk.jpg", "z.png": "rgb.png",
      ".hidden.png": "rgb.png", "notes.txt": "text", "b/holiday.heic": "text", "b/other.txt": "text",
    ])
    let source = try ImageFolderSource(folder.url)
    let paths = (0..<source.count).map { source.file(at: $0).relative.description }
    #expect(paths == ["a/x/deep.jpeg", "b/10.PNG", "b/2.jpg", "z.png"])
    #expect(source.labels == nil && source.classNames.isEmpty && source.channels == 3)
    #expect(
      source.leftOut.entries == [
        .init(reason: .format("HEIC"), count: 1, examples: ["b/holiday.heic"]),
        .init(reason: .noPicture, count: 2, examples: ["b/other.txt", "notes.txt"]),
        .init(reason: .hidden, count: 1, examples: [".hidden.png"]),
      ])
    #expect(try source.image(at: 3) == ImageDecoder().decode(Fixtures.url("images/rgb.png")))
    #expect(try (0..<4).allSatisfy { try source.image(at: $0).channels == 3 })
  }

  @Test func foldersAreClasses() throws {
    try write(["dog/1.png": "rgb.png", "cat/2/a.png": "grey.png", "cat/b.png": "rgb.png"])
    var options = ImageFolderSource.Options()
    options.labels = .subfolders
    let source = try ImageFolderSource(folder.url, options)
    #expect(source.classNames == ["cat", "dog"] && source.labels == [0, 0, 1] && source.classCounts == [2, 1])
    options.classNames = ["bird", "cat", "dog"]
    #expect(try ImageFolderSource(folder.url, options).labels == [1, 1, 2])
    options.classNames = ["cat"]
    let text = message { _ = try ImageFolderSource(folder.url, options) }
    #expect(text.contains("is of class dog, which is none of the 1"))
    try write(["stray.png": "rgb.png"])
    options.classNames = nil
    #expect(message { _ = try ImageFolderSource(folder.url, options) }.contains("stray.png: stands in no class folder"))
  }

  @Test func brokenFilesStopOrAreCounted() throws {
    let broken = try Data(contentsOf: Fixtures.url("images/rgb.jpg")).prefix(700)
    try write(["a.png": "rgb.png", "c.jpg": "rgb.jpg", "d.png": "this is text", "e.png": "bomb.png", "f.jpg": ""])
    try broken.write(to: folder.file("b.jpg"))
    var options = ImageFolderSource.Options()
    let text = message { _ = try ImageFolderSource(folder.url, options) }
    #expect(text.contains("b.jpg: is damaged or cut off") && text.contains("(and 3 more are broken)"), "\(text)")
    options.broken = .skip
    for check in [ImageFolderSource.Options.Check.decode, .header] {
      options.check = check
      let source = try ImageFolderSource(folder.url, options)
      let names = (0..<source.count).map { source.file(at: $0).relative.description }
      #expect(names == (check == .decode ? ["a.png", "c.jpg"] : ["a.png", "b.jpg", "c.jpg"]))
      let skipped = source.leftOut.entries.first { $0.reason == .broken }?.examples.map { $0.prefix(5) }
      #expect(skipped == (check == .decode ? ["b.jpg", "d.png", "e.png", "f.jpg"] : ["d.png", "e.png", "f.jpg"]))
      if check == .header { #expect(message { _ = try source.image(at: 1) }.contains("b.jpg: is damaged or cut off")) }
    }
  }

  @Test func nothingToRead() throws {
    #expect(message { _ = try ImageFolderSource(folder.url) }.contains("has no PNG or JPEG pictures: no files"))
    try write(["a.heic": "x", "b.heic": "x", "c.txt": "x"])
    #expect(message { _ = try ImageFolderSource(folder.url) }.contains("2 HEIC pictures (PNG and JPEG are read): a.heic, b.heic; 1 file that is no picture: c.txt"))
    #expect(message { _ = try ImageFolderSource(folder.file("missing")) }.contains("missing: does not exist"))
    #expect(message { _ = try ImageFolderSource(folder.file("c.txt")) }.contains("c.txt: is a file"))
    try write(["d.png": "x"])
    var options = ImageFolderSource.Options()
    options.broken = .skip
    #expect(message { _ = try ImageFolderSource(folder.url, options) }.contains("all 1 pictures are broken"))
  }

  @Test func linksAreFollowedButNotInCircles() throws {
    try write(["a/1.png": "rgb.png"])
    try FileManager.default.createSymbolicLink(at: folder.file("a/round"), withDestinationURL: folder.url)
    try FileManager.default.createSymbolicLink(at: folder.file("b.png"), withDestinationURL: folder.file("a/1.png"))
    let source = try ImageFolderSource(folder.url)
    #expect(source.count == 2)
    #expect(source.leftOut.entries == [.init(reason: .repeated, count: 1, examples: ["a/round, the same folder as ."])])
  }

  @Test func memoryIsBounded() throws {
    for i in 0..<20 { try write(["\(i + 10).png": "rgb.png"]) }
    let picture = 24 * 16 * 3
    var options = ImageFolderSource.Options()
    options.cacheBytes = 5 * picture + 1
    let seen = Mutex(0)
    let source = try ImageFolderSource(folder.url, options) { done, all in seen.withLock { $0 = max($0, done) } }
    #expect(source.cachedBytes == 5 * picture && seen.withLock { $0 } == 20)
    let expected = try ImageDecoder().decode(Fixtures.url("images/rgb.png"))
    for i in 0..<20 { #expect(try source.image(at: i) == expected) }
    #expect(source.cachedBytes == 5 * picture)
    options.cacheBytes = 0
    #expect(try ImageFolderSource(folder.url, options).image(at: 7) == expected)
  }

  @Test func aFileThatGoesAwayIsAnErrorThatNamesIt() throws {
    try write(["a.png": "rgb.png"])
    var options = ImageFolderSource.Options()
    options.cacheBytes = 0
    let source = try ImageFolderSource(folder.url, options)
    try FileManager.default.removeItem(at: folder.file("a.png"))
    #expect(message { _ = try source.image(at: 0) }.contains("a.png"))
  }
}
