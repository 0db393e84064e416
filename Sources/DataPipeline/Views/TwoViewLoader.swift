import Kernels

/// Batches of random views of a source's images, in a new order each epoch, made ahead on threads of its own.
///
/// Which batches come out is a function of (source, augmentation, batch size, seed, epoch, the epoch's weights) alone:
/// an image's views are keyed by its number, the epoch and the view, so reading can start at any batch and gives what it
/// would have given.
public final class TwoViewLoader: Sendable {
  /// What happens to an epoch's last, smaller batch. One of a single image is never used: it has nothing to contrast.
  public enum LastBatch: Hashable, Sendable {
    case keep, drop
  }

  public let source: any ImageSource
  public let augmentation: Augmentation
  /// What is done to views beyond that, image by image, by the weights of an epoch.
  public let randAugment: RandAugment?
  public let normalization: Normalization
  public let batchSize: Int
  public let views: Int
  public let seed: UInt64
  public let lastBatch: LastBatch
  /// Threads that make batches ahead, each a whole one. One is enough for small images; decoding photos for a model on
  /// many cores wants more, and with none each is made when it is taken. What comes out does not depend on it.
  public let threads: Int

  private let ahead: Locked<(reader: ReadAhead<ViewBatch>, weights: [Float]?)?>

  /// Throws ``DataError`` if the source is too small for a batch, or its channels are not the normalisation's.
  /// Programmer error: a batch size below 2, no view or less than no thread traps.
  public init(
    source: any ImageSource, augmentation: Augmentation, normalization: Normalization, batchSize: Int, seed: UInt64,
    views: Int = 2, lastBatch: LastBatch = .keep, threads: Int = 1, randAugment: RandAugment? = nil
  ) throws {
    precondition(
      batchSize >= 2 && views >= 1 && threads >= 0,
      "batches of \(batchSize) images in \(views) views on \(threads) threads")
    guard source.channels == normalization.mean.count else {
      throw DataError(
        source.origin, "images have \(source.channels) channels, the normalisation \(normalization.mean.count)",
        remedy: "give a mean and a deviation for each channel")
    }
    self.source = source
    self.augmentation = augmentation
    self.normalization = normalization
    self.batchSize = batchSize
    self.seed = seed
    self.views = views
    self.lastBatch = lastBatch
    self.threads = threads
    self.randAugment = randAugment
    ahead = Locked(nil)
    guard batchesPerEpoch > 0 else {
      throw DataError(
        source.origin, "\(source.count) images make no batch of \(batchSize)",
        remedy: lastBatch == .drop ? "use a smaller batch, or keep the last one" : "use more images")
    }
  }

  deinit { ahead.withLock { $0?.reader.stop() } }

  public var sampleCount: Int { source.count }

  public var batchesPerEpoch: Int {
    let rest = source.count % batchSize
    return source.count / batchSize + (lastBatch == .keep && rest >= 2 ? 1 : 0)
  }

  /// The order of the source's images in an epoch.
  public func order(epoch: Int) -> [Int] {
    var random = CounterRandom(seed: seed, .order, epoch: epoch)
    return random.permutation(source.count)
  }

  /// The batches of an epoch from number `first` on; each call of the result gives the next, then nil. Batches are made
  /// ahead, into the next epoch too; asking for another place starts anew there.
  ///
  /// The result throws what the source throws, at the batch that needed the image.
  /// - Parameter weights: for ``randAugment``, which does nothing without: one in 0…1 for each image of the source. With
  ///   them, batches are made ahead to the end of the epoch only, as the next one's are not known.
  ///   Programmer error: another number of weights, or one outside 0…1, traps.
  public func batches(epoch: Int, startingAt first: Int = 0, weights: [Float]? = nil) -> () throws -> ViewBatch? {
    if let weights {
      precondition(weights.count == source.count, "\(weights.count) weights for \(source.count) images")
      precondition(weights.allSatisfy { $0 >= 0 && $0 <= 1 }, "a weight is not in 0…1")
    }
    let weights = randAugment == nil ? nil : weights
    let perEpoch = batchesPerEpoch
    var position = epoch * perEpoch + first
    let end = (epoch + 1) * perEpoch
    return { [self] in
      guard position < end else { return nil }
      defer { position += 1 }
      return try reader(at: position, weights).next()
    }
  }

  private func reader(at position: Int, _ weights: [Float]?) -> ReadAhead<ViewBatch> {
    ahead.withLock { ahead in
      if let ahead, ahead.reader.position == position, ahead.weights == weights { return ahead.reader }
      ahead?.reader.stop()
      let maker = BatchMaker(self, weights)
      let end = weights == nil ? .max : (position / batchesPerEpoch + 1) * batchesPerEpoch
      let fresh = ReadAhead(from: position, to: end, depth: 2 + threads, threads: threads) { try maker.batch($0) }
      ahead = (fresh, weights)
      return fresh
    }
  }
}

/// What makes a batch: the loader's settings without the loader, so that the thread does not keep it alive.
private final class BatchMaker: Sendable {
  private let source: any ImageSource
  private let augmentation: Augmentation
  private let boost: (policy: RandAugment, weights: [Float])?
  private let renderer: ViewRenderer
  private let batchSize: Int
  private let perEpoch: Int
  private let views: Int
  private let seed: UInt64
  private let shuffled: Locked<(epoch: Int, order: [Int])>

  init(_ loader: TwoViewLoader, _ weights: [Float]?) {
    boost = if let policy = loader.randAugment, let weights { (policy, weights) } else { nil }
    source = loader.source
    augmentation = loader.augmentation
    renderer = ViewRenderer(
      size: loader.augmentation.size, interpolation: loader.augmentation.interpolation,
      mean: loader.normalization.mean, deviation: loader.normalization.deviation)
    batchSize = loader.batchSize
    perEpoch = loader.batchesPerEpoch
    views = loader.views
    seed = loader.seed
    shuffled = Locked((-1, []))
  }

  /// Batch number `position`, counted from the first epoch on.
  func batch(_ position: Int) throws -> ViewBatch {
    let epoch = position / perEpoch
    let order = shuffled.withLock { shuffled in
      if shuffled.epoch != epoch {
        var random = CounterRandom(seed: seed, .order, epoch: epoch)
        shuffled = (epoch, random.permutation(source.count))
      }
      return shuffled.order
    }
    let first = position % perEpoch * batchSize
    let indices = Array(order[first..<min(first + batchSize, order.count)])
    let extents = [indices.count, renderer.size, renderer.size, renderer.channels]
    var tensors = (0..<views).map { _ in Tensor(uninitialized: Shape(extents)) }
    let stride = extents[1] * extents[2] * extents[3]
    for (row, index) in indices.enumerated() {
      let image = try source.image(at: index)
      let operations = operations(on: index, epoch: epoch)
      for view in 0..<views {
        var random = CounterRandom(seed: seed, .augmentation, epoch: epoch, sample: index, view: view)
        var choices = augmentation.choices(height: image.height, width: image.width, using: &random)
        if let operations { choices.operations = operations(view) }
        try tensors[view].withUnsafeMutableBufferPointer { target in
          let place = UnsafeMutableBufferPointer(rebasing: target[row * stride..<(row + 1) * stride])
          try renderer.draw(choices, of: image, into: place)
        }
      }
    }
    return ViewBatch(indices: indices, views: tensors)
  }

  /// What RandAugment does to a view of an image; nil where it does nothing.
  private func operations(on index: Int, epoch: Int) -> ((_ view: Int) -> [Image.Operation])? {
    guard let (policy, weights) = boost, weights[index] > 0 else { return nil }
    let weight = Double(weights[index])
    var random = CounterRandom(seed: seed, .strength, epoch: epoch, sample: index)
    let strength = policy.strength(weight: weight, using: &random)
    return { [seed, size = renderer.size] view in
      var random = CounterRandom(seed: seed, .operations, epoch: epoch, sample: index, view: view)
      return policy.choices(probability: weight, strength: strength, size: size, using: &random)
    }
  }
}
