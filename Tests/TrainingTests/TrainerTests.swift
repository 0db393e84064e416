import Foundation
import Kernels
import NeuralNet
import TensorFiles
import TestSupport
import Testing
import Training

@Suite struct TrainerTests {
  @Test func theLossFalls() throws {
    var record = Record()
    _ = try makeTrainer(nil).run { record.observe($0) }
    #expect(record.epochs[2].loss < record.epochs[0].loss)
    #expect(record.steps.allSatisfy { $0.loss.total == 0.5 * $0.loss.parts[0].value })
    // The epoch's loss is the mean over its samples, of which the last batch has fewer.
    let first = record.steps[0..<4]
    let mean = first.reduce(0) { $0 + Double($1.samples) * $1.loss.total } / 14
    #expect(abs(record.epochs[0].loss - mean) < 1e-12)
    #expect(record.epochs[0].parts.keys.sorted() == ["offset"])
  }

  @Test func ratesFollowTheSchedule() throws {
    var byStep = Record()
    _ = try makeTrainer(nil).run { byStep.observe($0) }
    #expect(byStep.steps[0..<4].map(\.learningRate) == [0.025, 0.05, 0.1 * 0.75, 0.1])
    var byEpoch = Record()
    _ = try makeTrainer(nil, update: .everyEpoch).run { byEpoch.observe($0) }
    #expect(byEpoch.steps[0..<4].map(\.learningRate) == [0.1, 0.1, 0.1, 0.1])
    #expect(byEpoch.steps[4].learningRate == byEpoch.steps[7].learningRate)
    #expect(abs(byEpoch.steps[4].learningRate - 0.05) < 1e-15)
  }

  @Test func theNumberOfThreadsDoesNotMatter() throws {
    let threads = Threads.count
    defer { Threads.count = threads }
    var states: [[String: Tensor]] = []
    for count in [1, 2] {
      Threads.count = count
      let trainer = try makeTrainer(nil, epochs: 1)
      _ = try trainer.run()
      states.append(trainer.model.state)
    }
    #expect(states[0] == states[1])
  }

  @Test func hooksRunEverySoManyEpochsAndAfterTheLast() throws {
    var calls: [Int] = []
    var steps: [Int] = []
    let hook = Trainer.Hook(everyEpochs: 2) { model, moment in
      calls.append(moment.epoch)
      steps.append(moment.step)
      #expect(model.parameterCount > 0)
    }
    _ = try makeTrainer(nil).run(hooks: [hook])
    #expect(calls == [2, 3])
    #expect(steps == [8, 12])
  }

  @Test func checkpointsAreKeptAsAskedFor() throws {
    let folder = try TemporaryFolder()
    let base = try makeTrainer(nil)
    var settings = base.settings
    settings.checkpoints = Trainer.Checkpoints(folder: folder.url, keepEveryEpochs: 2)
    let trainer = try Trainer(
      model: base.model, method: base.method, optimizer: base.optimizer, data: base.data, settings: settings)
    var saved: [String] = []
    _ = try trainer.run { if case .saved(let url, _) = $0 { saved.append(url.lastPathComponent) } }
    #expect(
      saved == ["last.safetensors", "epoch-000002.safetensors", "last.safetensors", "last.safetensors"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
        == ["epoch-000002.safetensors", "last.safetensors"])
  }

  @Test func aNumberThatIsNotFiniteStopsWithStepAndDump() throws {
    let folder = try TemporaryFolder()
    let trainer = try makeTrainer(folder, data: NoiseData(poisoned: (epoch: 1, batch: 2)), everySteps: 1)
    let error = #expect(throws: TrainingError.self) { try trainer.run() }
    let dump = folder.file("not-finite-step-7.safetensors")
    #expect(error == .notFinite(step: 7, epoch: 2, what: "the embedding of view 1", dump: dump))
    #expect(error?.description.contains("step 7 (epoch 2)") == true)
    // The parameters dumped are those before the step, and the checkpoint before it is whole.
    let state = try Checkpoint(contentsOf: dump)
    #expect(state.notes["not_finite"] == "the embedding of view 1")
    #expect(state.notes["samples"] == "8 9 10 11")
    let last = try Checkpoint(contentsOf: folder.file("last.safetensors"))
    #expect(last.moment.step == 6)
    for parameter in trainer.model.parameters { #expect(state.model[parameter.name] == last.model[parameter.name]) }
  }

  @Test func aGradientThatIsNotFiniteStopsBeforeTheUpdate() throws {
    final class Broken: LossTerm {
      let name = "broken"
      func evaluate(_ pair: EmbeddingPair, at moment: Moment) throws -> LossTermValue? {
        LossTermValue(
          value: 1, weight: 1, dFirst: Tensor(repeating: .infinity, shape: pair.first.shape), dSecond: pair.second)
      }
    }
    let model = try ContrastiveModel(tiny, seed: 1)
    let step = TrainingStep(method: PairMethod([Broken()]), optimizer: SGDOptimizer(.init()))
    let before = model.parameters.map(\.value)
    let batch = try #require(try NoiseData().batches(epoch: 0, startingAt: 0, weights: nil)())
    let error = #expect(throws: NotFinite.self) {
      try step(model, batch, StepPlan(moment: Moment(batchesPerEpoch: 4), learningRate: 0.1))
    }
    #expect(error?.what == "the gradient of backbone.conv1.weight")
    #expect(model.parameters.map(\.value) == before)
  }

  @Test func aDiskThatCannotBeWrittenIsAnErrorWithThePath() throws {
    let folder = try TemporaryFolder()
    let trainer = try makeTrainer(folder, everySteps: 2)
    try FileManager.default.removeItem(at: folder.url)
    let error = #expect(throws: TensorFileError.self) { try trainer.run() }
    #expect(error?.path == folder.file("last.safetensors").path)
  }

  @Test func settingsThatMakeNoTrainingAreRefused() throws {
    #expect(throws: TrainingError.self) { try makeTrainer(nil, epochs: 0) }
    #expect(throws: TrainingError.self) { try makeTrainer(nil, data: NoiseData(sampleCount: 0)) }
    #expect(throws: TrainingError.self) { try makeTrainer(nil, everySteps: 0) }
    let short = #expect(throws: TrainingError.self) { try makeTrainer(nil, epochs: 4) }
    #expect(short?.description == "learningRate: the schedule ends at epoch 3.0, the training at 4")
  }

  /// Waiting is what data take, batch by batch and in the beginning of an epoch; hooks are outside of it all.
  @Test func waitingForDataIsToldApartFromTheRest() throws {
    struct SlowData: TrainingData {
      let data = NoiseData()
      var sampleCount: Int { data.sampleCount }
      var batchesPerEpoch: Int { data.batchesPerEpoch }
      func batches(epoch: Int, startingAt first: Int, weights: [Float]?) throws -> () throws -> TrainingBatch? {
        let next = try data.batches(epoch: epoch, startingAt: first, weights: weights)
        Thread.sleep(forTimeInterval: 0.02)
        return {
          Thread.sleep(forTimeInterval: 0.005)
          return try next()
        }
      }
    }
    let base = try makeTrainer(nil)
    let trainer = try Trainer(
      model: base.model, method: base.method, optimizer: base.optimizer, data: SlowData(), settings: base.settings)
    var epochs: [TrainingEvent.TimeUse] = []
    var whole: TrainingEvent.TimeUse?
    var waited = 0.0
    let hook = Trainer.Hook(everyEpochs: 1) { _, _ in Thread.sleep(forTimeInterval: 0.05) }
    let elapsed = try ContinuousClock().measure {
      _ = try trainer.run(hooks: [hook]) { event in
        switch event {
        case .step(_, let progress): waited += progress.waited
        case .epoch(_, let time): epochs.append(time)
        case .ended(_, _, let time): whole = time
        default: break
        }
      }
    }
    #expect(epochs.count == 3)
    for time in epochs {
      #expect(time.dataWait >= 0.02 + 4 * 0.005 && time.dataWait < time.total)
      #expect(time.dataWaitShare == time.dataWait / time.total)
    }
    let all = try #require(whole)
    #expect(abs(all.dataWait - epochs.reduce(0) { $0 + $1.dataWait }) < 1e-9)
    #expect(abs(all.total - epochs.reduce(0) { $0 + $1.total }) < 1e-9)
    #expect(all.total <= elapsed / .seconds(1) - 3 * 0.05)
    #expect(waited >= 12 * 0.005 && waited <= all.dataWait)
  }

  @Test func theShareOfWaitingIsANumberWithoutSteps() throws {
    var times: [TrainingEvent.TimeUse] = []
    _ = try makeTrainer(nil).run(
      observe: { if case .ended(_, _, let time) = $0 { times.append(time) } }, shouldStop: { true })
    #expect(times.count == 1 && (0...1).contains(times[0].dataWaitShare))
    let none = TrainingEvent.TimeUse(dataWait: 0, total: 0)
    #expect(none.dataWaitShare == 0)
  }

  @Test func progressCountsDown() throws {
    var left: [Double] = []
    _ = try makeTrainer(nil).run { event in
      if case .step(_, let progress) = event {
        #expect(progress.totalSteps == 12)
        #expect(progress.imagesPerSecond > 0)
        left.append(progress.secondsLeft)
      }
    }
    #expect(left.last == 0)
  }
}
