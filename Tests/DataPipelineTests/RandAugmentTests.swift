import DataPipeline
import Kernels
import Testing

@Suite struct RandAugmentTests {
  private func chosen(
    _ policy: RandAugment, probability: Double, strength: Double, samples: Int = 3000
  ) -> [[Image.Operation]] {
    (0..<samples).map { sample in
      var random = CounterRandom(seed: 9, .operations, sample: sample)
      return policy.choices(probability: probability, strength: strength, size: 32, using: &random)
    }
  }

  /// As in `shearX`: what stands before the amount.
  private func name(_ operation: Image.Operation) -> String { String("\(operation)".prefix { $0 != "(" }) }

  @Test func withoutProbabilityNothingIsDoneAndWithCertaintyAll() {
    #expect(chosen(.damaging, probability: 0, strength: 30).allSatisfy { $0.isEmpty })
    #expect(chosen(.identity, probability: 1, strength: 10).allSatisfy { $0.count == 1 })
    #expect(chosen(.damaging, probability: 1, strength: 10).allSatisfy { $0.count == 2 })
  }

  @Test func eachOperationIsDoneWithTheProbability() {
    let done = chosen(.damaging, probability: 0.3, strength: 20).reduce(0) { $0 + $1.count }
    #expect(abs(Double(done) / 6000 - 0.3) < 0.03)
  }

  @Test func allFifteenAreAsLikely() {
    let counts = Dictionary(grouping: chosen(.identity, probability: 1, strength: 20).map { name($0[0]) }) { $0 }
    #expect(counts.count == 15, "\(counts.keys.sorted())")
    #expect(counts.values.allSatisfy { (130...270).contains($0.count) }, "\(counts.mapValues(\.count))")
  }

  @Test func drawnWithReplacement() {
    let pairs = chosen(.damaging, probability: 1, strength: 20)
    #expect(abs(Double(pairs.count { name($0[0]) == name($0[1]) }) / 3000 - 1.0 / 15) < 0.02)
  }

  /// METHOD.md 2.4, at strengths 30, 15 and 0 of 30.
  @Test func amountsAreThatShareOfTheRange() {
    for (strength, share) in [(30.0, 1.0), (15, 0.5), (0, 0)] {
      var signs: [String: Set<Double>] = [:]
      for operation in chosen(.identity, probability: 1, strength: strength).joined() {
        func isSigned(_ value: Double, _ largest: Double) {
          #expect(abs(abs(value) - largest * share) < 1e-9, "\(operation)")
          signs[name(operation), default: []].insert(value.sign == .minus ? -1 : 1)
        }
        let factor = Float(0.1 + 1.8 * share)
        switch operation {
        case .shearX(let v), .shearY(let v): isSigned(v, 0.6)
        case .translateX(let v), .translateY(let v): isSigned(v, 0.66 * 32)
        case .rotate(let v): isSigned(v, 60)
        case .solarize(let v): #expect(abs(v - 110 * share) < 1e-9)
        case .posterize(let bits): #expect(bits == 4 + Int(4 * share))
        case .contrast(let v), .colour(let v), .brightness(let v), .sharpness(let v): #expect(v == factor)
        case .cutout(let box):
          let side = Int(0.4 * share * 32) + 1
          #expect(box.height > 0 && box.width > 0 && box.height <= side + 1 && box.width <= side + 1)
          #expect(Image(blackOf: 32, 32, channels: 1).contains(box), "\(box)")
        case .autoContrast, .invert, .equalize: break
        }
      }
      #expect(signs.count == 5 && signs.values.allSatisfy { $0 == [-1, 1] })
    }
    // A cutout of nothing is left out.
    #expect(chosen(.identity, probability: 1, strength: 0).contains { $0.isEmpty })
  }

  @Test func strengthsFollowTheWeight() {
    var random = CounterRandom(seed: 1, .strength)
    #expect(RandAugment.identity.strength(weight: 0, using: &random) == 10)
    #expect(RandAugment.identity.strength(weight: 0.5, using: &random) == 20)
    #expect(RandAugment.identity.strength(weight: 1, using: &random) == 30)
    let varied = (0..<2000).map { _ in RandAugment.damaging.strength(weight: 0.8, using: &random) }
    #expect(varied.allSatisfy { $0 >= 5 && $0 <= 25 })
    #expect(abs(varied.reduce(0, +) / 2000 - 15) < 0.5)
    #expect(RandAugment.damaging.strength(weight: 0, using: &random) == 5)
  }

  // MARK: In the loader

  private typealias Noise = TwoViewLoaderTests.Noise

  private func loader(_ policy: RandAugment? = .damaging, channels: Int = 3, threads: Int = 1) throws -> TwoViewLoader {
    try TwoViewLoader(
      source: Noise(channels: channels), augmentation: Augmentation(size: 8),
      normalization: channels == 3 ? .cifar : .fashionMNIST, batchSize: 5, seed: 3, threads: threads,
      randAugment: policy)
  }

  private func all(_ next: () throws -> ViewBatch?) throws -> [ViewBatch] {
    var batches: [ViewBatch] = []
    while let batch = try next() { batches.append(batch) }
    return batches
  }

  private let mixed = (0..<23).map { $0 % 3 == 0 ? Float(1) : $0 % 3 == 1 ? 0 : 0.4 }

  /// The views of an image, out of an epoch's batches.
  private func views(_ index: Int, _ batches: [ViewBatch]) throws -> [[Float]] {
    let batch = try #require(batches.first { $0.indices.contains(index) })
    let row = try #require(batch.indices.firstIndex(of: index))
    return batch.views.map { view in
      let stride = view.count / batch.count
      return Array(view.values[row * stride..<(row + 1) * stride])
    }
  }

  @Test func withoutWeightsOrPolicyViewsArePlain() throws {
    let plain = try all(loader(nil).batches(epoch: 1))
    let zeros = [Float](repeating: 0, count: 23)
    #expect(try all(loader().batches(epoch: 1)).map(\.views) == plain.map(\.views))
    #expect(try all(loader().batches(epoch: 1, weights: zeros)).map(\.views) == plain.map(\.views))
    #expect(try all(loader(nil).batches(epoch: 1, weights: mixed)).map(\.views) == plain.map(\.views))
  }

  @Test(arguments: [1, 3]) func onlyImagesOfSomeWeightAreDisturbed(channels: Int) throws {
    let plain = try all(loader(nil, channels: channels).batches(epoch: 1))
    let disturbed = try all(loader(channels: channels).batches(epoch: 1, weights: mixed))
    #expect(disturbed.map(\.indices) == plain.map(\.indices))
    var changed = 0
    for index in 0..<23 {
      let (a, b) = (try views(index, plain), try views(index, disturbed))
      if mixed[index] == 0 { #expect(a == b) } else { changed += zip(a, b).count { $0 != $1 } }
    }
    #expect(changed > 12)
  }

  @Test(arguments: [1, 2, 3, 7]) func anyNumberOfThreadsAndAnyStartGiveTheSame(threads: Int) throws {
    let whole = try all(loader().batches(epoch: 2, weights: mixed))
    for start in 0...5 {
      let rest = try all(loader(threads: threads).batches(epoch: 2, startingAt: start, weights: mixed))
      #expect(rest.map(\.views) == whole.dropFirst(start).map(\.views))
    }
  }

  /// What was made ahead is never an epoch's with the weights of another.
  @Test(arguments: [1, 3]) func eachEpochHasItsOwnWeights(threads: Int) throws {
    let loader = try loader(threads: threads)
    let reversed = Array(mixed.reversed())
    for (epoch, weights) in [(0, nil), (1, mixed), (2, reversed), (3, mixed), (3, reversed), (4, nil)] {
      let expected = try all(self.loader().batches(epoch: epoch, weights: weights))
      #expect(try all(loader.batches(epoch: epoch, weights: weights)).map(\.views) == expected.map(\.views))
    }
    let half = loader.batches(epoch: 7, weights: mixed)
    _ = try half()
    let other = try all(loader.batches(epoch: 7, startingAt: 1, weights: reversed))
    #expect(try other.map(\.views) == all(self.loader().batches(epoch: 7, startingAt: 1, weights: reversed)).map(\.views))
  }

  @Test func anEndedEpochLeavesNoThread() throws {
    weak var gone: TwoViewLoader?
    do {
      let loader = try loader(threads: 2)
      gone = loader
      _ = try all(loader.batches(epoch: 0, weights: mixed))
    }
    #expect(gone == nil)
  }
}
