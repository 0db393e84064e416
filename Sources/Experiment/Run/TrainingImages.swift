import DataPipeline
import Kernels
import Training

/// The batches of an arm, from the loader that makes them ahead.
struct TrainingImages: TrainingData {
  private let loader: TwoViewLoader

  init(_ loader: TwoViewLoader) { self.loader = loader }

  /// Throws `DataError` where the images make no batch.
  init(_ plan: ArmPlan, _ views: PictureViews) throws {
    loader = try TwoViewLoader(
      source: plan.images.training, augmentation: Augmentation(views),
      normalization: plan.images.selected.normalization, batchSize: plan.clock.batch, seed: plan.seed,
      lastBatch: plan.clock.dropsLast ? .drop : .keep, randAugment: plan.method.boost?.views)
  }

  var sampleCount: Int { loader.sampleCount }
  var batchesPerEpoch: Int { loader.batchesPerEpoch }

  func batches(epoch: Int, startingAt first: Int, weights: [Float]?) throws -> () throws -> TrainingBatch? {
    let next = loader.batches(epoch: epoch, startingAt: first, weights: weights)
    return { try next().map { TrainingBatch(indices: $0.indices, views: $0.views) } }
  }
}

/// The batches of an arm that learns from points.
struct TrainingPoints: TrainingData {
  private let loader: PointBatches

  init(_ loader: PointBatches) { self.loader = loader }

  /// Throws `DataError` where the points make no batch.
  init(_ plan: ArmPlan, deviation: Double) throws {
    loader = try PointBatches(
      source: plan.images.training, deviation: deviation, batchSize: plan.clock.batch, seed: plan.seed,
      lastBatch: plan.clock.dropsLast ? .drop : .keep)
  }

  var sampleCount: Int { loader.sampleCount }
  var batchesPerEpoch: Int { loader.batchesPerEpoch }

  func batches(epoch: Int, startingAt first: Int, weights: [Float]?) throws -> () throws -> TrainingBatch? {
    let next = loader.batches(epoch: epoch, startingAt: first)
    return { next().map { TrainingBatch(indices: $0.indices, views: $0.views) } }
  }
}

extension ArmPlan {
  /// Throws `DataError` where images or points make no batch.
  func makeTrainingData() throws -> any TrainingData {
    switch images.views {
    case .pictures(let views): try TrainingImages(self, views)
    case .points(let deviation): try TrainingPoints(self, deviation: deviation)
    }
  }
}

extension Augmentation {
  init(_ plan: PictureViews) {
    self.init(size: plan.size)
    area = plan.minimumArea...1
    interpolation = plan.isBicubic ? .bicubic : .bilinear
    flip = plan.flip
    jitter = plan.jitter
    brightness *= plan.strength
    contrast *= plan.strength
    saturation *= plan.strength
    hue *= plan.strength
    grey = plan.grey
    blur = plan.blur
  }
}

extension Duration {
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
