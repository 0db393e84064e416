import Foundation
import Kernels
import NeuralNet
import Objectives
import TestSupport
import Testing
import Training

/// Batches of noise that depend on epoch, number and weights alone; the last one is smaller.
struct NoiseData: TrainingData {
  var sampleCount = 14
  var batchSize = 4
  /// From this (epoch, batch) on the pixels are NaN.
  var poisoned: (epoch: Int, batch: Int)?

  var batchesPerEpoch: Int { (sampleCount + batchSize - 1) / batchSize }

  func batches(epoch: Int, startingAt first: Int, weights: [Float]?) throws -> () throws -> TrainingBatch? {
    var next = first
    return {
      guard next < batchesPerEpoch else { return nil }
      defer { next += 1 }
      let indices = Array(next * batchSize..<min(sampleCount, (next + 1) * batchSize))
      let views = (0..<2).map { view -> Tensor in
        var tensor = noise([indices.count, 6, 6, 3], seed: UInt64(epoch * 1000 + next * 10 + view + 1))
        // As data that follow the weights: a sample of weight w is brighter by w.
        if let weights {
          let stride = tensor.count / indices.count
          for place in 0..<tensor.count { tensor[flat: place] += weights[indices[place / stride]] }
        }
        if let poisoned, epoch == poisoned.epoch, next >= poisoned.batch { tensor[flat: 5] = .nan }
        return tensor
      }
      return TrainingBatch(indices: indices, views: views)
    }
  }
}

/// ½ mean ‖z₁ − z₂ − 1‖² and a count of its calls as state: a term simple enough to see through.
final class OffsetTerm: LossTerm {
  let name = "offset"
  var calls: Float = 0
  var epochs: Float = 0

  func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
    calls += 1
    var difference = pair.first
    try difference.accumulate(pair.second, factor: -1)
    try difference.accumulate(Tensor(repeating: 1, shape: difference.shape), factor: -1)
    let scale = 1 / Float(pair.indices.count)
    let squares = difference.values.reduce(0) { $0 + Double($1) * Double($1) }
    return LossTermValue(
      value: squares * Double(scale) / 2, weight: 0.5, dFirst: difference.scaled(by: scale),
      dSecond: difference.scaled(by: -scale))
  }
  func finishEpoch(at moment: Moment) throws { epochs += 1 }
  var state: [String: Tensor] { ["counts": Tensor([calls, epochs], shape: [2])] }
  func load(state: [String: Tensor]) throws {
    let counts = state["counts"]!.values
    (calls, epochs) = (counts[0], counts[1])
  }
}

/// How far the derivative of `loss` along its gradient is from ‖gradient‖², in parts of that; 0 were exact. Batch norms and
/// ReLUs make differences in float32 rough, hence several widths of which the best counts. Parameters end as they began.
func slopeError(_ parameters: [Parameter], _ loss: () throws -> Double) throws -> Double {
  let start = parameters.map(\.value)
  let gradients = parameters.map { $0.gradient ?? Tensor(zeros: $0.value.shape) }
  let squared: Double = gradients.reduce(0) { $0 + $1.values.reduce(0) { $0 + Double($1) * Double($1) } }
  #expect(squared > 1e-4)
  func value(at step: Float) throws -> Double {
    for (index, parameter) in parameters.enumerated() {
      parameter.value = start[index]
      try parameter.value.accumulate(gradients[index], factor: step)
    }
    return try loss()
  }
  defer { for (parameter, value) in zip(parameters, start) { parameter.value = value } }
  return try [0.02, 0.005, 0.002, 0.0005].map { (width: Double) -> Double in
    let step = Float(width / squared.squareRoot())
    return abs((try value(at: step) - value(at: -step)) / (2 * Double(step)) - squared) / squared
  }.min()!
}

/// SimCLR with Geometric Harmonization after one epoch, the prior estimated after every epoch.
func harmonizedTerms(
  samples: Int = 14, seed: UInt64 = 1, settings: GeometricHarmonization.Settings = .init()
) throws -> [any LossTerm] {
  let structure = try GeometricStructure(classes: 4, dimension: 3, seed: seed)
  return [
    try ContrastiveTerm(.ntXent()),
    try HarmonizationTerm(
      GeometricHarmonization(structure: structure, settings: settings), samples: samples,
      settings: .init(
        startEpoch: 1,
        weight: try Schedule([.init(.hold(0), from: 0, to: 1), .init(.ramp(from: 0, to: 1), from: 1, to: 3)]),
        update: .everyStep,
        scoreMomentum: try Schedule([.init(.hold(0.5), from: 0, to: 1), .init(.hold(0.9), from: 1, to: 3)]),
        refreshEveryEpochs: 1)),
  ]
}

func noise(_ shape: Shape, seed: UInt64 = 1) -> Tensor {
  var state = seed &* 0x9e37_79b9_7f4a_7c15
  return Tensor(
    (0..<shape.count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int32(truncatingIfNeeded: state >> 32)) / Float(Int32.max)
    }, shape: shape)
}

let tiny = ContrastiveModel.Configuration(
  encoder: ResNet.Configuration(stem: .cifar, block: .basic, blocks: [1], width: 4), projection: 3)

/// A small training, made anew each time as a new process would.
func makeTrainer(
  _ folder: TemporaryFolder?, data: NoiseData = NoiseData(), identity: String = "recipe-1", epochs: Int = 3,
  everySteps: Int? = nil, architecture: ContrastiveModel.Configuration = tiny,
  convolution: ConvolutionChoice = ConvolutionChoice(), update: ScheduleUpdate = .everyStep,
  terms: [any LossTerm] = [OffsetTerm()], pruning: Pruning? = nil, memorization: Memorization? = nil,
  reweighting: DensityWeight? = nil, gradientRule: any GradientRule = PlainGradient()
) throws -> Trainer {
  var architecture = architecture
  architecture.hasPrunedBranch = pruning != nil
  return try Trainer(
    model: ContrastiveModel(architecture, convolution: convolution, seed: 5),
    method: PairMethod(
      terms, pruning: pruning, memorization: memorization, reweighting: reweighting, gradientRule: gradientRule),
    optimizer: SGDOptimizer(SGDOptimizer.Settings(momentum: 0.9, weightDecay: 1e-3)), data: data,
    settings: Trainer.Settings(
      epochs: epochs,
      learningRate: try Schedule([
        .init(.ramp(from: 0, to: 0.1), from: 0, to: 1), .init(.cosine(from: 0.1, to: 0), from: 1, to: 3),
      ]), update: update, identity: identity,
      checkpoints: Trainer.Checkpoints(
        folder: folder?.url, everyEpochs: nil, everySteps: everySteps, everySeconds: nil),
      notes: ["classes": "none"]))
}

/// The numbers of a training that must not depend on where it was stopped.
struct Record: Equatable {
  var steps: [StepReport] = []
  var epochs: [TrainingEvent.EpochReport] = []

  mutating func observe(_ event: TrainingEvent) {
    switch event {
    case .step(let report, _): steps.append(report)
    case .epoch(let report, _): epochs.append(report)
    default: break
    }
  }
}
