import DataPipeline
import Foundation
import Testing
import TestSupport

@Suite struct SubsetTests {
  private let dots = LabelledDots([2, 0, 1, 1, 0, 2, 0, 1, 2], classes: 3)

  @Test func picturesAndLabelsFollowTheIndices() throws {
    let subset = Subset(dots, indices: [8, 3, 3, 0])
    #expect(subset.labels == [2, 1, 1, 2])
    #expect(subset.classCounts == [0, 2, 2])
    let pixels = try (0..<subset.count).map { try subset.image(at: $0).pixels[0] }
    #expect(pixels == [8, 3, 3, 0])
    let nested = Subset(subset, indices: [1, 0])
    #expect(nested.indices == [3, 8])
    #expect(nested.labels == [1, 2])
    #expect(nested.base is LabelledDots)
    #expect(Subset(LabelledDots(unlabelled: 4), indices: [2]).labels == nil)
    #expect(Subset(dots, indices: []).count == 0)
  }

  @Test func theFirstOfEachClassKeepTheirOrder() throws {
    #expect(try dots.limited(perClass: 1).indices == [0, 1, 2])
    #expect(try dots.limited(perClass: 2).indices == [0, 1, 2, 3, 4, 5])
    #expect(try dots.limited(perClass: 1, skipping: 2).indices == [6, 7, 8])
  }

  @Test func aClassWithTooFewIsAnError() throws {
    let text = dataError { _ = try dots.limited(perClass: 4) }
    #expect(text == "dots: class 0 (class 0) has 3 images; 4 of each class are asked for (ask for at most 3)")
    #expect(dataError { _ = try dots.limited(perClass: 2, skipping: 2) }.contains("2 after the first 2 of each class"))
    #expect(dataError { _ = try dots.limited(perClass: 0) }.contains("0 images of each class"))
  }

  @Test func selectionsNeedLabels() throws {
    let dots = LabelledDots(unlabelled: 4)
    #expect(dataError { _ = try dots.limited(perClass: 1) }.contains("dots: a number of images for each class needs"))
    let profile = try LongTailProfile(.step, imbalance: 2)
    #expect(dataError { _ = try dots.longTailed(profile) }.contains("dots: a long-tailed selection needs labels"))
  }

  @Test func aLongTailOfALimitedPool() throws {
    let source: any ImageSource = LabelledDots((0..<200).map { $0 % 4 }, classes: 4)
    let pool = try source.limited(perClass: 40)
    let tail = try pool.longTailed(LongTailProfile(.exponential, imbalance: 8, classOrder: [2, 0, 3, 1]))
    #expect(tail.classCounts == [20, 5, 40, 10])
    #expect(tail.indices.allSatisfy { $0 < 160 })
    #expect(Set(tail.indices).count == 75)
  }
}

/// The real files, where the machine has them.
@Suite struct RealFilesTests {
  private static let fashion = URL(filePath: "/usr/share/datasets/fashion-mnist")
  private static let cifar = Fixtures.root.deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "shared/data/cifar-100-binary.tar.gz")
  private static func exists(_ url: URL) -> Bool { FileManager.default.fileExists(atPath: url.path) }

  @Test(.enabled(if: exists(fashion), "needs Debian's dataset-fashion-mnist"))
  func fashionMNIST() throws {
    let folder = try MNISTFolder(Self.fashion)
    let test = try folder.source(.test)
    #expect(test.classCounts == [Int](repeating: 1000, count: 10))
    #expect(test.classNames[9] == "Ankle boot")
    #expect(test.labels.map { Array($0.prefix(4)) } == [9, 2, 1, 1])
    #expect(test.height == 28 && test.width == 28)
    let train = try folder.source(.train)
    #expect(train.classCounts == [Int](repeating: 6000, count: 10))
    #expect(try train.limited(perClass: 600).count == 6000)
  }

  @Test(.enabled(if: exists(cifar), "needs the archive of CIFAR-100"))
  func cifar100() throws {
    let test = try CIFARSource(Self.cifar, kind: .cifar100, split: .test)
    #expect(test.classCounts == [Int](repeating: 100, count: 100))
    #expect(test.classNames.first == "apple" && test.classNames.last == "worm")
  }
}
