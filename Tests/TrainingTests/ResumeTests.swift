import Foundation
import Kernels
import NeuralNet
import Objectives
import TensorFiles
import TestSupport
import Testing
import Training

/// Training stopped anywhere and gone on with is training that was never stopped, bit for bit.
@Suite struct ResumeTests {
  enum Kind: CaseIterable {
    case offset, harmonized, pruned, aligned, remembering, sharp, sharpOnPruned, simsiam

    func trainer(_ folder: TemporaryFolder, everySteps: Int? = nil) throws -> Trainer {
      switch self {
      case .offset: try makeTrainer(folder, everySteps: everySteps, terms: [OffsetTerm()])
      case .harmonized: try makeTrainer(folder, everySteps: everySteps, terms: harmonizedTerms())
      // Turned at the end of the first epoch, in the middle of what is stopped and killed.
      case .aligned:
        try makeTrainer(
          folder, everySteps: everySteps,
          terms: harmonizedTerms(
            settings: .init(prior: .estimated(ClassPrior(.soft(temperature: 0.05))), alignment: .centres(seed: 2))))
      case .pruned:
        try makeTrainer(
          folder, everySteps: everySteps, terms: harmonizedTerms(),
          pruning: Pruning(.init(fraction: .constant(0.5), random: 0.2, seed: 3)))
      // With parameters of its own, which the ascent moves as well.
      case .simsiam:
        try makeTrainer(
          folder, everySteps: everySteps,
          terms: [SimSiamTerm(dimension: 3, hidden: 5, seed: 2)] + harmonizedTerms().dropFirst(),
          gradientRule: SharpnessAware(rho: 0.5))
      case .remembering:
        try makeTrainer(
          folder, everySteps: everySteps, terms: harmonizedTerms(),
          memorization: Memorization(samples: 14, momentum: 0.5))
      case .sharp, .sharpOnPruned:
        try makeTrainer(
          folder, everySteps: everySteps, terms: harmonizedTerms(),
          pruning: self == .sharp ? nil : Pruning(.init(fraction: .constant(0.5), random: 0.2, seed: 3)),
          memorization: Memorization(samples: 14, momentum: 0.5), reweighting: DensityWeight(),
          gradientRule: SharpnessAware(rho: 0.5))
      }
    }
  }

  private func uninterrupted(_ kind: Kind) throws -> (file: Data, record: Record) {
    let folder = try TemporaryFolder()
    var record = Record()
    let outcome = try kind.trainer(folder).run { record.observe($0) }
    #expect(outcome == .finished)
    return (try Data(contentsOf: folder.file("last.safetensors")), record)
  }

  @Test(arguments: Kind.allCases) func stoppedAfterAnyStep(_ kind: Kind) throws {
    let expected = try uninterrupted(kind)
    #expect(expected.record.steps.count == 12)
    #expect(expected.record.epochs.map(\.step) == [4, 8, 12])
    for stop in 0...12 {
      let folder = try TemporaryFolder()
      var record = Record()
      let first = try kind.trainer(folder)
      let outcome = try first.run(
        observe: { record.observe($0) }, shouldStop: { record.steps.count == stop })
      #expect(outcome == .interrupted)
      #expect(first.moment.step == stop)
      let second = try kind.trainer(folder)
      try second.resume(from: folder.file("last.safetensors"))
      #expect(second.moment == first.moment)
      #expect(try second.run { record.observe($0) } == .finished)
      let same = record == expected.record
      #expect(same, "stopped after \(stop)")
      #expect(try Data(contentsOf: folder.file("last.safetensors")) == expected.file, "stopped after \(stop)")
    }
  }

  /// As after kill -9: what was done since the last checkpoint is lost and done again.
  @Test(arguments: Kind.allCases) func killedBetweenCheckpoints(_ kind: Kind) throws {
    struct Killed: Error {}
    let expected = try uninterrupted(kind)
    for kill in [3, 5, 8, 11] {
      let folder = try TemporaryFolder()
      #expect(throws: Killed.self) {
        try kind.trainer(folder, everySteps: 3).run { event in
          if case .step(let report, _) = event, report.moment.step + 1 == kill { throw Killed() }
        }
      }
      let last = folder.file("last.safetensors")
      let trainer = try kind.trainer(folder, everySteps: 3)
      if FileManager.default.fileExists(atPath: last.path) { try trainer.resume(from: last) }
      _ = try trainer.run()
      #expect(try Data(contentsOf: last) == expected.file, "killed after \(kill)")
    }
  }

  @Test func aFinishedTrainingStaysFinished() throws {
    let folder = try TemporaryFolder()
    _ = try makeTrainer(folder).run()
    let before = try Data(contentsOf: folder.file("last.safetensors"))
    let again = try makeTrainer(folder)
    try again.resume(from: folder.file("last.safetensors"))
    var record = Record()
    #expect(try again.run { record.observe($0) } == .finished)
    #expect(record == Record())
    #expect(try Data(contentsOf: folder.file("last.safetensors")) == before)
  }

  @Test func checkpointsOfOtherSettingsAreRefusedAndChangeNothing() throws {
    let folder = try TemporaryFolder()
    _ = try makeTrainer(folder, epochs: 1).run()
    let file = folder.file("last.safetensors")
    var wider = tiny
    wider.encoder = .residual(.init(stem: .cifar, block: .basic, blocks: [1], width: 8))
    for (trainer, expected) in [
      (
        try makeTrainer(nil, identity: "recipe-2"),
        "belongs to another recipe: its identity is recipe-1, this one's recipe-2"
      ),
      (try makeTrainer(nil, architecture: wider), "holds a model"),
      (
        try makeTrainer(nil, convolution: ConvolutionChoice(precision: .exact)),
        "was trained with precision fast, this one has exact"
      ),
      (
        try makeTrainer(nil, convolution: ConvolutionChoice(algorithm: .im2col)),
        "was trained with convolution none, this one has im2col"
      ),
      (try makeTrainer(nil, data: NoiseData(sampleCount: 40)), "counts 4 batches an epoch, the data now give 10"),
    ] {
      let before = trainer.model.state
      let error = #expect(throws: TrainingError.self) { try trainer.resume(from: file) }
      #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
      #expect(error?.description.hasPrefix(file.path) == true)
      #expect(trainer.model.state == before)
      #expect(trainer.moment.step == 0)
    }
  }

  @Test func theChoiceOfTheConvolutionsIsKept() throws {
    for choice in [
      ConvolutionChoice(), ConvolutionChoice(precision: .exact), ConvolutionChoice(algorithm: .winograd2),
    ] {
      let folder = try TemporaryFolder()
      _ = try makeTrainer(folder, epochs: 1, convolution: choice).run()
      let file = folder.file("last.safetensors")
      #expect(try Checkpoint(contentsOf: file).makeModel().convolution == choice)
      #expect(try Checkpoint.Header(contentsOf: file).convolution == choice)
      try makeTrainer(folder, convolution: choice).resume(from: file)
    }
  }

  /// Checkpoints from before there was a choice.
  @Test func withoutAWordTheChoiceIsTheDefault() throws {
    let folder = try TemporaryFolder()
    _ = try makeTrainer(folder, epochs: 1).run()
    var contents = try SafeTensors.read(folder.file("last.safetensors"))
    contents.metadata["precision"] = nil
    try SafeTensors.write(contents, to: folder.file("old.safetensors"))
    #expect(try Checkpoint(contentsOf: folder.file("old.safetensors")).convolution == ConvolutionChoice())
    contents.metadata["convolution"] = "fft"
    try SafeTensors.write(contents, to: folder.file("new.safetensors"))
    let error = #expect(throws: TrainingError.self) { try Checkpoint(contentsOf: folder.file("new.safetensors")) }
    #expect(error?.description.contains("\"convolution\" is \"fft\"") == true)
  }

  @Test func filesThatAreNoCheckpointsAreRefused() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("x.safetensors")
    try SafeTensors.write(tensors: [:], metadata: ["schema": "golden/1"], to: url)
    let error = #expect(throws: TrainingError.self) { try Checkpoint(contentsOf: url) }
    #expect(error?.description.contains("not a checkpoint") == true)
    try SafeTensors.write(tensors: [:], metadata: ["schema": "harmonia.checkpoint/9"], to: url)
    let newer = #expect(throws: TrainingError.self) { try Checkpoint(contentsOf: url) }
    #expect(newer?.description.contains("harmonia.checkpoint/9") == true)
    try SafeTensors.write(
      tensors: [:], metadata: ["schema": "harmonia.checkpoint/1", "epoch": "many"], to: url)
    let number = #expect(throws: TrainingError.self) { try Checkpoint(contentsOf: url) }
    #expect(number?.description.contains("\"epoch\" is many") == true)
  }

  @Test func aModelCanBeBuiltFromACheckpointAlone() throws {
    let folder = try TemporaryFolder()
    let trainer = try makeTrainer(folder, epochs: 1)
    _ = try trainer.run()
    let checkpoint = try Checkpoint(contentsOf: folder.file("last.safetensors"))
    #expect(checkpoint.notes == ["classes": "none"])
    #expect(checkpoint.method["offset.counts"]?.values == [4, 1])
    let images = noise([2, 6, 6, 3])
    #expect(
      try checkpoint.makeModel().representations(of: images) == trainer.model.representations(of: images))
  }
}
