import DataPipeline
import Kernels
import Testing

@Suite struct PointTests {
  private func blobs(_ perClass: Int = 1000, seed: UInt64 = 0, _ split: DataSplit = .train) -> GaussianBlobs {
    GaussianBlobs(classes: 4, perClass: perClass, radius: 2, deviation: 0.35, seed: seed, split: split)
  }

  @Test func cloudsLieWhereTheyAreSaidToLie() throws {
    let blobs = blobs()
    let values = try #require(blobs.points).values
    let half = Double(2).squareRoot()
    for (label, centre) in [(half, half), (-half, half), (-half, -half), (half, -half)].enumerated() {
      let rows = (0..<blobs.count).filter { blobs.labels![$0] == label }
      for (column, middle) in [centre.0, centre.1].enumerated() {
        let own = rows.map { Double(values[2 * $0 + column]) - middle }
        let mean = own.reduce(0, +) / 1000
        let deviation = (own.reduce(0) { $0 + $1 * $1 } / 1000 - mean * mean).squareRoot()
        #expect(abs(mean) < 0.05 && abs(deviation - 0.35) < 0.03, "class \(label): \(mean), \(deviation)")
      }
    }
  }

  @Test func seedAndSplitDecide() {
    #expect(blobs(7).points == blobs(7).points)
    #expect(blobs(7).points != blobs(7, seed: 1).points)
    #expect(blobs(7).points != blobs(7, .test).points)
  }

  @Test(arguments: zip([1.0, 4, 16, 64], [[1000, 1000, 1000, 1000], [1000, 629, 396, 250], [1000, 396, 157, 62], [1000, 250, 62, 15]]))
  func aTailKeepsThePointsOfItsIndices(imbalance: Double, counts: [Int]) throws {
    let all = blobs()
    let tail = try all.longTailed(LongTailProfile(.exponential, imbalance: imbalance))
    #expect(tail.classCounts == counts)
    let (kept, whole) = (try #require(tail.points).values, all.points!.values)
    for (row, index) in tail.indices.enumerated() {
      #expect(kept[2 * row] == whole[2 * index] && kept[2 * row + 1] == whole[2 * index + 1])
    }
  }

  @Test func batchesBeginAnywhereAndHoldEachPointOnce() throws {
    let source = blobs(5)
    let loader = try PointBatches(source: source, deviation: 0.15, batchSize: 7, seed: 3)
    #expect(loader.batchesPerEpoch == 3)
    func batches(_ epoch: Int, from first: Int = 0) -> [ViewBatch] {
      let next = loader.batches(epoch: epoch, startingAt: first)
      return Array(sequence(state: ()) { _ in next() })
    }
    let whole = batches(2)
    #expect(whole.map(\.count) == [7, 7, 6])
    #expect(whole.flatMap(\.indices).sorted() == Array(0..<20))
    #expect(batches(2, from: 1).map(\.views) == whole.dropFirst().map(\.views))
    #expect(batches(3).map(\.indices) != whole.map(\.indices))
    #expect(whole[0].views[0] != whole[0].views[1])
    let still = try PointBatches(source: source, deviation: 0, batchSize: 7, seed: 3, lastBatch: .drop)
    #expect(still.batchesPerEpoch == 2)
    let first = try #require(still.batches(epoch: 0)())
    for (row, index) in first.indices.enumerated() {
      #expect(first.views[1].values[2 * row] == source.points!.values[2 * index])
    }
  }

  @Test func picturesAndTooFewPointsAreRefused() {
    #expect(throws: DataError.self) {
      try PointBatches(source: LabelledDots(unlabelled: 9), deviation: 0.1, batchSize: 2, seed: 0)
    }
    #expect(throws: DataError.self) {
      try PointBatches(source: blobs(1), deviation: 0.1, batchSize: 5, seed: 0, lastBatch: .drop)
    }
    #expect(throws: DataError.self) { try blobs(1).image(at: 0) }
  }
}
