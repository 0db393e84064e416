import Foundation
import Kernels
import RecipeLanguage
import TensorFiles
import Training
import VisibleText

/// `harmonia evaluate FILE --run DIR`: measures what has been trained already by the recipe's `evaluate` as it is now.
public struct EvaluateCommand: Sendable {
  public var recipe: RecipeRequest
  /// The run's folder.
  public var folder: String
  /// A checkpoint to measure instead of the last state; nothing is written then.
  public var checkpoint: String?
  /// Measures also those that have been measured by this very recipe.
  public var again: Bool
  public var threads: Int?
  /// Asked between two batches; by default whether a signal has come.
  package var shouldStop: (@Sendable () -> Bool)?

  public init(recipe: RecipeRequest, folder: String, checkpoint: String? = nil, again: Bool = false, threads: Int? = nil) {
    self.recipe = recipe
    self.folder = folder
    self.checkpoint = checkpoint
    self.again = again
    self.threads = threads
  }

  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: threads) else { return .failedRun }
    guard let program = recipe.load(console) else { return .badRecipe }
    guard let recipes = recipe.selection(of: program, console) else { return .badRecipe }
    guard let arms = Planner(recipes).plan(console) else { return .badRecipe }
    let run = RunFolder(URL(filePath: folder))
    do {
      guard FileManager.default.fileExists(atPath: folder) else {
        throw RunStoreError(run.root, "there is no such folder; name that of a run, as `harmonia runs` lists them")
      }
      let lock = try RunLock(folder: run.root)
      defer { withExtendedLifetime(lock) {} }
      // A reader that goes away (`| head`) ends no measurement.
      signal(SIGPIPE, SIG_IGN)
      var runner = Runner(
        title: recipe.stem, program: program, arms: arms, folder: run, resumes: true, console: console)
      runner.shouldStop = shouldStop ?? { Interruption.shared.isRequested }
      let there = RunItem.assign(arms, runner.sweeps, in: run).filter(\.folder.isThere)
      for arm in arms where !there.contains(where: { $0.plan.name == arm.name }) {
        console.err("\(arm.name): not in \(run.root.relativePath); left out".visibleLine)
      }
      guard !there.isEmpty else {
        throw RunStoreError(run.root, "holds none of these recipes: \(arms.map(\.name).joined(separator: ", "))")
      }
      return try Interruption.shared.during(.saved) { try measure(there, runner, console) }
    } catch is ArmRunner.Stopped {
      console.err("stopped; what was measured is saved")
      return .interrupted
    } catch let refusal as ResumeCheck.Refusal {
      DiagnosticPrinter().print([refusal.diagnostic], to: console)
    } catch let failure as LateFailure {
      DiagnosticPrinter().print([failure.diagnostic], to: console)
    } catch {
      console.err("error: \(error)".visibleLine)
      if let shortage = Shortage(error) { console.err("help: \(shortage.remedy)") }
    }
    return .failedRun
  }

  private func measure(_ items: [RunItem], _ runner: Runner, _ console: Console) throws -> ExitStatus {
    let library = ImageLibrary()
    for line in items.flatMap(\.plan.remarks.lines).uniqued() { console.err(line) }
    for item in items {
      guard item.plan.evaluation != nil || item.plan.circle != nil else {
        throw RunStoreError(item.folder.root, "`\(item.plan.name)` asks for no measurement; give it an `evaluate`")
      }
      try ResumeCheck(plan: item.plan, folder: item.folder, library: library).checkTraining()
      let check = ResumeCheck(plan: item.plan, folder: item.folder, library: library)
      if try !check.checkImages(runner.records[item.plan], in: runner.folder) { runner.sayUnknown(item) }
    }
    try runner.checkOthers(items)
    if let checkpoint { return try show(items, URL(filePath: checkpoint), runner, console) }
    // Only when all are trained is any of them measured.
    let results = try items.map { item in
      guard let result = try item.folder.finishedResult() else {
        throw RunStoreError(
          item.folder.root, "is not trained to its end; go on with `harmonia run --resume`, or name a --checkpoint")
      }
      return result
    }
    for (item, result) in zip(items, results) where !item.isShared {
      if !again, result.identity == item.plan.identity {
        console.err("\(item.plan.name): measured so before; --again measures it anew".visibleLine)
        continue
      }
      let measured = try self.measure(item, result, item.folder.lastCheckpoint, runner, console)
      // Files of one state, written together.
      try Interruption.shared.during(.training) {
        try adopt(item, measured)
        try runner.records[item.plan].write(to: item.folder, in: runner.folder)
      }
      if runner.shouldStop() { throw ArmRunner.Stopped() }
    }
    return try runner.conclude(items)
  }

  /// Scores of one state that a recipe kept on its way.
  private func show(_ items: [RunItem], _ checkpoint: URL, _ runner: Runner, _ console: Console) throws -> ExitStatus {
    guard items.count == 1 else {
      throw RunStoreError(
        checkpoint, "is of one recipe, and there are \(items.count): choose it with --recipe")
    }
    let item = items[0]
    let started = try item.folder.startedWith().identity
    let identity = try Checkpoint(contentsOf: checkpoint).identity
    guard [started, item.plan.identity].contains(where: { identity == $0 || identity.hasPrefix($0 + " ") }) else {
      throw RunStoreError(checkpoint, "is no state of the run in \(item.folder.root.relativePath)")
    }
    var result = ArmResult(name: item.plan.name, identity: identity, epochs: 0, steps: 0, finalLoss: .nan)
    result = try measure(item, result, checkpoint, runner, console)
    item.folder.removeTunings()
    console.out(ScoreTable([result]).text)
    return .success
  }

  private func measure(
    _ item: RunItem, _ result: ArmResult, _ checkpoint: URL, _ runner: Runner, _ console: Console
  ) throws -> ArmResult {
    let arm = ArmRunner(
      plan: item.plan, folder: item.folder, label: item.plan.name, progress: ProgressLine(console),
      shouldStop: runner.shouldStop)
    var result = result
    do {
      try arm.measure(try Checkpoint(contentsOf: checkpoint).makeModel(), into: &result)
    } catch let stopped as ArmRunner.Stopped {
      throw stopped
    } catch {
      throw LateFailure(error, item.plan)
    }
    arm.progress.end()
    return result
  }

  /// Makes the folder one of the recipe as it is now. May be done again after it was broken off at any point.
  private func adopt(_ item: RunItem, _ measured: ArmResult) throws {
    let (folder, plan) = (item.folder, item.plan)
    let before = try folder.startedWith().identity
    var result = measured
    result.identity = plan.identity
    for url in before == plan.identity ? [] : folder.checkpointFiles + folder.stageFiles {
      guard var state = try? Checkpoint(contentsOf: url), state.identity.hasPrefix(before) else { continue }
      state.identity = plan.identity + state.identity.dropFirst(before.count)
      try state.write(to: url)
    }
    if let last = MetricsLog.read(folder.metrics).last(where: { $0.kind == "epoch" }), let scores = result.scores {
      try MetricsLog.removeLines(folder.metrics) { $0.kind == "probe" && $0.step >= last.step }
      let log = try MetricsLog(folder.metrics, keepingUpTo: .max)
      try log.append(
        Recorder.record(scores, Moment(epoch: last.epoch, step: last.step, batchesPerEpoch: plan.clock.stepsPerEpoch)))
      try log.sync()
    }
    try folder.create(name: plan.name, canonical: plan.recipe.canonicalText, identity: plan.identity)
    try folder.write(result)
  }
}
