import Kernels

/// Batches of points, each seen in several views: x + deviation · N(0, I), in a new order each epoch.
///
/// Which batches come out is a function of (source, deviation, batch size, seed, epoch) alone: a point's noise is keyed by
/// its number, the epoch and the view.
public struct PointBatches: Sendable {
  public let source: any ImageSource
  public let deviation: Double
  public let batchSize: Int
  public let views: Int
  public let seed: UInt64
  public let lastBatch: TwoViewLoader.LastBatch
  private let points: Tensor

  /// Throws ``DataError`` if the source has no points, or too few for a batch.
  /// Programmer error: a batch size below 2, or no view, traps.
  public init(
    source: any ImageSource, deviation: Double, batchSize: Int, seed: UInt64, views: Int = 2,
    lastBatch: TwoViewLoader.LastBatch = .keep
  ) throws {
    precondition(batchSize >= 2 && views >= 1, "batches of \(batchSize) points in \(views) views")
    guard let points = source.points else {
      throw DataError(source.origin, "these are pictures", remedy: "a TwoViewLoader makes views of pictures")
    }
    self.source = source
    self.points = points
    self.deviation = deviation
    self.batchSize = batchSize
    self.seed = seed
    self.views = views
    self.lastBatch = lastBatch
    guard batchesPerEpoch > 0 else {
      throw DataError(
        source.origin, "\(source.count) points make no batch of \(batchSize)", remedy: "use a smaller batch")
    }
  }

  public var sampleCount: Int { source.count }

  public var batchesPerEpoch: Int {
    let rest = source.count % batchSize
    return source.count / batchSize + (lastBatch == .keep && rest >= 2 ? 1 : 0)
  }

  /// The batches of an epoch from number `first` on; each call of the result gives the next, then nil.
  public func batches(epoch: Int, startingAt first: Int = 0) -> () -> ViewBatch? {
    var random = CounterRandom(seed: seed, .order, epoch: epoch)
    let order = random.permutation(source.count)
    var number = first
    return {
      guard number < batchesPerEpoch else { return nil }
      defer { number += 1 }
      let indices = Array(order[number * batchSize..<min((number + 1) * batchSize, order.count)])
      return ViewBatch(indices: indices, views: (0..<views).map { view(of: indices, epoch: epoch, number: $0) })
    }
  }

  private func view(of indices: [Int], epoch: Int, number: Int) -> Tensor {
    var view = points.rows(indices)
    let width = view.shape[1]
    view.withUnsafeMutableBufferPointer { values in
      for (row, index) in indices.enumerated() {
        var random = CounterRandom(seed: seed, .augmentation, epoch: epoch, sample: index, view: number)
        for column in 0..<width { values[row * width + column] += Float(deviation * random.normal()) }
      }
    }
    return view
  }
}
