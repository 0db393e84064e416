import DataPipeline
import Evaluation
import Foundation
import Kernels
import NeuralNet
import Training

/// Logit-adjusted fine-tuning as a measurement: a copy of the network is trained with labels, and classifies the test
/// images. Its state is kept beside the arm's until it is done, so that a stopped one goes on where it was.
struct FineTuner {
  let plan: ArmPlan
  let probe: ProbePlan
  let tuning: TuningPlan
  let work: Work

  /// Where and how long work is done.
  struct Work {
    let folder: ArmFolder
    let label: String
    let progress: ProgressLine
    let shouldStop: @Sendable () -> Bool
  }

  /// The test images' representations by the tuned network, and what they are taken for.
  /// Throws ``ArmRunner/Stopped`` after saving, where it was asked to stop.
  func classify(_ pretrained: ContrastiveModel) throws -> (features: Features, result: Classification) {
    let model = try ContrastiveModel(plan.model, convolution: plan.convolution, seed: plan.seed &+ 1)
    if !tuning.isFromScratch { try model.load(state: pretrained.state) }
    let images = probe.learning(plan.images)
    let classes = images.classNames.count
    let method = try FineTuning(
      labels: images.labels ?? [], classes: classes, tau: tuning.tau, features: model.backbone.features, seed: plan.seed)
    let folder = work.folder.root.appending(path: "tuning-\(probe.name)")
    let trainer = try Trainer(
      model: model, method: method,
      optimizer: SGDOptimizer(.init(momentum: tuning.momentum, weightDecay: tuning.weightDecay)),
      data: try data(images), settings: try settings(folder))
    let last = folder.appending(path: "last.safetensors")
    if FileManager.default.fileExists(atPath: last.path(percentEncoded: false)) { try trainer.resume(from: last) }
    try RunFolder.make(folder)
    let outcome = try trainer.run(observe: show, shouldStop: work.shouldStop)
    work.progress.end()
    guard outcome == .finished else { throw ArmRunner.Stopped() }
    let test = try plan.images.features(of: probe.testing(plan.images), model: model)
    let predictions = test.count == 0 ? [] : try argmaxRows(try method.scores(test.values))
    try? FileManager.default.removeItem(at: folder)
    return (test, Classification(predictions: predictions, labels: test.labels, classes: classes))
  }

  private func show(_ event: TrainingEvent) throws {
    guard case .step(let report, let pace) = event else { return }
    work.progress.show(
      ProgressReport(
        arm: "\(work.label) \(probe.name)", step: report.moment.step + 1, steps: pace.totalSteps,
        epoch: report.moment.stepEnd, epochs: Double(tuning.epochs), loss: report.loss.total, rate: report.learningRate,
        imagesPerSecond: pace.imagesPerSecond, secondsLeft: pace.secondsLeft, waiting: 0))
  }

  private func settings(_ folder: URL) throws -> Trainer.Settings {
    let rate = try Schedule([.init(.cosine(from: tuning.rate, to: 0), from: 0, to: Double(tuning.epochs))])
    return Trainer.Settings(
      epochs: tuning.epochs, learningRate: rate, update: .everyStep,
      identity: "\(plan.identity) \(probe.name) \(tuning)",
      checkpoints: Trainer.Checkpoints(folder: folder, everyEpochs: nil, everySeconds: 60, keepEveryEpochs: nil),
      notes: plan.images.notes)
  }

  /// Crops and flips alone: colours tell classes.
  private func data(_ images: any ImageSource) throws -> any TrainingData {
    switch plan.images.views {
    case .points(let deviation):
      return TrainingPoints(try PointBatches(source: images, deviation: deviation, batchSize: tuning.batch, seed: plan.seed))
    case .pictures(let views):
      var augmentation = Augmentation(size: views.size)
      augmentation.area = tuning.minimumArea...1
      augmentation.interpolation = views.isBicubic ? .bicubic : .bilinear
      augmentation.flip = views.flip
      (augmentation.jitter, augmentation.grey, augmentation.blur) = (0, 0, 0)
      return TrainingImages(
        try TwoViewLoader(
          source: images, augmentation: augmentation, normalization: plan.images.selected.normalization,
          batchSize: min(tuning.batch, images.count), seed: plan.seed, lastBatch: .keep))
    }
  }
}
