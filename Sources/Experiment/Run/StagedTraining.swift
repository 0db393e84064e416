import DataPipeline
import Foundation
import Kernels
import NeuralNet
import TensorFiles
import Training

/// What went wrong in a stage.
struct StageFailure: Error {
  let stage: String
  let reason: any Error
}

/// The stages of DnC one after the other. What is done stands in the arm's folder `stages`: the last state of each stage and
/// the clusters; the stage under way has the arm's checkpoint, under an identity of its own. So training goes on where it was
/// stopped, in a stage or between two, with the same bits.
final class StagedTraining {
  private let runner: ArmRunner
  private let divide: DividePlan
  private var plan: ArmPlan { runner.plan }
  /// Of the stages that are done.
  private var (steps, epochs) = (0, 0)
  private var log: MetricsLog?
  private var stepsHere = 0
  private var seconds = 0.0

  init(runner: ArmRunner, divide: DividePlan) {
    self.runner = runner
    self.divide = divide
  }

  /// Nil where it was asked to stop; then the state is saved. Throws ``ArmRunner/Stopped`` for the same between stages.
  func run() throws -> ArmRunner.Trained? {
    let images = plan.images
    let first = StagePlan(role: .base, plan: divide.base)
    guard let base = try train(first, method: { try PairMethod(divide.base) }) else { return nil }
    let clusters = try findClusters(base)
    var experts: [ContrastiveModel?] = []
    for cluster in 0..<divide.clusters {
      let members = clusters.indices.filter { clusters[$0] == cluster }
      guard let plan = try divide.expert(on: images.on(Subset(images.training, indices: members))) else {
        runner.progress.say(
          "\(runner.label)  cluster \(cluster + 1) has \(members.count) image: it gets no expert")
        experts.append(nil)
        continue
      }
      let stage = StagePlan(role: .expert(cluster), plan: plan)
      let start = divide.startsFromBase ? base : nil
      guard let expert = try train(stage, from: start, method: { try PairMethod(plan) }) else { return nil }
      experts.append(expert)
    }
    let last = StagePlan(role: .student(divide), plan: divide.student)
    let student = try train(last, from: divide.studentStartsFromBase ? base : nil) {
      try Distillation(
        base: base, experts: experts, clusters: clusters, features: plan.model.encoder.features, hidden: divide.hidden,
        seed: plan.seed)
    }
    guard let student else { return nil }
    return ArmRunner.Trained(
      model: student, prior: nil, steps: steps, epochs: epochs, stepsHere: stepsHere, seconds: seconds,
      log: try log ?? MetricsLog(runner.folder.metrics, keepingUpTo: steps))
  }

  // MARK: One stage

  /// The network at the stage's end, read where it is done; nil where it was asked to stop. Throws ``StageFailure``.
  private func train(
    _ stage: StagePlan, from start: ContrastiveModel? = nil, method make: () throws -> any TrainingMethod
  ) throws -> ContrastiveModel? {
    do {
      return try network(stage, from: start, method: make)
    } catch {
      throw StageFailure(stage: stage.name, reason: error)
    }
  }

  private func network(
    _ stage: StagePlan, from start: ContrastiveModel?, method make: () throws -> any TrainingMethod
  ) throws -> ContrastiveModel? {
    let file = runner.folder.stage(stage.name)
    let identity = "\(plan.identity) \(stage.name)"
    if FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
      let done = try read(file)
      guard done.identity == identity else { throw DamagedCheckpoint(path: file.relativePath, detail: "is of another run") }
      (steps, epochs) = (steps + done.moment.step, epochs + done.moment.epoch)
      return try done.makeModel()
    }
    let model = try ContrastiveModel(stage.plan.model, convolution: stage.plan.convolution, seed: seed(stage))
    if let start { try model.load(state: start.state) }
    let method = try make()
    let trainer = try Trainer(
      model: model, method: method, optimizer: stage.plan.optimizer.make(), data: try stage.plan.makeTrainingData(),
      settings: runner.settings(stage.plan, identity: identity))
    try forgetStages(after: stage)
    // The state of the stage before is there until this one saves its own.
    if runner.folder.hasCheckpoint, try isOther(stage: identity) == false { try runner.resume(trainer) }
    let log = try log ?? runner.openLog(at: trainer.moment, after: steps)
    self.log = log
    let begun = trainer.moment.step
    let recorder = Recorder(
      plan: stage.plan, label: "\(runner.label) \(stage.name)", log: log, progress: runner.progress, method: method,
      place: Recorder.Place(stage: stage.name, steps: steps, epochs: epochs, imagesLater: imagesAfter(stage)))
    let outcome = try Interruption.shared.during(.training) {
      try trainer.run(observe: recorder.observe, shouldStop: runner.shouldStop)
    }
    runner.progress.end()
    stepsHere += trainer.moment.step - begun
    seconds += recorder.trained
    guard outcome == .finished else { return nil }
    try RunFolder.make(runner.folder.stages)
    try trainer.checkpoint().write(to: file)
    (steps, epochs) = (steps + trainer.moment.step, epochs + trainer.moment.epoch)
    trimBuffers()
    return model
  }

  /// Where a damaged file was deleted, the stages behind it are done anew as well: they were made from it, and the log is
  /// cut back to where it begins.
  private func forgetStages(after stage: StagePlan) throws {
    let names = ["base", "clusters"] + divide.stages.dropFirst().map(\.name)
    for name in names.drop(while: { $0 != stage.name }).dropFirst() {
      let path = runner.folder.stage(name).path(percentEncoded: false)
      if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    }
  }

  /// Networks that begin at random begin each in its own way.
  private func seed(_ stage: StagePlan) -> UInt64 {
    switch stage.role {
    case .base: plan.seed
    case .expert(let cluster): plan.seed &+ UInt64(cluster) &+ 1
    case .student: plan.seed &+ UInt64(divide.clusters) &+ 1
    }
  }

  private func isOther(stage identity: String) throws -> Bool {
    let found = try read(runner.folder.lastCheckpoint).identity
    return found != identity && found.hasPrefix(plan.identity + " ")
  }

  private func read(_ file: URL) throws -> Checkpoint {
    do {
      return try Checkpoint(contentsOf: file)
    } catch let error as TensorFileError {
      throw DamagedCheckpoint(path: error.path, detail: "\(error.detail); delete the file to train anew from there")
    }
  }

  /// Images that the stages after this one go through.
  private func imagesAfter(_ stage: StagePlan) -> Int {
    let all = divide.stages
    guard let place = all.firstIndex(where: { $0.name == stage.name }) else { return 0 }
    return all[(place + 1)...].reduce(0) { $0 + $1.plan.epochs * $1.plan.clock.images }
  }

  // MARK: Clusters

  /// The cluster of each training image: k-means of the base model's representations, brought to length one.
  private func findClusters(_ base: ContrastiveModel) throws -> [Int] {
    let file = runner.folder.stage("clusters")
    let count = plan.images.trainingCount
    if FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
      let found = try SafeTensors.read(file)
      let clusters = found.tensors["clusters"]?.tensor.values.map { Int($0) } ?? []
      guard found.metadata["identity"] == plan.identity, clusters.count == count,
        clusters.allSatisfy({ (0..<divide.clusters).contains($0) })
      else { throw DamagedCheckpoint(path: file.relativePath, detail: "holds no clusters of these images; delete it") }
      return clusters
    }
    let features = try plan.images.features(of: plan.images.training, model: base) { done, of in
      if self.runner.shouldStop() { throw ArmRunner.Stopped() }
      self.runner.showMeasuring(done, of)
    }
    let found = try KMeans(
      normalizeRows(features.values).rows, .init(clusters: divide.clusters, starts: 4, seed: plan.seed))
    runner.progress.say(
      "\(runner.label)  clusters of \(found.counts.map(String.init).joined(separator: ", ")) images")
    try SafeTensors.write(
      tensors: ["clusters": FileTensor(Tensor(found.clusters.map(Float.init), shape: [count]))],
      metadata: ["identity": plan.identity], to: file)
    return found.clusters
  }
}
