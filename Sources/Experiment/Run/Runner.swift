import Foundation
import TensorFiles
import Training

/// Runs the arms of a file one after the other, then compares them.
///
/// Top to bottom: take the folder, see what is there already, run what is missing, write `result.json` and
/// `report.html`, print the table.
public struct Runner {
  public let title: String
  public let arms: [ArmPlan]
  public let folder: RunFolder
  public let resumes: Bool
  public let console: Console
  /// Names of all recipes of the file; a folder that holds none of them belongs to another file.
  package var namesOfFile: [String] = []
  /// Asked between two steps: true saves and stops.
  package var shouldStop: @Sendable () -> Bool = { Interruption.shared.isRequested }

  public init(title: String, arms: [ArmPlan], folder: RunFolder, resumes: Bool, console: Console) {
    self.title = title
    self.arms = arms
    self.folder = folder
    self.resumes = resumes
    self.console = console
  }

  /// Throws what stops a run: files, disks, numbers that are not finite.
  public func run() throws -> ExitStatus {
    try folder.create()
    let lock = try RunLock(folder: folder.root)
    defer { withExtendedLifetime(lock) {} }
    try checkWhatIsThere()

    let progress = ProgressLine(console)
    let skipped = arms.flatMap(\.images.skipped).uniqued()
    for line in skipped.prefix(5) { progress.say("left out: \(line)") }
    if !skipped.isEmpty {
      progress.say("\(skipped.count) broken image\(skipped.count == 1 ? "" : "s") left out in all")
    }
    for (number, arm) in arms.enumerated() {
      let armFolder = folder.arm(arm.name)
      if let done = try armFolder.finishedResult() {
        progress.say("\(arm.name): done before (\(done.steps) steps)")
        continue
      }
      if shouldStop() { return .interrupted }
      if !armFolder.isThere { try armFolder.create(name: arm.name, canonical: arm.recipe.canonicalText, identity: arm.identity) }
      armFolder.removePartialFiles()
      let label = arms.count > 1 ? "\(arm.name) (\(number + 1)/\(arms.count))" : arm.name
      let runner = ArmRunner(
        plan: arm, folder: armFolder, label: label, progress: progress, shouldStop: shouldStop)
      let outcome: Outcome
      do { outcome = try runner.run() } catch { throw LateFailure(error, arm) }
      guard outcome == .finished else {
        progress.say("stopped and saved; go on with --resume")
        return .interrupted
      }
    }
    try conclude()
    return .success
  }

  // MARK: What is there already

  private func checkWhatIsThere() throws {
    let there = folder.armNames
    guard !there.isEmpty else { return }
    guard resumes else {
      throw RunStoreError(
        folder.root,
        "holds a run already (\(there.joined(separator: ", "))); go on with --resume, or choose another --out")
    }
    let known = Set((arms.map(\.name) + namesOfFile).map { folder.arm($0).root.lastPathComponent })
    guard !known.isDisjoint(with: there) else {
      throw RunStoreError(
        folder.root,
        "holds a run of other recipes (\(there.joined(separator: ", "))), none of which is in this file; "
          + "go on with the file it was started with, or choose another --out")
    }
    let library = ImageLibrary()
    let lengthened = try arms.filter { folder.arm($0.name).isThere }.compactMap {
      try ResumeCheck(plan: $0, folder: folder.arm($0.name), library: library).lengthening()
    }
    // Only when all may go on is any of them touched.
    for one in lengthened {
      try one.apply()
      console.err("\(one.plan.name): lengthened from \(one.before.epochs) to \(one.plan.epochs) epochs")
    }
  }

  // MARK: Conclusion

  private func conclude() throws {
    let planned = arms.map { folder.arm($0.name).root.lastPathComponent }
    let names = planned + folder.armNames.filter { !planned.contains($0) }
    let results = try names.compactMap { try folder.arm($0).finishedResult() }
    try AtomicFile.write(RunResult(arms: results).json.document, to: folder.result)
    let report = ReportBuilder(title: title, folder: folder, arms: arms, results: results).report()
    try AtomicFile.write(report.html, to: folder.report)
    console.out(ScoreTable(results).text)
    console.out("")
    console.out("results: \(folder.result.relativePath)")
    console.out("report:  \(folder.report.relativePath)")
  }
}
