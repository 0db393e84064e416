import Foundation
import RecipeLanguage
import TensorFiles
import Training
import VisibleText

/// Runs the arms of a file one after the other, then compares them.
///
/// Top to bottom: take the folder, see what is there already, run what is missing, write `result.json`, `report.html`
/// and the tables, print them, run the file's tasks.
struct Runner {
  let title: String
  let program: Program
  let arms: [ArmPlan]
  let folder: RunFolder
  /// Whether a run that is there is gone on with; one with sweeps always is.
  let resumes: Bool
  /// Whether cells that failed by their own numbers are tried again.
  var retriesFailed = false
  let console: Console
  /// What the images are.
  let records = ImageRecords()
  /// Asked between two steps: true saves and stops.
  var shouldStop: @Sendable () -> Bool = { Interruption.shared.isRequested }

  /// Throws what stops a run: ``LateFailure``, ``ResumeCheck/Refusal``, files. What stops a cell of a sweep is recorded,
  /// and the others go on.
  func run() throws -> ExitStatus {
    try folder.create()
    let lock = try RunLock(folder: folder.root)
    defer { withExtendedLifetime(lock) {} }
    try checkWhoseFolder()
    folder.removePartialFiles()
    let items = RunItem.assign(arms, sweeps, in: folder)
    try checkWhatIsThere(items)
    // From here on what is begun can be gone on with, whenever it is stopped.
    return try Interruption.shared.during(.saved) { try runAll(items) }
  }

  private func runAll(_ items: [RunItem]) throws -> ExitStatus {
    try writeIndexes(items)
    let progress = ProgressLine(console)
    for line in arms.flatMap(\.remarks.lines).uniqued() { progress.say(line) }
    for (number, item) in items.enumerated() {
      if shouldStop() { return stopped(progress) }
      let label = items.count > 1 ? "\(item.plan.name) (\(number + 1)/\(items.count))" : item.plan.name
      guard try isDue(item, progress) else { continue }
      defer { trimBuffers() }
      let outcome = try train(item, label, progress)
      try writeIndexes(items)
      if outcome == .interrupted { return stopped(progress) }
    }
    return try conclude(items)
  }

  private func stopped(_ progress: ProgressLine) -> ExitStatus {
    progress.say("stopped and saved; go on with \(sweeps.isEmpty ? "--resume" : "the same command")")
    return .interrupted
  }

  var sweeps: [ResolvedSweep] {
    let names = Set(arms.map(\.name))
    return program.sweeps.filter { $0.cells.contains { names.contains($0.recipe.name) } }
  }

  private func writeIndexes(_ items: [RunItem]) throws {
    for sweep in sweeps {
      try SweepIndex(sweep: sweep, items: items.filter { $0.sweep?.name == sweep.name }, run: folder).write()
    }
  }

  // MARK: One arm

  /// Says what is done, or has failed and is left alone.
  private func isDue(_ item: RunItem, _ progress: ProgressLine) throws -> Bool {
    if let done = try item.finishedResult() {
      let same = item.isShared ? ", the same as \(item.folder.root.lastPathComponent)" : ""
      // A process may have been killed between the result and this.
      item.folder.removeTunings()
      progress.say("\(item.plan.name): done before (\(done.steps) steps\(same))")
      return false
    }
    guard let failure = item.folder.failure else { return true }
    if item.sweep != nil, failure.isOfTheRecipe, !retriesFailed {
      progress.say("\(item.plan.name): failed before: \(failure.message); --retry-failed tries it again")
      return false
    }
    item.folder.forgetFailure()
    return true
  }

  /// Nil where a cell failed.
  private func train(_ item: RunItem, _ label: String, _ progress: ProgressLine) throws -> Training.Outcome? {
    let plan = item.plan
    do {
      if !item.folder.isThere {
        try records[plan].write(to: item.folder, in: folder)
        try item.folder.create(name: plan.name, canonical: plan.recipe.canonicalText, identity: plan.identity)
      }
      item.folder.removePartialFiles()
      return try ArmRunner(
        plan: plan, folder: item.folder, label: label, progress: progress, shouldStop: shouldStop
      ).run()
    } catch {
      progress.end()
      let failure = LateFailure(error, plan)
      let step = MetricsLog.read(item.folder.metrics).last?.step ?? 0
      // On a full disk this is lost as well; the diagnostic is what counts.
      try? item.folder.write(
        RunFailure(
          code: failure.diagnostic.code.id, message: failure.summary, step: step, isOfTheRecipe: failure.isOfTheRecipe))
      guard item.sweep != nil, !failure.concernsAll else { throw failure }
      DiagnosticPrinter().print([failure.diagnostic], to: console)
      progress.say("\(label): failed; the other cells go on")
      return nil
    }
  }

  // MARK: What is there already

  private func checkWhoseFolder() throws {
    let there = folder.armNames + folder.sweeps.map(\.root.lastPathComponent)
    guard !there.isEmpty else { return }
    guard resumes || !sweeps.isEmpty else {
      throw RunStoreError(
        folder.root,
        "holds a run already (\(there.joined(separator: ", "))); go on with --resume, or choose another --out")
    }
    let known = Set((program.recipes.map(\.name) + program.sweeps.map(\.name)).map(RunFolder.safe(_:)))
    guard !known.isDisjoint(with: there) else {
      throw RunStoreError(
        folder.root,
        "holds a run of other recipes (\(there.joined(separator: ", "))), none of which is in this file; "
          + "go on with the file it was started with, or choose another --out")
    }
  }

  private func checkWhatIsThere(_ items: [RunItem]) throws {
    let library = ImageLibrary()
    var unknown: [RunItem] = []
    let lengthened = try items.filter(\.folder.isThere).compactMap { item in
      let check = ResumeCheck(plan: item.plan, folder: item.folder, library: library)
      let lengthening = try check.lengthening()
      if try !check.checkImages(records[item.plan], in: folder) { unknown.append(item) }
      return lengthening
    }
    try checkOthers(items)
    for item in unknown {
      sayUnknown(item)
      try records[item.plan].write(to: item.folder, in: folder)
    }
    // Only when all may go on is any of them touched.
    for one in lengthened {
      Interruption.shared.begin(.training)
      defer { Interruption.shared.begin(.nothingToSave) }
      try one.apply()
      console.err("\(one.plan.name): lengthened from \(one.before.epochs) to \(one.plan.epochs) epochs")
    }
  }

  func sayUnknown(_ item: RunItem) {
    console.err(
      "note: `\(item.folder.root.relativePath)` does not say what its images were; they are taken to be those of now"
        .visibleLine)
  }

  /// Arms that are not asked for stand in the same tables, so those that name the same images must have had the same.
  func checkOthers(_ items: [RunItem]) throws {
    for other in try others(than: items) {
      guard let recipe = try? other.folder.startedWith().resolved().recipe,
        let like = items.first(where: { ImageRecords.key($0.plan.recipe) == ImageRecords.key(recipe) })
      else { continue }
      let check = ResumeCheck(plan: like.plan, folder: other.folder, library: ImageLibrary())
      _ = try check.checkImages(records[like.plan], in: folder)
    }
  }

  /// Arms of the folder that are done and not among these.
  private func others(than items: [RunItem]) throws -> [(result: ArmResult, folder: ArmFolder)] {
    let planned = Set(items.map { $0.folder.root.lastPathComponent })
    return try folder.arms.filter { !planned.contains($0.root.lastPathComponent) }.compactMap { other in
      try other.finishedResult().map { (result: $0, folder: other) }
    }
  }

  // MARK: Conclusion

  /// Writes and prints what compares the arms, and runs the tasks.
  func conclude(_ items: [RunItem]) throws -> ExitStatus {
    let finished = try items.compactMap { item in try item.finishedResult().map { (result: $0, folder: item.folder) } }
    let others = try others(than: items)
    let results = (finished + others).map(\.result)
    // Tasks alone leave nothing to compare.
    guard !items.isEmpty else { return try RecipeTasks(program).run(items, in: folder, console) ? .success : .failedCheck }
    try AtomicFile.write(RunResult(arms: results).json.document, to: folder.result)
    if !results.isEmpty { console.out(ScoreTable(results).text + "\n") }
    for sweep in sweeps { try writeTable(sweep, items) }
    func writeReport(_ tables: [PivotTable]) throws {
      let report = try ReportBuilder(title: title, items: items, others: others, tables: tables, folder: folder).report()
      try AtomicFile.write(report.html, to: folder.report)
    }
    // Before the tasks, so that one which is stopped or fails leaves a page; and again with the tables that they made.
    try writeReport([])
    let tasks = RecipeTasks(program)
    let passed = try tasks.run(items, in: folder, console)
    if !tasks.shelf.tables.isEmpty { try writeReport(tasks.shelf.tables) }
    console.out("results: \(folder.result.relativePath.visibleLine)")
    console.out("report:  \(folder.report.relativePath.visibleLine)")
    let failed = items.filter { $0.folder.failure != nil }
    for item in failed { console.err("failed: \(item.plan.name): \(item.folder.failure?.message ?? "")".visibleLine) }
    return failed.isEmpty ? passed ? .success : .failedCheck : .failedRun
  }

  private func writeTable(_ sweep: ResolvedSweep, _ items: [RunItem]) throws {
    let place = folder.sweep(sweep.name)
    let entries = try items.filter { $0.sweep?.name == sweep.name }.map {
      RunResults.Entry(recipe: $0.plan.name, axes: $0.axes, result: try $0.finishedResult())
    }
    let results = RunResults(name: sweep.name, axes: sweep.axes.map(\.name), entries: entries, folder: place.root)
    let tables = try PivotTable.all(of: results)
    console.out(tables.map(\.text).joined(separator: "\n\n"))
    try AtomicFile.write(tables.map(\.markdown).joined(separator: "\n"), to: place.markdown)
    try AtomicFile.write(tables[0].csv, to: place.csv)
    console.out("table:   \(place.markdown.relativePath.visibleLine), \(place.csv.relativePath.visibleLine)\n")
  }
}
