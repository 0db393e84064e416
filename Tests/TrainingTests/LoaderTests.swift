import DataPipeline
import Foundation
import Kernels
import NeuralNet
import TestSupport
import Testing
import Training

/// The whole chain, views made ahead on their own thread included, is a function of the seed.
@Suite struct LoaderTests {
  private struct Pictures: ImageSource {
    let count = 22
    let channels = 3
    let classNames: [String] = []
    let labels: [Int]? = nil
    let origin = "pictures"

    func image(at index: Int) throws -> Image {
      var random = CounterRandom(seed: 1, .synthetic, sample: index)
      let bytes = (0..<10 * 10 * 3).map { _ in UInt8(random.integer(below: 256)) }
      return Image(height: 10, width: 10, channels: 3, pixels: bytes)
    }
  }

  private struct Loaded: TrainingData {
    let loader: TwoViewLoader

    init(threads: Int, randAugment: RandAugment?) throws {
      loader = try TwoViewLoader(
        source: Pictures(), augmentation: Augmentation(size: 8), normalization: .cifar, batchSize: 6, seed: 4,
        threads: threads, randAugment: randAugment)
    }

    var sampleCount: Int { loader.sampleCount }
    var batchesPerEpoch: Int { loader.batchesPerEpoch }

    func batches(epoch: Int, startingAt first: Int, weights: [Float]?) throws -> () throws -> TrainingBatch? {
      let next = loader.batches(epoch: epoch, startingAt: first, weights: weights)
      return { try next().map { TrainingBatch(indices: $0.indices, views: $0.views) } }
    }
  }

  private func trainer(_ folder: TemporaryFolder, remembering: Bool, threads: Int = 1) throws -> Trainer {
    try Trainer(
      model: ContrastiveModel(tiny, seed: 5),
      method: PairMethod(
        try harmonizedTerms(samples: 22), memorization: remembering ? try Memorization(samples: 22) : nil),
      optimizer: SGDOptimizer(.init()), data: try Loaded(threads: threads, randAugment: remembering ? .damaging : nil),
      settings: Trainer.Settings(
        epochs: 3, learningRate: .constant(0.05), identity: "loader",
        checkpoints: Trainer.Checkpoints(folder: folder.url)))
  }

  /// With a memory, views follow the weights that the epoch began with.
  @Test(arguments: [false, true]) func stoppedInTheMiddleOfAnEpochItGoesOnBitForBit(remembering: Bool) throws {
    let whole = try TemporaryFolder()
    _ = try trainer(whole, remembering: remembering).run()
    let expected = try Data(contentsOf: whole.file("last.safetensors"))
    for stop in [2, 4, 5, 7, 11] {
      let parts = try TemporaryFolder()
      var steps = 0
      let outcome = try trainer(parts, remembering: remembering, threads: 2).run(
        observe: { if case .step = $0 { steps += 1 } }, shouldStop: { steps == stop })
      #expect(outcome == .interrupted)
      let second = try trainer(parts, remembering: remembering, threads: 3)
      try second.resume(from: parts.file("last.safetensors"))
      #expect(try second.run() == .finished)
      #expect(try Data(contentsOf: parts.file("last.safetensors")) == expected, "stopped after \(stop)")
    }
  }

  @Test func weightsChangeTheViewsFromTheSecondEpochOn() throws {
    var losses: [[Double]] = []
    for remembering in [false, true] {
      let folder = try TemporaryFolder()
      var epochs: [Double] = []
      _ = try trainer(folder, remembering: remembering).run(
        observe: { if case .epoch(let report, _) = $0 { epochs.append(report.loss) } })
      losses.append(epochs)
    }
    #expect(losses[0][0] == losses[1][0])
    #expect(losses[0][1] != losses[1][1])
  }
}
