import DataPipeline
import Kernels
import Testing

@Suite struct TwoViewLoaderTests {
  /// Images of random bytes; `broken` throws.
  struct Noise: ImageSource {
    var count = 23
    var channels = 3
    var size = 9
    var broken: Int?
    let classNames: [String] = []
    let labels: [Int]? = nil
    let origin = "noise"

    func image(at index: Int) throws -> Image {
      if index == broken { throw DataError("noise/\(index).png", "broken") }
      var random = CounterRandom(seed: 5, .synthetic, sample: index)
      let bytes = (0..<size * size * channels).map { _ in UInt8(random.integer(below: 256)) }
      return Image(height: size, width: size, channels: channels, pixels: bytes)
    }
  }

  func loader(
    _ source: Noise = Noise(), batch: Int = 5, last: TwoViewLoader.LastBatch = .keep, threads: Int = 1
  ) throws -> TwoViewLoader {
    var augmentation = Augmentation(size: 8)
    augmentation.blur = 0.5
    return try TwoViewLoader(
      source: source, augmentation: augmentation,
      normalization: source.channels == 3 ? .cifar : .fashionMNIST, batchSize: batch, seed: 3, lastBatch: last,
      threads: threads)
  }

  func all(_ next: () throws -> ViewBatch?) throws -> [ViewBatch] {
    var batches: [ViewBatch] = []
    while let batch = try next() { batches.append(batch) }
    return batches
  }

  @Test(arguments: [1, 3]) func anEpochHasEveryImageOnceInAnOrderOfItsOwn(channels: Int) throws {
    let loader = try loader(Noise(channels: channels))
    let first = try all(loader.batches(epoch: 0))
    let second = try all(loader.batches(epoch: 1))
    #expect(first.map(\.count) == [5, 5, 5, 5, 3])
    #expect(first.flatMap(\.indices).sorted() == Array(0..<23))
    #expect(second.flatMap(\.indices).sorted() == Array(0..<23))
    #expect(first.flatMap(\.indices) != second.flatMap(\.indices))
    #expect(first[0].views[0].shape == [5, 8, 8, channels])
    #expect(first[0].views[0] != first[0].views[1])
    #expect(first.allSatisfy { $0.views.allSatisfy { $0.values.allSatisfy(\.isFinite) } })
  }

  @Test func startingAnywhereGivesWhatWouldHaveCome() throws {
    let whole = try all(loader().batches(epoch: 2))
    for start in 0...5 {
      let rest = try all(loader().batches(epoch: 2, startingAt: start))
      #expect(rest.map(\.indices) == whole.dropFirst(start).map(\.indices))
      #expect(rest.map(\.views) == whole.dropFirst(start).map(\.views))
    }
  }

  @Test func jumpingAboutGivesTheSame() throws {
    let loader = try loader()
    let first = try all(loader.batches(epoch: 0))
    _ = try loader.batches(epoch: 7)()
    let again = try all(loader.batches(epoch: 0))
    #expect(first.map(\.views) == again.map(\.views))
  }

  @Test(arguments: [0, 2, 3, 7]) func anyNumberOfThreadsGivesTheSame(threads: Int) throws {
    let one = try loader()
    let many = try loader(threads: threads)
    for epoch in [0, 3] {
      let (a, b) = (try all(one.batches(epoch: epoch)), try all(many.batches(epoch: epoch)))
      #expect(a.map(\.indices) == b.map(\.indices) && a.map(\.views) == b.map(\.views))
    }
  }

  @Test func givingUpInTheMiddleLeavesNothingBehind() throws {
    for threads in [1, 3] {
      weak var gone: TwoViewLoader?
      do {
        let loader = try loader(threads: threads)
        gone = loader
        _ = try loader.batches(epoch: 0)()
      }
      #expect(gone == nil)
    }
  }

  @Test func aSmallLastBatchIsDroppedOrKeptButNeverOfOneImage() throws {
    #expect(try loader(Noise(count: 11), batch: 5).batchesPerEpoch == 2)
    #expect(try loader(Noise(count: 12), batch: 5).batchesPerEpoch == 3)
    #expect(try loader(Noise(count: 12), batch: 5, last: .drop).batchesPerEpoch == 2)
    #expect(throws: DataError.self) { try loader(Noise(count: 4), batch: 5, last: .drop) }
    #expect(throws: DataError.self) { try loader(Noise(count: 1)) }
  }

  @Test(arguments: [0, 1, 3]) func anErrorComesOutAtItsBatchAndReadingCanGoOn(threads: Int) throws {
    let loader = try loader(Noise(broken: 7), threads: threads)
    let place = try #require(loader.order(epoch: 0).firstIndex(of: 7)) / 5
    let next = loader.batches(epoch: 0)
    for _ in 0..<place { #expect(try next() != nil) }
    #expect(throws: DataError("noise/7.png", "broken")) { try next() }
    let rest = try all(next)
    #expect(rest.count == 5 - place - 1)
  }

  @Test func channelsMustFitTheNormalisation() throws {
    #expect(throws: DataError.self) {
      try TwoViewLoader(
        source: Noise(), augmentation: Augmentation(size: 8), normalization: .fashionMNIST, batchSize: 4, seed: 0)
    }
  }

  @Test func cropsStayInsideAndCoverTheAskedArea() {
    let augmentation = Augmentation(size: 8)
    for (height, width) in [(1, 1), (1, 40), (40, 1), (7, 13), (32, 32), (375, 500)] {
      for sample in 0..<200 {
        var random = CounterRandom(seed: 1, .augmentation, sample: sample)
        let box = augmentation.choices(height: height, width: width, using: &random).box
        #expect(box.top >= 0 && box.left >= 0 && box.height > 0 && box.width > 0)
        #expect(box.top + box.height <= height && box.left + box.width <= width)
      }
    }
  }

  @Test func choicesHaveTheirProbabilities() {
    var augmentation = Augmentation(size: 8)
    augmentation.blur = 0.5
    let views = (0..<4000).map { sample in
      var random = CounterRandom(seed: 2, .augmentation, sample: sample)
      return augmentation.choices(height: 32, width: 32, using: &random)
    }
    func share(_ condition: (ImageView) -> Bool) -> Double { Double(views.filter(condition).count) / 4000 }
    #expect(abs(share(\.flip) - 0.5) < 0.04)
    #expect(abs(share { !$0.adjustments.isEmpty } - 0.8) < 0.04)
    #expect(abs(share(\.grey) - 0.2) < 0.04)
    #expect(abs(share { $0.blur > 0 } - 0.5) < 0.04)
    let areas = views.map { Double($0.box.height * $0.box.width) / 1024 }
    // Evenly drawn from 0.1…1, less the large boxes of unfitting aspect.
    #expect(abs(areas.reduce(0, +) / 4000 - 0.5) < 0.06)
    #expect(areas.min()! > 0.07 && areas.max()! <= 1)
  }

  @Test func plainBatchesAreTheImagesInOrder() throws {
    let plain = try PlainBatches(source: Noise(), size: 9, normalization: .cifar, batchSize: 10)
    #expect(plain.count == 3)
    let batch = try plain.batch(2)
    #expect(batch.indices == [20, 21, 22])
    let image = try Noise().image(at: 21)
    let expected = (Float(image.pixels[4]) / 255 - 0.4822) / 0.1994
    #expect(abs(batch.views[0][flat: 9 * 9 * 3 + 4] - expected) < 1e-5)
  }
}
