import Foundation
import Kernels
import NeuralNet
import Training

extension Bench {
  /// Whole training steps of SimCLR with Geometric Harmonization: two views forward, NT-Xent, surrogate labels,
  /// backward, SGD.
  static func steps(_ choice: ConvolutionChoice) -> [Workload] {
    typealias Network = ResNet.Configuration
    let networks: [(name: String, encoder: Network, batch: Int, side: Int)] = [
      ("resnet18_b64_32", .resnet18(stem: .cifar), 64, 32),
      ("resnet20_b256_32", Network(blocks: [3, 3, 3], width: 16), 256, 32),
      ("resnet10w32_b128_32", Network(blocks: [1, 1, 1, 1], width: 32), 128, 32),
      ("resnet50_b8_224", .resnet50(stem: .imagenet), 8, 224),
    ]
    return networks.map { network in
      Workload("step/\(network.name)") {
        let model = try ContrastiveModel(.init(encoder: network.encoder), convolution: choice, seed: 0)
        let images: Shape = [network.batch, network.side, network.side, network.encoder.inputChannels]
        let batch = TrainingBatch(
          indices: Array(0..<network.batch), views: [normal(images), normal(images, part: 1)])
        let step = TrainingStep(
          method: PairMethod([
            try ContrastiveTerm(.ntXent(temperature: 0.2)), try FixedPriorTerm(classes: 100, dimension: 128),
          ]),
          optimizer: SGDOptimizer(.init(momentum: 0.9, weightDecay: 5e-4)))
        let plan = StepPlan(moment: Moment(batchesPerEpoch: 1), learningRate: 0.1)
        return { _ = try step(model, batch, plan) }
      }
    }
  }

  /// The shares of a long tail with imbalance 100, K values.
  static func longTailedPrior(_ classes: Int) -> Tensor {
    let shares = (0..<classes).map { pow(100, -Float($0) / Float(max(1, classes - 1))) }
    let total = shares.reduce(0, +)
    return Tensor(shares.map { $0 / total }, shape: [classes])
  }
}

/// GH under a prior that stays: the work of a step between two estimates.
private final class FixedPriorTerm: LossTerm {
  let name = "gh"
  private let loss: GHLoss
  private let prior: Tensor

  init(classes: Int, dimension: Int) throws {
    let structure = try GeometricStructure(classes: classes, dimension: dimension, seed: 0)
    loss = try GHLoss(structure: structure.vertices, sinkhorn: Sinkhorn())
    prior = Bench.longTailedPrior(classes)
  }

  func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
    let result = try loss(pair.first, pair.second, prior: prior)
    return LossTermValue(value: result.loss, weight: 1, dFirst: result.dZ1, dSecond: result.dZ2)
  }
}
