import DataPipeline
import Foundation
import TestSupport
import Testing

/// Nothing that lies in a folder of pictures vanishes without a word: it is read, counted by reason, or refused.
@Suite struct LeftOutTests {
  private let folder: TemporaryFolder
  private let rgb = Fixtures.url("images/rgb.png")

  init() throws { folder = try TemporaryFolder() }

  /// A file of any name below the folder, its folders made.
  private func write(_ path: [UInt8], _ content: Data) throws {
    var place = Array(folder.url.path.utf8)
    let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for part in parts.dropLast() {
      place += [UInt8(ascii: "/")] + part
      _ = (place + [0]).withUnsafeBytes { mkdir($0.baseAddress!.assumingMemoryBound(to: CChar.self), 0o777) }
    }
    place += [UInt8(ascii: "/")] + parts.last!
    let file = try #require(
      (place + [0]).withUnsafeBytes { fopen($0.baseAddress!.assumingMemoryBound(to: CChar.self), "w") })
    defer { fclose(file) }
    #expect(content.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) } == content.count)
  }

  private func picture(_ path: String) throws { try write(Array(path.utf8), try Data(contentsOf: rgb)) }
  private func text(_ path: String, _ content: String = "text") throws { try write(Array(path.utf8), Data(content.utf8)) }
  private func link(_ path: String, _ target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: folder.file(path).path, withDestinationPath: target)
  }

  private func options(_ labels: ImageFolderSource.Options.Labels = .none, skips: Bool = false) -> ImageFolderSource.Options {
    var options = ImageFolderSource.Options()
    options.labels = labels
    options.broken = skips ? .skip : .stop
    return options
  }

  private func counts(_ source: ImageFolderSource) -> [String: Int] {
    Dictionary(uniqueKeysWithValues: source.leftOut.entries.map { ($0.reason.word, $0.count) })
  }

  @Test func namesThatAreNoUTF8AreRead() throws {
    let content = try Data(contentsOf: rgb)
    try write(Array("caf".utf8) + [0xe9] + Array("/1.png".utf8), content)
    try write(Array("caf".utf8) + [0xe9] + Array("/\u{e9}".utf8) + [0xff] + Array(".PNG".utf8), content)
    try picture("plain/a\nb \u{1b}[31m.png")
    try picture("plain/-rf .png ")
    try picture("plain/\u{1f600}" + String(repeating: "n", count: 240) + ".png")
    let source = try ImageFolderSource(folder.url, options(.subfolders))
    #expect(source.count == 5 && source.classNames == ["caf\\xE9", "plain"] && source.classCounts == [2, 3])
    #expect(source.leftOut.isEmpty)
    #expect(source.file(at: 1).relative.description == "caf\\xE9/\u{e9}\\xFF.PNG")
    #expect(source.file(at: 0).size == content.count)
    for index in 0..<source.count { #expect(try source.image(at: index).width == 24) }
    // As the classes of a test folder.
    var again = options(.subfolders)
    again.classNames = source.classNames
    #expect(try ImageFolderSource(folder.url, again).labels == source.labels)
  }

  @Test func aBrokenFileOfSuchANameIsNamed() throws {
    try write([0x62, 0x80] + Array(".jpg".utf8), Data("no picture".utf8))
    try picture("good.png")
    let error = dataError { _ = try ImageFolderSource(folder.url) }
    #expect(error.contains("b\\x80.jpg: is neither a PNG nor a JPEG picture"), "\(error)")
  }

  @Test func namesThatReadTheSameAreNoTwoClasses() throws {
    try picture("caf\u{e9}/1.png")
    try picture("cafe\u{301}/2.png")
    let error = dataError { _ = try ImageFolderSource(folder.url, options(.subfolders)) }
    #expect(error.contains("differ in how the name is encoded"), "\(error)")
    #expect(try ImageFolderSource(folder.url).count == 2)
    // Training on one system, test on another.
    var test = options(.subfolders)
    test.classNames = ["caf\u{e9}"]
    try FileManager.default.removeItem(at: folder.url.appending(path: "caf\u{e9}"))
    #expect(try ImageFolderSource(folder.url, test).labels == [0])
  }

  @Test func linksToNothingAndRingsAreBroken() throws {
    try picture("a/1.png")
    try link("a/nowhere.png", "/nowhere/x.png")
    try link("b", "/nowhere/folder")
    try link("r1.png", "r2.png")
    try link("r2.png", "r1.png")
    let error = dataError { _ = try ImageFolderSource(folder.url) }
    #expect(error.contains("a/nowhere.png: is a link to nothing (and 3 more are broken)"), "\(error)")
    let source = try ImageFolderSource(folder.url, options(.subfolders, skips: true))
    #expect(source.count == 1 && counts(source) == ["broken": 4])
    #expect(source.leftOut.entries[0].examples[2] == "r1.png is a link in a ring of links")
  }

  @Test func foldersAreEnteredOnce() throws {
    try picture("a/1.png")
    try link("a/up", "..")
    try link("b", "a")
    let source = try ImageFolderSource(folder.url, options(.subfolders))
    #expect(source.classNames == ["a"] && source.count == 1)
    #expect(counts(source) == ["repeated folder": 2])
    #expect(source.leftOut.entries[0].examples == ["a/up, the same folder as .", "b, the same folder as a"])
  }

  @Test func aFolderHasItsOwnNameAndNotALinks() throws {
    try picture("z/1.png")
    try picture("m-2/1.png")
    try picture("m/1.png")
    try link("a", "z")
    let outside = try TemporaryFolder()
    try FileManager.default.copyItem(at: rgb, to: outside.file("1.png"))
    try link("n", outside.url.path)
    let source = try ImageFolderSource(folder.url, options(.subfolders))
    #expect(source.classNames == ["m", "m-2", "n", "z"])
    #expect(source.leftOut.entries[0].examples == ["a, the same folder as z"])
  }

  @Test func aFileIsWhatItsBytesSay() throws {
    try picture("without")
    try picture("picture.txt")
    try picture("picture.webp")
    try text("photo.webp", "RIFF....WEBPVP8 ")
    try text("photo.dat", "GIF89a....")
    try text("IMG_1.HEIC", "....ftypmif1....avif")
    try text("photo.CR2", "raw")
    try text("film.mp4", "....ftypisom....mp41")
    try text("BMW.txt", "BMW is a make of cars, and this is a text")
    try text("empty", "")
    try text("Thumbs.db")
    try text("__MACOSX/._photo.jpg")
    try text(".DS_Store")
    let source = try ImageFolderSource(folder.url)
    #expect(source.count == 3)
    #expect(
      counts(source) == [
        "format WebP": 1, "format GIF": 1, "format AVIF": 1, "format camera raw": 1, "no picture": 4, "hidden": 2,
      ])
    #expect(source.leftOut.entries.map(\.reason.word) == [
      "format AVIF", "format GIF", "format WebP", "format camera raw", "no picture", "hidden",
    ])
    #expect(source.leftOut.entries[2].description == "1 WebP picture (PNG and JPEG are read): photo.webp")
    // What is called a PNG or JPEG and is none is no good picture.
    try text("called.jpg", "RIFF....WEBPVP8 ")
    #expect(dataError { _ = try ImageFolderSource(folder.url) }.contains("called.jpg: is a WebP picture"))
  }

  @Test(.timeLimit(.minutes(1))) func pipesAreNotWaitedFor() throws {
    try picture("1.png")
    #expect(mkfifo(folder.file("2.png").path, 0o600) == 0)
    try link("3.png", "/dev/zero")
    let source = try ImageFolderSource(folder.url)
    #expect(source.count == 1 && counts(source) == ["special file": 2])
    #expect(dataError { _ = try ImageDecoder().decode(folder.file("2.png")) }.contains("2.png: is no regular file"))
    #expect(dataError { _ = try IDXSource(images: folder.file("2.png")) }.contains("2.png: is no regular file"))
    #expect(dataError { _ = try DataPlace(folder.file("2.png")) }.contains("is neither a file nor a folder"))
  }

  @Test func whatIsTooDeepIsCounted() throws {
    let deep = (1...64).map { _ in "d" }.joined(separator: "/")
    try picture(deep + "/1.png")
    try picture(deep + "/d/2.png")
    let source = try ImageFolderSource(folder.url)
    #expect(source.count == 1 && counts(source) == ["too deep": 1])
  }

  @Test func foldersWithoutPicturesAreNoClasses() throws {
    try picture("a/1.png")
    try text("b/photo.webp", "RIFF....WEBPVP8 ")
    try FileManager.default.createDirectory(at: folder.file("c"), withIntermediateDirectories: true)
    let source = try ImageFolderSource(folder.url, options(.subfolders))
    #expect(source.classNames == ["a"])
    #expect(counts(source) == ["format WebP": 1, "empty class folder": 2])
    // Without classes an empty folder is nothing.
    #expect(try counts(ImageFolderSource(folder.url)) == ["format WebP": 1])
    // A class whose pictures are all broken is there, and empty.
    try text("b/1.png")
    #expect(try ImageFolderSource(folder.url, options(.subfolders, skips: true)).classCounts == [1, 0])
  }

  @Test func aSelectionKnowsWhatItsSourceLeftOut() throws {
    try picture("a/1.png")
    try text("a/notes")
    let source = try ImageFolderSource(folder.url, options(.subfolders))
    #expect(try source.limited(perClass: 1).leftOut == source.leftOut && !source.leftOut.isEmpty)
  }

  @Test func aPlaceIsKnownByNamesAndContents() throws {
    try picture("p/train-images-001.png")
    try picture("p/t10k-images.png")
    try text("p/train.bin")
    try text("p/data_batch_1.bin")
    #expect(try DataPlace(folder.file("p")) == .folder)
    #expect(dataError { _ = try DataPlace(folder.file("p/t10k-images.png")) }.contains("give the folder that holds it"))
    #expect(dataError { _ = try DataPlace(folder.file("p/train.bin")) }.contains("is no known form of images"))
    #expect(dataError { _ = try DataPlace(folder.file("nothing")) }.contains("no such file or folder"))
    try picture("p/train-images-idx3-ubyte")
    #expect(try DataPlace(folder.file("p")) == .folder)
    try write(Array("m/t10k-labels.idx1-ubyte".utf8), Data(Sample.idx([1], [7])))
    #expect(try DataPlace(folder.file("m")) == .mnist)
    try write(Array("c/test_batch.bin".utf8), Data(count: 2 * 3073))
    #expect(try DataPlace(folder.file("c")) == .cifar(.cifar10))
    #expect(try DataPlace(folder.file("c/test_batch.bin")) == .cifarFile(.cifar10))
    try write(Array("d/cifar-100-binary/train.bin".utf8), Data(count: 3074))
    #expect(try DataPlace(folder.file("d")) == .cifar(.cifar100))
    try write(Array("anything".utf8), Data(Sample.idx([1, 1, 1], [7])))
    #expect(try DataPlace(folder.file("anything")) == .idx)
    _ = try Sample.writeGzip(Sample.idx([1, 1, 1], [7]), to: folder.file("packed.gz"))
    #expect(try DataPlace(folder.file("packed.gz")) == .idx)
    try write(Array("my-cifar-10.bin".utf8), Data(count: 3073))
    #expect(try DataPlace(folder.file("my-cifar-10.bin")) == .cifarFile(.cifar10))
  }
}
