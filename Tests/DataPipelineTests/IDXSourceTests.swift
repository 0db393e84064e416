import DataPipeline
import Foundation
import Testing
import TestSupport

@Suite struct IDXSourceTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let pixels = Sample.bytes(3 * 2 * 5)
  private func images(_ name: String = "images") throws -> URL {
    try Sample.write(Sample.idx([3, 2, 5], pixels), to: folder.file(name))
  }
  private func labels(_ values: [UInt8], _ name: String = "labels") throws -> URL {
    try Sample.write(Sample.idx([values.count], values), to: folder.file(name))
  }

  @Test(arguments: [true, false])
  func imagesAndLabelsAreRead(gzip: Bool) throws {
    let write = gzip ? Sample.writeGzip : Sample.write
    let source = try IDXSource(
      images: write(Sample.idx([3, 2, 5], pixels), folder.file("i")),
      labels: write(Sample.idx([3], [1, 0, 2]), folder.file("l")))
    #expect(source.count == 3 && source.channels == 1)
    #expect(source.height == 2 && source.width == 5)
    #expect(source.labels == [1, 0, 2])
    #expect(source.classNames == ["0", "1", "2"])
    #expect(source.classCounts == [1, 1, 1])
    for i in 0..<3 {
      let image = try source.image(at: i)
      #expect(image.height == 2)
      #expect(image.width == 5)
      #expect(image.channels == 1)
      #expect(image.pixels == Array(pixels[10 * i..<10 * i + 10]))
    }
  }

  @Test func labelsMayBeMissing() throws {
    let source = try IDXSource(images: images())
    #expect(source.labels == nil)
    #expect(source.classNames.isEmpty && source.classCounts.isEmpty)
  }

  @Test func aWrongMagicNumberIsAnError() throws {
    let (images, labels) = (try images(), try labels([0, 1, 2]))
    let exchanged = dataError { _ = try IDXSource(images: labels, labels: images) }
    #expect(exchanged.contains("labels: magic number is 0x00000801, not 0x00000803"))
    #expect(exchanged.contains("are the two exchanged?"))
    let floats = try Sample.write(Sample.idx([3], [0, 1, 2], magic: [0, 0, 13, 1]), to: folder.file("floats"))
    #expect(
      dataError { _ = try IDXSource(images: images, labels: floats) }
        .contains("floats: magic number is 0x00000D01, not 0x00000801"))
  }

  @Test func everyTruncationIsAnError() throws {
    let whole = Sample.idx([3, 2, 5], pixels)
    for length in 0..<whole.count {
      let cut = try Sample.write(Array(whole.prefix(length)), to: folder.file("cut"))
      #expect(dataError { _ = try IDXSource(images: cut) }.contains("cut: "))
    }
    let cut = try Sample.write(Array(whole.dropLast()), to: folder.file("cut"))
    #expect(
      dataError { _ = try IDXSource(images: cut) }
        .contains("truncated: the header says 3×2×5 = 30 bytes, 29 follow it"))
  }

  @Test func sizesThatCannotBeAreErrors() throws {
    let long = try Sample.write(Sample.idx([3, 2, 5], pixels + [0]), to: folder.file("long"))
    #expect(dataError { _ = try IDXSource(images: long) }.contains("too long"))
    let empty = try Sample.write(Sample.idx([0, 2, 5], []), to: folder.file("empty"))
    #expect(dataError { _ = try IDXSource(images: empty) }.contains("size 1 of 3 is 0"))
    let huge = try Sample.write(Sample.idx([4_294_967_295, 4_294_967_295, 4_294_967_295], []), to: folder.file("huge"))
    #expect(dataError { _ = try IDXSource(images: huge) }.contains("size 2 of 3 is 4294967295"))
  }

  @Test func anotherNumberOfLabelsIsAnError() throws {
    let (images, labels) = (try images(), try labels([0, 1]))
    let text = dataError { _ = try IDXSource(images: images, labels: labels) }
    #expect(text.contains("labels: 2 labels for the 3 images of "))
  }

  @Test func aLabelOutOfRangeIsAnError() throws {
    let (images, labels) = (try images(), try labels([0, 1, 2]))
    let text = dataError { _ = try IDXSource(images: images, labels: labels, classNames: ["a", "b"]) }
    #expect(text.contains("labels: label 2 (from 0) is 2, outside 0…1"))
    let stray = try self.labels([0, 200, 1], "stray")
    let gap = dataError { _ = try IDXSource(images: images, labels: stray) }
    #expect(gap.contains("stray: label 1 (from 0) is 200, but no image has 2"))
  }

  @Test func classesThatStartAtOneHaveNoEmptyOneBeforeThem() throws {
    let source = try IDXSource(images: images(), labels: labels([2, 1, 2]))
    #expect(source.labels == [1, 0, 1] && source.classNames == ["1", "2"] && source.classCounts == [1, 2])
    let test = try source.split(images: images(), labels: labels([1, 1, 1], "test"))
    #expect(test.labels == [0, 0, 0] && test.classNames == ["1", "2"])
  }

  @Test(arguments: [([0, 1, 0], [1, 2, 1], 0), ([1, 2, 3], [1, 2, 1], 2)] as [([UInt8], [UInt8], Int)])
  func aTestLabelThatTrainingHasNotIsAnError(test: [UInt8], training: [UInt8], place: Int) throws {
    let source = try IDXSource(images: images(), labels: labels(training))
    let text = dataError { _ = try source.split(images: images(), labels: labels(test, "test")) }
    #expect(text.contains("test: label \(place) (from 0) is \(test[place]), outside 1…2"), "\(text)")
  }

  @Test func aFolderOfTheFourFiles() throws {
    for (prefix, values) in [("train", [9, 0, 1] as [UInt8]), ("t10k", [5, 5, 5])] {
      _ = try Sample.writeGzip(Sample.idx([3, 2, 5], pixels), to: folder.file("\(prefix)-images-idx3-ubyte.gz"))
      _ = try labels(values, "\(prefix)-labels-idx1-ubyte")
    }
    let mnist = try MNISTFolder(folder.url)
    #expect(try mnist.source(.train).labels == [9, 0, 1])
    #expect(try mnist.source(.test).labels == [5, 5, 5])
    #expect(try mnist.source(.test).classNames.count == 10)
    #expect(try mnist.source(.train).leftOut.isEmpty)
    _ = try Sample.writeGzip(Sample.idx([3], [1, 2, 3]), to: folder.file("train-labels-idx1-ubyte.gz"))
    let second = try mnist.source(.train)
    #expect(second.labels == [9, 0, 1] && second.leftOut.entries.map(\.examples) == [["train-labels-idx1-ubyte.gz"]])
    _ = try labels([9, 10, 1], "train-labels-idx1-ubyte")
    #expect(dataError { _ = try mnist.source(.train) }.contains("label 1 (from 0) is 10, outside 0…9"))
  }

  @Test func missingFilesAreNamed() throws {
    #expect(dataError { _ = try MNISTFolder(folder.file("nowhere")) }.contains("nowhere: no such folder"))
    let mnist = try MNISTFolder(folder.url)
    #expect(dataError { _ = try mnist.source(.test) }.contains("no file t10k-images-idx3-ubyte"))
    let (images, none) = (try images(), folder.file("none"))
    #expect(dataError { _ = try IDXSource(images: images, labels: none) }.contains("none: no such file"))
    #expect(dataError { _ = try MNISTFolder(images) }.contains("is a file"))
  }
}
