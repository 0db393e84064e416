import DataPipeline
import Evaluation
import Foundation
import Kernels
import NeuralNet
import RecipeLanguage
import Training

/// Logit-adjusted fine-tuning as a measurement: a copy of the network is trained with labels, and classifies the test
/// images. Its state is kept beside the arm's until the result is written: a stopped one goes on where it was, and one that is
/// done is not done again for those after it.
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
    let model = try ContrastiveModel(plan.model, convolution: plan.convolution, seed: plan.seed)
    if !tuning.isFromScratch { try model.load(state: pretrained.state) }
    let images = probe.learning(plan.images)
    let classes = images.classNames.count
    let method = try FineTuning(
      labels: images.labels ?? [], classes: classes, tau: tuning.tau, features: model.backbone.features, seed: plan.seed)
    let folder = work.folder.tunings.appending(path: probe.name)
    let trainer = try Trainer(
      model: model, method: method,
      optimizer: SGDOptimizer(
        .init(momentum: tuning.momentum, weightDecay: tuning.weightDecay, nesterov: tuning.nesterov)),
      data: try data(images), settings: try settings(folder, beginning: model))
    let last = folder.appending(path: "last.safetensors")
    // Of other settings, of another network, or damaged: begun anew.
    if let saved = try? Checkpoint(contentsOf: last), saved.identity == trainer.settings.identity {
      try trainer.resume(from: last)
    }
    try RunFolder.make(folder)
    let outcome = try Interruption.shared.during(.training) {
      try trainer.run(observe: show, shouldStop: work.shouldStop)
    }
    work.progress.end()
    guard outcome == .finished else { throw ArmRunner.Stopped() }
    let test = try plan.images.features(of: probe.testing(plan.images), model: model)
    let predictions = test.count == 0 ? [] : try argmaxRows(try method.scores(test.values))
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

  private func settings(_ folder: URL, beginning model: ContrastiveModel) throws -> Trainer.Settings {
    let rate = try Schedule([.init(.cosine(from: tuning.rate, to: 0), from: 0, to: Double(tuning.epochs))])
    return Trainer.Settings(
      epochs: tuning.epochs, learningRate: rate, update: .everyStep,
      identity: "\(plan.identity) \(tuning) \(Self.digest(model))",
      checkpoints: Trainer.Checkpoints(folder: folder, everyEpochs: nil, everySeconds: 60, keepEveryEpochs: nil),
      notes: plan.images.notes)
  }

  /// Of all weights and buffers: a run has several networks that may be tuned.
  private static func digest(_ model: ContrastiveModel) -> String {
    let parts = model.state.sorted { $0.key < $1.key }.map { name, tensor in
      name + " " + tensor.values.withUnsafeBytes { SHA256.hex($0) }
    }
    return SHA256.hex(parts.joined(separator: "\n").utf8)
  }

  /// Crops and flips alone: colours tell classes.
  private func data(_ images: any ImageSource) throws -> any TrainingData {
    let batch = tuning.batch(of: images.count)
    switch plan.images.views {
    case .points(let deviation):
      return TrainingPoints(
        try PointBatches(source: images, deviation: deviation, batchSize: batch, seed: plan.seed, views: 1))
    case .pictures(let views):
      var augmentation = Augmentation(size: views.size)
      augmentation.area = tuning.minimumArea...1
      augmentation.interpolation = views.isBicubic ? .bicubic : .bilinear
      augmentation.flip = views.flip
      (augmentation.jitter, augmentation.grey, augmentation.blur) = (0, 0, 0)
      return TrainingImages(
        try TwoViewLoader(
          source: images, augmentation: augmentation, normalization: plan.images.selected.normalization,
          batchSize: batch, seed: plan.seed, views: 1, lastBatch: .keep))
    }
  }
}
