import DataPipeline
import Kernels
import Training

/// The batches of an arm, from the loader that makes them ahead.
struct TrainingImages: TrainingData {
  private let loader: TwoViewLoader

  /// Throws `DataError` where the images make no batch.
  init(_ plan: ArmPlan) throws {
    loader = try TwoViewLoader(
      source: plan.images.training, augmentation: Augmentation(plan.images.views),
      normalization: plan.images.normalization, batchSize: plan.clock.batch, seed: plan.seed,
      lastBatch: plan.clock.dropsLast ? .drop : .keep, randAugment: plan.method.boost?.views)
  }

  var sampleCount: Int { loader.sampleCount }
  var batchesPerEpoch: Int { loader.batchesPerEpoch }

  func batches(epoch: Int, startingAt first: Int, weights: [Float]?) throws -> () throws -> TrainingBatch? {
    let next = loader.batches(epoch: epoch, startingAt: first, weights: weights)
    return { try next().map { TrainingBatch(indices: $0.indices, views: $0.views) } }
  }
}

extension Augmentation {
  init(_ plan: ViewPlan) {
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
