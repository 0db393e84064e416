import DataPipeline
import Foundation
import Kernels
import NeuralNet
import Training

/// A network or an image that is too large to be tried.
struct TooLarge: Error, CustomStringConvertible {
  let what: String
  let bytes: Int
  static let room = MemoryLimit.memory
  var description: String { "\(what) need at least \(PlanText.bytes(bytes)) of memory, more than there is" }
}

/// What a network is like on images of one shape, in batches of one size.
struct ModelFacts: Sendable {
  /// As planned for a batch.
  let convolutions: [PlannedConvolution]
  /// Multiply-adds for one view of one image, or the weights of a network without convolutions.
  let work: Double
  /// Numbers that its layers put out for one view of one image.
  let activations: Int
  /// Numbers that it keeps beside its weights.
  let buffers: Int

  /// Throws ``TooLarge``, and `KernelError` for a network that does not fit the images.
  init(_ model: ContrastiveModel, _ plan: ArmPlan) throws {
    let batch = plan.largestBatch
    buffers = model.buffers.reduce(0) { $0 + $1.value.count }
    convolutions = try model.backbone.convolutions(of: plan.images.shape(of: batch))
    activations = convolutions.reduce(0) { $0 + $1.plan.outputShape.count } / batch
    let operations = convolutions.reduce(0) { $0 + $1.plan.operations }
    work = operations > 0 ? Double(operations) / Double(batch) : Double(plan.model.parameterCount)
    guard 8 * activations < TooLarge.room / 2 else { throw TooLarge(what: "an image in two views", bytes: 8 * activations) }
  }
}

extension ArmPlan {
  /// No step has more images than there are.
  var largestBatch: Int { min(clock.batch, clock.images) }
}

/// What a training step of one kind takes, measured with as many images as there is time for.
struct StepMeasurement: Sendable {
  let line: CostLine
  /// Bytes that stay in tensors from step to step, but for what is kept of each image.
  let resident: Int

  init(line: CostLine, resident: Int) {
    self.line = line
    self.resident = resident
  }

  /// - Parameters:
  ///   - model: that of the plan, whatever its values.
  ///   - empty: bytes that tensors had before the model was there.
  ///   - most: images of the largest batch that this kind of step has.
  init(_ stage: StagePlan, _ model: ContrastiveModel, empty: Int, upTo most: Int) throws {
    let plan = stage.plan
    trimBuffers()
    // With GH from the first step on: what comes later costs more.
    var always = plan.method
    always.harmonization?.starts = 0
    always.harmonization?.isAligned = false  // over before the loss takes part
    always.harmonization?.weight = .constant(1)
    always.harmonization?.requiresConvergence = false
    let method = try stage.methodForMeasuring(always, samples: most)
    let step = TrainingStep(method: method, optimizer: plan.optimizer.make())
    func run(_ images: Int) throws {
      var random = CounterRandom(seed: 0, .synthetic)
      let views = (0..<2).map { _ in random.normal(shape: plan.images.shape(of: images)) }
      let given = TrainingBatch(indices: Array(0..<images), views: views)
      // Not an epoch's first batch, in which more is done. Weights that do not move: numbers stay finite whatever the recipe's rate would do to this batch.
      _ = try step(model, given, StepPlan(moment: Moment(batch: 1, batchesPerEpoch: 2), learningRate: 0))
    }
    try run(min(2, most))
    trimBuffers()
    resident = CostLine.pooled - empty - 4 * plan.method.numbersPerImage * most
    line = try CostLine(upTo: most, patience: 0.8, run)
    trimBuffers()
  }
}

extension CostLine {
  /// Looking at images with a network, reading and resizing included.
  init(looking plan: ArmPlan, _ model: ContrastiveModel) throws {
    let looked = plan.images.hasTest ? plan.images.test : plan.images.training
    try self.init(upTo: min(PlainBatches.standardSize, looked.count), patience: 0.4) { images in
      _ = try plan.images.features(of: looked.evenly(images), model: model)
    }
    trimBuffers()
  }
}

extension ArmPlan {
  /// Seconds in which both views of one of its images are made on one thread.
  func secondsPerViewPair() throws -> Double {
    let count = min(16, images.trainingCount)
    let source = images.training.evenly(8 * count)
    let start: ContinuousClock.Instant
    let next: () throws -> ViewBatch?
    let perEpoch: Int
    switch images.views {
    case .points(let deviation):
      let loader = try PointBatches(source: source, deviation: deviation, batchSize: count, seed: seed)
      start = .now
      (next, perEpoch) = (loader.batches(epoch: 0), loader.batchesPerEpoch)
    case .pictures(let views):
      let loader = try TwoViewLoader(
        source: source, augmentation: Augmentation(views), normalization: images.selected.normalization,
        batchSize: count, seed: seed, randAugment: method.boost?.views)
      // As of images of the weight that the average loss has.
      let weights = [Float](repeating: 0.5, count: source.count)
      start = .now
      (next, perEpoch) = (loader.batches(epoch: 0, weights: weights), loader.batchesPerEpoch)
    }
    let batches = min(2, perEpoch)
    for _ in 0..<batches { _ = try next() }
    return (ContinuousClock.now - start).seconds / Double(batches * count)
  }
}
