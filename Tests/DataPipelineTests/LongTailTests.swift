import DataPipeline
import Testing
import TestSupport

@Suite struct LegacyRandomTests {
  /// `numpy.random.RandomState(0)`, numpy 2.4.
  @Test func bitsAreThoseOfNumpy() {
    var random = LegacyRandom(seed: 0)
    let bits = (0..<4).map { _ in random.nextBits() }
    #expect(bits == [2_357_136_044, 2_546_248_239, 3_071_714_933, 3_626_093_760])
  }

  @Test func shufflesAreThoseOfNumpy() {
    var random = LegacyRandom(seed: 12345)
    var values = Array(0..<33)
    random.shuffle(&values)
    #expect(
      values == [
        24, 23, 0, 30, 3, 15, 28, 19, 8, 21, 12, 20, 7, 6, 27, 26, 10, 13, 11, 25, 18, 16, 32, 14, 17, 22, 31, 2, 5, 9,
        4, 1, 29,
      ])
    var more = Array(0..<1000)
    random.shuffle(&more)
    #expect(Array(more.prefix(8)) == [323, 733, 499, 718, 544, 106, 797, 241])
    random = LegacyRandom(seed: .max)
    var last = Array(0..<10)
    random.shuffle(&last)
    #expect(last == [6, 9, 5, 1, 8, 0, 7, 4, 2, 3])
  }

  @Test func nothingAndOneThingDrawNothing() {
    var (a, b) = (LegacyRandom(seed: 5), LegacyRandom(seed: 5))
    var (none, one): ([Int], [Int]) = ([], [4])
    a.shuffle(&none)
    a.shuffle(&one)
    let zero = a.upTo(0)
    #expect(zero == 0)
    #expect(none.isEmpty)
    #expect(one == [4])
    let (next, expected) = (a.nextBits(), b.nextBits())
    #expect(next == expected)
  }
}

@Suite struct LongTailTests {
  @Test(arguments: try GoldenCase.names(prefix: "long_tail_split"))
  func goldenCases(name: String) throws {
    let golden = try GoldenCase(name)
    let kind = try #require(LongTailProfile.Kind(word: golden.params["kind"] as! String))
    let profile = try LongTailProfile(
      kind, factor: golden.number("factor")!, seed: UInt32(golden.integer("seed")!))
    let split = try profile.split(labels: golden.integers("in.labels"), classCount: golden.integer("classes")!)
    #expect(split.indices == golden.integers("out.indices"))
    #expect(split.counts == golden.integers("out.counts"))
    let again = try LongTailProfile(kind, imbalance: 1 / profile.factor, seed: profile.seed)
    #expect(again == profile)
  }

  /// The published sizes of CIFAR-100-LT.
  @Test(arguments: [(100.0, 10847, 5), (50, 12608, 10), (10, 19573, 50)])
  func publishedSizes(imbalance: Double, total: Int, smallest: Int) throws {
    let sizes = try LongTailProfile(.exponential, imbalance: imbalance).sizes(imageCount: 50000, classCount: 100)
    #expect(sizes.reduce(0, +) == total)
    #expect(sizes[0] == 500)
    #expect(sizes[99] == smallest)
    #expect(sizes == sizes.sorted(by: >))
  }

  /// The published draw of CIFAR-100-LT: positions among the 500 images of a class in file order, seed 0.
  @Test func publishedDraw() throws {
    let labels = (0..<50000).map { $0 % 100 }
    let split = try LongTailProfile(.exponential, imbalance: 10).split(labels: labels, classCount: 100)
    func positions(_ label: Int) -> [Int] {
      Array(split.indices.filter { labels[$0] == label }.prefix(8).map { $0 / 100 })
    }
    #expect(positions(0) == [90, 254, 283, 445, 461, 15, 316, 489])
    #expect(positions(1) == [277, 307, 436, 88, 261, 57, 413, 459])
    #expect(positions(99) == [348, 153, 363, 361, 299, 353, 338, 99])
  }

  private let balanced = (0..<600).map { $0 * 7 % 10 }

  @Test func smallerSelectionsLieInsideLargerOnes() throws {
    func kept(_ imbalance: Double, _ order: [Int]? = nil) throws -> Set<Int> {
      Set(
        try LongTailProfile(.exponential, imbalance: imbalance, seed: 4, classOrder: order)
          .split(labels: balanced, classCount: 10).indices)
    }
    let (small, middle, all) = (try kept(50), try kept(10), try kept(1))
    #expect(small.isSubset(of: middle))
    #expect(middle.isSubset(of: all))
    #expect(all == Set(0..<600))
  }

  @Test func theClassOrderMovesSizesOnly() throws {
    let order = [3, 1, 9, 0, 2, 8, 7, 4, 5, 6]
    let plain = try LongTailProfile(.exponential, imbalance: 20).split(labels: balanced, classCount: 10)
    let moved = try LongTailProfile(.exponential, imbalance: 20, classOrder: order)
      .split(labels: balanced, classCount: 10)
    for (rank, label) in order.enumerated() { #expect(moved.counts[label] == plain.counts[rank]) }
    for label in 0..<10 {
      let a = plain.indices.filter { balanced[$0] == label }
      let b = moved.indices.filter { balanced[$0] == label }
      #expect(zip(a, b).allSatisfy { $0 == $1 }, "class \(label) draws the same images first")
    }
    let same = try LongTailProfile(.exponential, imbalance: 20, classOrder: Array(0..<10))
    #expect(try same.split(labels: balanced, classCount: 10) == plain)
  }

  @Test func noneKeepsEverythingInOrder() throws {
    let split = try LongTailProfile(.none, imbalance: 100).split(labels: balanced, classCount: 10)
    #expect(split.indices == Array(0..<600))
    #expect(split.counts == [Int](repeating: 60, count: 10))
  }

  @Test func edgeCases() throws {
    let one = try LongTailProfile(.exponential, imbalance: 10).split(labels: [0, 0, 0], classCount: 1)
    #expect(one.indices.sorted() == [0, 1, 2])
    #expect(one.counts == [3])
    let odd = try LongTailProfile(.step, imbalance: 3).split(labels: (0..<27).map { $0 % 3 }, classCount: 3)
    #expect(odd.counts == [9, 3, 3])
    let vanishing = try LongTailProfile(.step, imbalance: 100).split(labels: [0, 0, 1, 1], classCount: 2)
    #expect(vanishing.counts == [2, 0])
    let uneven = try LongTailProfile(.exponential, imbalance: 1).split(labels: [0, 1, 1, 1], classCount: 2)
    #expect(uneven.counts == [1, 3])
  }

  @Test(arguments: [0.99, 0, -3, .nan, .infinity])
  func anImbalanceBelowOneIsAnError(imbalance: Double) {
    let text = dataError { _ = try LongTailProfile(.step, imbalance: imbalance) }
    #expect(text.contains("imbalance is \(imbalance)"))
  }

  @Test(arguments: [0, -0.1, 1.001, Double.nan])
  func aFactorOutsideItsRangeIsAnError(factor: Double) {
    #expect(dataError { _ = try LongTailProfile(.step, factor: factor) }.contains("factor is \(factor)"))
  }

  @Test func aClassOrderThatIsNoPermutationIsAnError() throws {
    #expect(
      dataError { _ = try LongTailProfile(.step, imbalance: 2, classOrder: [0, 2, 2]) }
        .contains("class order has 2 at place 2"))
    #expect(
      dataError { _ = try LongTailProfile(.step, imbalance: 2, classOrder: [0, 3, 1]) }
        .contains("class order has 3 at place 1"))
    let short = try LongTailProfile(.none, imbalance: 2, classOrder: [1, 0])
    #expect(
      dataError { _ = try short.split(labels: balanced, classCount: 10) }
        .contains("class order has 2 classes, the images have 10"))
  }

  @Test func labelsThatCannotBeAreErrors() throws {
    let profile = try LongTailProfile(.exponential, imbalance: 2)
    #expect(dataError { _ = try profile.split(labels: [], classCount: 10) }.contains("no labels"))
    #expect(
      dataError { _ = try profile.split(labels: [0, 2], classCount: 2) }
        .contains("label of image 1 (from 0) is 2, outside 0…1"))
  }
}
