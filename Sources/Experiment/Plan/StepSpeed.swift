import DataPipeline
import Evaluation
import Foundation
import Kernels
import NeuralNet
import Training

/// Time and memory of steps and measurements of one kind on this machine, measured within about a second.
struct StepSpeed: Sendable {
  /// Something whose time and memory grow in a straight line with the images it is done on.
  struct Line: Sendable {
    /// What was measured, from few images to many.
    private let times: [(images: Int, value: Double)]
    private let sizes: [(images: Int, value: Double)]

    init(times: [(images: Int, value: Double)], sizes: [(images: Int, value: Double)]) {
      self.times = times
      self.sizes = sizes
    }

    func seconds(_ images: Int) -> Double { Self.at(images, times) }
    func bytes(_ images: Int) -> Double { Self.at(images, sizes) }

    /// On the line through the last two points.
    private static func at(_ images: Int, _ points: [(images: Int, value: Double)]) -> Double {
      let last = points[points.count - 1]
      let before = points.count > 1 ? points[points.count - 2] : last
      let slope = last.images > before.images ? (last.value - before.value) / Double(last.images - before.images) : 0
      // A measurement that was disturbed may fall with more images: then in proportion.
      guard slope > 0 || images == last.images else { return last.value * Double(images) / Double(last.images) }
      return last.value + slope * Double(images - last.images)
    }
  }

  let parameters: Int
  /// Numbers in a checkpoint that belong to model and optimiser.
  let state: Int
  /// Bytes that stay in tensors from step to step: weights, momentum, running scores.
  let resident: Int
  let convolutions: [PlannedConvolution]
  /// A training step.
  let step: Line
  /// Representations of images, reading and resizing included.
  let look: Line
  /// Making both views of an image, on one thread.
  let secondsPerViewPair: Double
  /// Bytes of one view of one image.
  let viewBytes: Int

  /// Batches that the loader makes ahead, the one in use included.
  static let batchesAhead = 4
  /// Seconds that measuring one line may take, about.
  private static let patience = 0.8

  /// A network or an image that is too large to be tried.
  struct TooLarge: Error, CustomStringConvertible {
    let what: String
    let bytes: Int
    var description: String { "\(what) need at least \(PlanText.bytes(bytes)) of memory, more than this machine has" }
  }

  /// Throws ``TooLarge``; `ModelError` and `KernelError` for a network that cannot be built or does not fit the images.
  init(_ stage: StagePlan) throws {
    let plan = stage.plan
    trimBuffers()
    let room = Int(ProcessInfo.processInfo.physicalMemory)
    // Weights, momentum and gradients, four bytes each.
    let least = 12 * stage.parameterCount
    guard least < room else {
      throw TooLarge(what: "\(PlanText.grouped(stage.parameterCount)) parameters", bytes: least)
    }
    let empty = Self.pooled
    let model = try ContrastiveModel(plan.model, convolution: plan.convolution, seed: plan.seed)
    let batch = min(plan.clock.batch, plan.clock.images)
    convolutions = try model.backbone.convolutions(of: plan.images.shape(of: batch))
    viewBytes = 4 * plan.images.shape(of: 1).count
    let activations = convolutions.reduce(0) { $0 + $1.plan.outputShape.count } / batch * 2 * 4
    guard activations < room / 2 else { throw TooLarge(what: "an image in two views", bytes: activations) }

    // With GH from the first step on: what comes later costs more.
    var always = plan.method
    always.harmonization?.starts = 0
    always.harmonization?.isAligned = false  // over before the loss takes part
    always.harmonization?.weight = .constant(1)
    always.harmonization?.requiresConvergence = false
    let method = try stage.methodForMeasuring(always)
    parameters = model.parameterCount + method.parameters.reduce(0) { $0 + $1.value.count }
    state = (1 + plan.optimizer.rule.numbersPerWeight) * parameters + model.buffers.reduce(0) { $0 + $1.value.count }
    let step = TrainingStep(method: method, optimizer: plan.optimizer.make())
    func run(_ images: Int) throws {
      var random = CounterRandom(seed: 0, .synthetic)
      let views = (0..<2).map { _ in random.normal(shape: plan.images.shape(of: images)) }
      let given = TrainingBatch(indices: (0..<images).map { $0 % plan.images.trainingCount }, views: views)
      // Not an epoch's first batch, in which more is done. Weights that do not move: numbers stay finite whatever the recipe's rate would do to this batch.
      _ = try step(model, given, StepPlan(moment: Moment(batch: 1, batchesPerEpoch: 2), learningRate: 0))
    }
    try run(min(2, batch))
    trimBuffers()
    let embeddings = plan.method.harmonization.map { $0.isAligned ? $0.dimension * plan.images.trainingCount : 0 } ?? 0
    resident = Self.pooled - empty + 4 * embeddings
    self.step = try Self.line(upTo: batch, run)
    let looked = plan.images.hasTest ? plan.images.test : plan.images.training
    let most = min(PlainBatches.standardSize, looked.count)
    look = try Self.line(upTo: most) { images in
      _ = try plan.images.features(of: looked.evenly(images), model: model)
    }
    secondsPerViewPair = try Self.viewPair(plan)
    trimBuffers()
  }

  /// Doubles the images until the patience is used up or the full number has been done; then, as memory is less regular
  /// than time, once as many as another second allows.
  private static func line(upTo most: Int, _ body: (Int) throws -> Void) throws -> Line {
    var times: [(images: Int, value: Double)] = []
    var sizes: [(images: Int, value: Double)] = []
    var images = min(most, 2)
    let began = ContinuousClock.now
    while true {
      trimBuffers()
      let before = pooled
      try body(images)  // plans and first buffers
      var seconds = Double.infinity
      for _ in 0..<2 { seconds = min(seconds, try time { try body(images) }) }
      times.append((images, seconds))
      sizes.append((images, Double(pooled - before)))
      let spent = (ContinuousClock.now - began).seconds
      if images == most { break }
      // The full number at once where it is cheap, else twice as many as long as there is time.
      let whole = 3 * seconds * Double(most) / Double(images)
      if spent + whole < patience {
        images = most
      } else if spent + 6 * seconds < patience || times.count == 1 {
        images = min(most, 2 * images)
      } else {
        let large = min(most, Int(patience * Double(images) / seconds))
        if large > images {
          trimBuffers()
          let before = pooled
          try body(large)
          sizes.append((large, Double(pooled - before)))
        }
        break
      }
    }
    return Line(times: times, sizes: sizes)
  }

  private static func time(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start).seconds
  }

  /// Bytes of tensors and workspaces got from the system.
  private static var pooled: Int {
    [BufferPool.shared, BufferPool.workspaces].reduce(0) { $0 + $1.usage.inUse + $1.usage.held }
  }

  private static func viewPair(_ plan: ArmPlan) throws -> Double {
    let images = min(16, plan.images.trainingCount)
    let source = plan.images.training.evenly(8 * images)
    let start: ContinuousClock.Instant
    let next: () throws -> ViewBatch?
    let perEpoch: Int
    switch plan.images.views {
    case .points(let deviation):
      let loader = try PointBatches(source: source, deviation: deviation, batchSize: images, seed: plan.seed)
      start = .now
      (next, perEpoch) = (loader.batches(epoch: 0), loader.batchesPerEpoch)
    case .pictures(let views):
      let loader = try TwoViewLoader(
      source: source, augmentation: Augmentation(views), normalization: plan.images.selected.normalization,
      batchSize: images, seed: plan.seed, randAugment: plan.method.boost?.views)
      // As of images of the weight that the average loss has.
      let weights = [Float](repeating: 0.5, count: source.count)
      start = .now
      (next, perEpoch) = (loader.batches(epoch: 0, weights: weights), loader.batchesPerEpoch)
    }
    let batches = min(2, perEpoch)
    for _ in 0..<batches { _ = try next() }
    return (ContinuousClock.now - start).seconds / Double(batches * images)
  }
}

// MARK: - Measurements

extension StepSpeed {
  /// Of one image's representation.
  var secondsPerLook: Double { look.seconds(PlainBatches.standardSize) / Double(PlainBatches.standardSize) }

  /// Seconds of all measurements of an arm: all probes at the end, the first one also on the way, and the picture.
  func measuring(_ plan: ArmPlan) -> Double {
    let perImage = secondsPerLook
    let picture = Double(plan.images.pictured)
    // The picture of a circle is drawn as it is, and the measurement looks at the same once more.
    if plan.circle != nil { return 2 * Double(plan.images.testCount) * perImage }
    var total = picture * perImage + MeasuringSpeed.shared.mapSecondsPerPair * picture * picture
    guard let evaluation = plan.evaluation else { return total }
    func looking(_ probe: ProbePlan) -> Double {
      Double(probe.learning(plan.images).count + probe.testing(plan.images).count) * perImage
    }
    total += evaluation.probes.firstByImages.reduce(0) { $0 + looking($1) }
    total += evaluation.probes.reduce(0) { $0 + probing($1, plan) }
    let onTheWay = evaluation.every.map { (plan.epochs - 1) / $0 } ?? 0
    return total + Double(onTheWay) * (looking(evaluation.probes[0]) + probing(evaluation.probes[0], plan))
  }

  /// Seconds of one probe once the representations are there.
  private func probing(_ probe: ProbePlan, _ plan: ArmPlan) -> Double {
    let (learnt, judged) = (Double(probe.learnt(plan.images)), Double(probe.testing(plan.images).count))
    let features = Double(plan.model.encoder.features)
    let classes = Double(probe.learning(plan.images).classNames.count)
    let neighbours = learnt * judged * features * MeasuringSpeed.shared.secondsPerProduct
    switch probe.probe {
    case .nearest: return neighbours
    case .tuned(let tuning):
      // A step of training has two views.
      let batch = tuning.batch(of: Int(learnt))
      return Double(tuning.epochs) * learnt * step.seconds(batch) / Double(2 * batch)
    case .linear(let options, let also):
      let perNumber = classes * MeasuringSpeed.shared.probeSecondsPerProduct + MeasuringSpeed.shared.probeSecondsPerNumber
      return Double(options.epochs) * learnt * features * perNumber + (also == nil ? 0 : neighbours)
    }
  }
}

/// How fast this machine trains probes and draws pictures: a short benchmark, once a process.
struct MeasuringSpeed: Sendable {
  static let shared = MeasuringSpeed()

  /// Of one pair of points in the picture.
  let mapSecondsPerPair: Double
  /// Of a sample, a feature and a class in an epoch of a probe.
  let probeSecondsPerProduct: Double
  /// Of a sample and a feature, whatever the number of classes.
  let probeSecondsPerNumber: Double
  /// Of a multiply-add of two large matrices.
  let secondsPerProduct: Double

  private init() {
    func seconds(_ body: () throws -> Void) -> Double {
      let start = ContinuousClock.now
      try? body()
      return (ContinuousClock.now - start).seconds
    }
    func features(_ count: Int, classes: Int) throws -> Features {
      var random = CounterRandom(seed: 0, .synthetic)
      return try Features(random.normal(shape: [count, 64]), labels: (0..<count).map { $0 % classes })
    }
    let points = 60
    mapSecondsPerPair = seconds { _ = try PlanarMap(try features(points, classes: 2)) } / Double(points * points)
    let (samples, epochs) = (1000, 4)
    func probe(classes: Int) -> Double {
      let options = LinearProbe.Options(epochs: epochs, batch: 250)
      return seconds { _ = try LinearProbe.train(on: try features(samples, classes: classes), classes: classes, options: options) }
        / Double(epochs * samples * 64)
    }
    let (few, many) = (probe(classes: 2), probe(classes: 102))
    probeSecondsPerProduct = max(0, (many - few) / 100)
    probeSecondsPerNumber = max(0, few - 2 * probeSecondsPerProduct)
    let x = Tensor(repeating: 1, shape: [256, 256])
    secondsPerProduct = seconds { for _ in 0..<4 { _ = try matmul(x, x, transposeB: true) } } / Double(4 * 256 * 256 * 256)
  }
}
