import CKernels
import Kernels
import Testing

@Suite struct RandomTests {
  /// Known answers of the authors' Random123 (kat_vectors, philox4x32 10).
  @Test(arguments: [
    ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
    (
      [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
      [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
    ),
    (
      [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
      [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
    ),
  ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(counter: [UInt32], key: [UInt32], expected: [UInt32]) {
    var out = [UInt32](repeating: 0, count: 4)
    ck_philox(&out, counter, key)
    #expect(out == expected)
  }

  @Test func aStreamIsAFunctionOfItsKey() {
    func first(_ random: CounterRandom) -> [UInt64] {
      var random = random
      return (0..<5).map { _ in random.next() }
    }
    let base = first(CounterRandom(seed: 1, .augmentation, epoch: 2, sample: 3, view: 1))
    #expect(base == first(CounterRandom(seed: 1, .augmentation, epoch: 2, sample: 3, view: 1)))
    let others = [
      CounterRandom(seed: 2, .augmentation, epoch: 2, sample: 3, view: 1),
      CounterRandom(seed: 1 + (1 << 40), .augmentation, epoch: 2, sample: 3, view: 1),
      CounterRandom(seed: 1, .order, epoch: 2, sample: 3, view: 1),
      CounterRandom(seed: 1, .augmentation, epoch: 3, sample: 3, view: 1),
      CounterRandom(seed: 1, .augmentation, epoch: 3, sample: 2, view: 1),
      CounterRandom(seed: 1, .augmentation, epoch: 2, sample: 3, view: 0),
      CounterRandom(seed: 1, .augmentation, name: "a"), CounterRandom(seed: 1, .augmentation, name: "b"),
    ].map(first)
    #expect(Set(others + [base]).count == others.count + 1)
  }

  @Test func uniformAndNormalHaveTheirMoments() {
    var random = CounterRandom(seed: 5, .synthetic)
    let n = 200_000
    let uniform = random.uniform(-1, 3, shape: [n]).values.map(Double.init)
    #expect(uniform.allSatisfy { $0 >= -1 && $0 <= 3 })
    let mean = uniform.reduce(0, +) / Double(n)
    #expect(abs(mean - 1) < 4 * (16.0 / 12 / Double(n)).squareRoot())
    let normal = random.normal(mean: 2, deviation: 0.5, shape: [n]).values.map { (Double($0) - 2) / 0.5 }
    let moments = (1...4).map { k in normal.reduce(0) { sum, x in
      sum + (0..<k).reduce(1) { power, _ in power * x } } / Double(n) }
    for (moment, (expected, variance)) in zip(moments, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(abs(moment - expected) < 5 * (variance / Double(n)).squareRoot())
    }
  }

  /// Wherever in a block a tensor begins and ends, it holds the numbers that would be drawn one by one.
  @Test(arguments: [0, 1, 2, 31, 32, 33, 34, 63, 64, 67, 131]) func aTensorIsItsNumbersInOrder(count: Int) {
    for drawn in 0..<4 {
      var (one, all) = (CounterRandom(seed: 3, .synthetic), CounterRandom(seed: 3, .synthetic))
      for _ in 0..<drawn { #expect(one.unit() == all.unit()) }
      let expected = (0..<count).map { _ in Float(one.uniform(-1, 2)) }
      #expect(all.uniform(-1, 2, shape: [count]).values == expected)
      #expect(one.next() == all.next())
    }
  }

  @Test func integersBelowHaveNoBias() {
    var random = CounterRandom(seed: 6, .synthetic)
    for count in [1, 2, 3, 7, 10] {
      let draws = 70_000
      var hits = [Int](repeating: 0, count: count)
      for _ in 0..<draws { hits[random.integer(below: count)] += 1 }
      let expected = Double(draws) / Double(count)
      for hit in hits { #expect(abs(Double(hit) - expected) < 5 * expected.squareRoot() + 0.5) }
    }
    // A multiply-and-shift without rejection would favour even numbers here.
    let count = 3 << 61
    let low = (0..<30_000).count { _ in random.integer(below: count) < 1 << 61 }
    #expect(abs(Double(low) - 10_000) < 5 * 82)
  }

  @Test func permutations() {
    var random = CounterRandom(seed: 9, .order)
    for count in [0, 1, 2, 5, 1000] { #expect(random.permutation(count).sorted() == Array(0..<count)) }
    var seen: [[Int]: Int] = [:]
    for _ in 0..<6000 { seen[random.permutation(3), default: 0] += 1 }
    #expect(seen.count == 6 && seen.values.allSatisfy { abs($0 - 1000) < 150 })
  }
}
