import DataPipeline
import Foundation
import Testing
import TestSupport

@Suite struct CIFARSourceTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Records with the given fine labels; the picture of record i comes from seed i + 1.
  private static func records(_ labels: [UInt8], _ kind: CIFARKind, seed: UInt64 = 1) -> [UInt8] {
    labels.enumerated().flatMap { i, label in
      (kind == .cifar10 ? [label] : [label % 20, label]) + Sample.bytes(3072, seed: seed + UInt64(i))
    }
  }

  private static func files(_ kind: CIFARKind) -> [(name: String, bytes: [UInt8])] {
    switch kind {
    case .cifar10:
      let names = (0..<10).map { "thing \($0)\n" }.joined() + "\n"
      return [("test_batch.bin", records([7], kind, seed: 90)), ("batches.meta.txt", Array(names.utf8))]
        + (1...5).map { ("data_batch_\($0).bin", records([UInt8($0), 9], kind, seed: UInt64(10 * $0))) }
    case .cifar100:
      let names = (0..<100).map { "thing \($0)\r\n" }.joined()
      return [
        ("train.bin", records([99, 0, 42], kind)), ("test.bin", records([7], kind, seed: 90)),
        ("fine_label_names.txt", Array(names.utf8)),
      ]
    }
  }

  private func write(_ kind: CIFARKind, into url: URL) throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for (name, bytes) in Self.files(kind) { _ = try Sample.write(bytes, to: url.appending(path: name)) }
  }

  private func check(_ location: URL, _ kind: CIFARKind) throws {
    let train = try CIFARSource(location, kind: kind, split: .train)
    let test = try CIFARSource(location, kind: kind, split: .test)
    let labels: [Int] = kind == .cifar10 ? [1, 9, 2, 9, 3, 9, 4, 9, 5, 9] : [99, 0, 42]
    #expect(train.labels == labels)
    #expect(test.labels == [7])
    #expect(test.count == 1)
    #expect(train.classNames == (0..<kind.classCount).map { "thing \($0)" })
    let (index, seed): (Int, UInt64) = kind == .cifar10 ? (3, 21) : (2, 3)
    let planes = Sample.bytes(3072, seed: seed)
    let image = try train.image(at: index)
    #expect(image.height == 32)
    #expect(image.width == 32)
    #expect(image.channels == 3)
    let expected = (0..<3072).map { i -> UInt8 in planes[i % 3 * 1024 + i / 3] }
    #expect(image.pixels == expected)
  }

  @Test(arguments: CIFARKind.allCases)
  func foldersAndArchivesAreRead(kind: CIFARKind) throws {
    let name = kind == .cifar10 ? "cifar-10-batches-bin" : "cifar-100-binary"
    let home = folder.file(name)
    try write(kind, into: home)
    try check(home, kind)
    try check(folder.url, kind)
    let members = Self.files(kind).map { ("\(name)/\($0.name)", $0.bytes) }
    try check(Sample.writeTar([("\(name)/", [])] + members, to: folder.file("c.tar.gz")), kind)
    try check(Sample.writeTar(members, to: folder.file("c.tar"), gzip: false), kind)
    try FileManager.default.createDirectory(at: folder.file("d"), withIntermediateDirectories: true)
    let published = kind == .cifar10 ? "cifar-10-binary.tar.gz" : "cifar-100-binary.tar.gz"
    _ = try Sample.writeTar(members, to: folder.file("d/\(published)"))
    try check(folder.file("d"), kind)
    for place in ["c.tar.gz", "d"] {
      let (training, test) = try CIFARSource.splits(of: folder.file(place), kind: kind)
      let alone = try DataSplit.allCases.map { try CIFARSource(folder.file(place), kind: kind, split: $0) }
      #expect([training.labels, test?.labels] == alone.map(\.labels) && training.classNames == alone[0].classNames)
    }
  }

  @Test func furtherFilesOfRecordsAreCounted() throws {
    try write(.cifar10, into: folder.file("d"))
    let further = [("data_batch_6.bin", Self.records([1], .cifar10)), ("notes.bin", [1, 2, 3])]
    for (name, bytes) in further { _ = try Sample.write(bytes, to: folder.file("d/\(name)")) }
    let tar = try Sample.writeTar(Self.files(.cifar10) + further.map { ("x/\($0)", $1) }, to: folder.file("c.tar.gz"))
    for (place, name) in [(folder.file("d"), "data_batch_6.bin"), (tar, "x/data_batch_6.bin")] {
      let (training, test) = try CIFARSource.splits(of: place, kind: .cifar10)
      #expect(training.leftOut.entries == [LeftOut.Entry(reason: .unused, count: 1, examples: [name])])
      #expect(test?.leftOut.isEmpty == true && training.count == 10)
      #expect(try CIFARSource(place, kind: .cifar10, split: .test).leftOut == training.leftOut)
    }
  }

  @Test func aSingleFileHasNoTestSplit() throws {
    let file = try Sample.writeGzip(Self.records([3, 4], .cifar10), to: folder.file("mine.bin.gz"))
    let source = try CIFARSource(file, kind: .cifar10, split: .train)
    #expect(source.labels == [3, 4])
    #expect(source.classNames[9] == "9")
    #expect(
      dataError { _ = try CIFARSource(file, kind: .cifar10, split: .test) }.contains("a single file has no test split"))
    let splits = try CIFARSource.splits(of: file, kind: .cifar10)
    #expect(splits.training.labels == [3, 4] && splits.test == nil)
  }

  @Test func labelsOutOfRangeAreErrors() throws {
    let file = try Sample.write(Self.records([3, 10], .cifar10), to: folder.file("a.bin"))
    #expect(
      dataError { _ = try CIFARSource(file, kind: .cifar10, split: .train) }
        .contains("a.bin: label of record 1 (from 0) is 10, outside 0…9"))
    let fine = try Sample.write(Self.records([3, 100], .cifar100), to: folder.file("b.bin"))
    #expect(
      dataError { _ = try CIFARSource(fine, kind: .cifar100, split: .train) }
        .contains("b.bin: label of record 1 (from 0) is 100, outside 0…99"))
    let coarse = try Sample.write([20] + Self.records([3], .cifar100).dropFirst(), to: folder.file("c.bin"))
    #expect(
      dataError { _ = try CIFARSource(coarse, kind: .cifar100, split: .train) }
        .contains("c.bin: coarse label of record 0 (from 0) is 20, outside 0…19"))
  }

  @Test func truncationIsAnError() throws {
    let file = try Sample.write(Self.records([3, 1], .cifar10).dropLast(), to: folder.file("a.bin"))
    #expect(
      dataError { _ = try CIFARSource(file, kind: .cifar10, split: .train) }
        .contains("a.bin: 6145 bytes are not a whole number of CIFAR-10 records of 3073 bytes"))
    let tar = try Sample.writeTar(Self.files(.cifar100), to: folder.file("w.tar.gz"))
    let cut = try Sample.write([UInt8](Data(contentsOf: tar).prefix(5000)), to: folder.file("cut.tar.gz"))
    #expect(dataError { _ = try CIFARSource(cut, kind: .cifar100, split: .train) }.contains("cut.tar.gz: "))
  }

  @Test func theOtherSetIsRecognised() throws {
    let file = try Sample.write(Self.records([3, 1], .cifar10), to: folder.file("a.bin"))
    #expect(
      dataError { _ = try CIFARSource(file, kind: .cifar100, split: .train) }.contains("it may be CIFAR-10"))
    let tar = try Sample.writeTar(Self.files(.cifar10), to: folder.file("w.tar.gz"))
    #expect(
      dataError { _ = try CIFARSource(tar, kind: .cifar100, split: .train) }.contains("the archive has no train.bin"))
  }

  @Test func missingFilesAreNamed() throws {
    #expect(
      dataError { _ = try CIFARSource(folder.file("gone"), kind: .cifar10, split: .train) }
        .contains("gone: no such file or folder"))
    #expect(
      dataError { _ = try CIFARSource(folder.url, kind: .cifar100, split: .test) }
        .contains("no test.bin in this folder"))
    try write(.cifar10, into: folder.url)
    try FileManager.default.removeItem(at: folder.file("data_batch_4.bin"))
    #expect(
      dataError { _ = try CIFARSource(folder.url, kind: .cifar10, split: .train) }
        .contains("data_batch_4.bin: no such file"))
  }

  @Test func anotherNumberOfNamesIsAnError() throws {
    try write(.cifar100, into: folder.url)
    _ = try Sample.write(Array("one\ntwo\n".utf8), to: folder.file("fine_label_names.txt"))
    #expect(
      dataError { _ = try CIFARSource(folder.url, kind: .cifar100, split: .train) }
        .contains("fine_label_names.txt: 2 class names, one a line; CIFAR-100 has 100"))
  }
}
