import Foundation
import RecipeLanguage
import TensorFiles
import Training

/// Going on with a run whose `length` has grown: allowed where the longer recipe would have come to the same state.
struct Lengthening {
  let folder: ArmFolder
  /// The longer one.
  let plan: ArmPlan
  /// As the folder was started.
  let before: ArmPlan

  /// A schedule whose past would be another.
  struct Contradiction {
    let path: String
    let epoch: Double
    let old: Double
    let new: Double

    var text: String {
      "\(path) would have been \(new) instead of \(old) at epoch \(PlanText.number(epoch)), which is past"
    }
  }

  /// - Parameter started: the recipe the folder was started with; it differs from the plan's in `length` alone.
  /// Nil where the length has not grown, or makes no plan.
  init?(_ folder: ArmFolder, _ plan: ArmPlan, started: ResolvedRecipe, library: ImageLibrary) {
    guard let length = started.record["length"] else { return nil }
    // The folder's copy has other places for relative paths; with its length the plan's own recipe is the same.
    var planner = ArmPlanner(plan.recipe.replacing("length", by: length), library: library)
    guard let before = planner.plan(), before.epochs < plan.epochs, plan.divide == nil else { return nil }
    self.folder = folder
    self.plan = plan
    self.before = before
  }

  /// The first difference of each schedule in what was read up to the checkpoint.
  func contradictions() throws -> [Contradiction] {
    guard folder.hasCheckpoint else { return [] }
    let past: Moment
    do { past = try Checkpoint(contentsOf: folder.lastCheckpoint).moment } catch let error as TensorFileError {
      throw DamagedCheckpoint(path: error.path, detail: error.detail)
    }
    return zip(before.schedules, plan.schedules).compactMap { old, new in
      for time in times(of: old, until: past) {
        let (a, b) = (old.schedule.value(at: time), new.schedule.value(at: time))
        if a.bitPattern != b.bitPattern { return Contradiction(path: old.path, epoch: time, old: a, new: b) }
      }
      return nil
    }
  }

  /// When a schedule was read: at an epoch's start, at its end, or at each step's end.
  private func times(of schedule: PlannedSchedule, until past: Moment) -> [Double] {
    let begun = past.epoch + (past.batch > 0 ? 1 : 0)
    let epochs = (min(schedule.start, begun)..<begun).map { Moment(epoch: $0, batchesPerEpoch: past.batchesPerEpoch) }
    switch schedule.reading {
    case .epochStart: return epochs.map(\.epochStart)
    case .epochEnd: return epochs.map(\.epochEnd)
    case .stepEnd:
      return epochs.flatMap { epoch in
        (0..<(epoch.epoch == past.epoch ? past.batch : past.batchesPerEpoch)).map { batch in
          Moment(epoch: epoch.epoch, batch: batch, batchesPerEpoch: past.batchesPerEpoch).stepEnd
        }
      }
    }
  }

  /// Makes the folder one of the longer run. May be done again after it was broken off at any point.
  func apply() throws {
    for url in [folder.result, folder.embedding] { try? FileManager.default.removeItem(at: url) }
    try MetricsLog.removeLines(folder.metrics) { $0.kind == "probe" && !isMeasured(afterEpoch: $0.epoch) }
    for url in folder.checkpointFiles {
      var state = try Checkpoint(contentsOf: url)
      state.identity = plan.identity
      try state.write(to: url)
    }
    try folder.create(name: plan.name, canonical: plan.recipe.canonicalText, identity: plan.identity)
  }

  /// Whether the longer run measures here; the shorter one measured at its end as well.
  private func isMeasured(afterEpoch epoch: Int) -> Bool {
    guard let every = plan.evaluation?.every else { return false }
    return epoch % every == 0
  }
}
