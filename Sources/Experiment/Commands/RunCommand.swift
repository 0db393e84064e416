import Foundation
import Kernels
import RecipeLanguage
import TensorFiles
import Training
import VisibleText

/// `harmonia run FILE`: checks everything, trains what is missing, compares.
public struct RunCommand: Sendable {
  public var recipe: RecipeRequest
  public var out: String?
  public var resume: Bool
  /// Whether cells of sweeps that failed by their own numbers are tried again.
  public var retryFailed: Bool
  public var threads: Int?
  /// Asked between two steps; by default whether a signal has come.
  package var shouldStop: (@Sendable () -> Bool)?

  public init(
    recipe: RecipeRequest, out: String? = nil, resume: Bool = false, retryFailed: Bool = false,
    threads: Int? = nil
  ) {
    self.retryFailed = retryFailed
    self.recipe = recipe
    self.out = out
    self.resume = resume
    self.threads = threads
  }

  public func run(_ console: Console) -> ExitStatus {
    guard MemoryLimit.admitsComputing(console, threads: threads) else { return .failedRun }
    guard let program = recipe.load(console) else { return .badRecipe }
    guard RecipeTests(program).run(console) == 0 else { return .failedCheck }
    guard let recipes = recipe.selection(of: program, console) else { return .badRecipe }
    let slips = RecipeTasks(program).rehearse()
    DiagnosticPrinter().print(slips, to: console)
    guard !slips.hasErrors else { return .badRecipe }
    guard !recipes.isEmpty || !program.tasks.isEmpty else {
      console.out("\(recipe.file.visibleLine): \(program.tests.count) tests passed; there is no recipe to run")
      return .success
    }
    let planner = Planner(recipes)
    guard let arms = planner.plan(console) else { return .badRecipe }
    do {
      let hasSweep = program.sweeps.contains { sweep in arms.contains { sweep.has($0.name) } }
      let folder = try self.folder(console, goesOn: resume || hasSweep)
      guard let (costs, _) = planner.costs(arms, runs: folder.root, console) else { return .badRecipe }
      announce(zip(arms, costs).map { PlanText(arm: $0, cost: $1) }, program, folder, console)
      var runner = Runner(
        title: recipe.stem, program: program, arms: arms, folder: folder, resumes: resume, retriesFailed: retryFailed,
        console: console)
      if let shouldStop { runner.shouldStop = shouldStop }
      // A reader that goes away (`| head`) ends no training.
      signal(SIGPIPE, SIG_IGN)
      return try runner.run()
    } catch {
      return stopped(by: error, console)
    }
  }

  /// How many runs there will be, and what they cost, before the first one.
  private func announce(_ plans: [PlanText], _ program: Program, _ folder: RunFolder, _ console: Console) {
    for sweep in program.sweeps where plans.contains(where: { sweep.has($0.arm.name) }) {
      let skipped = sweep.skipped > 0 ? ", \(sweep.skipped) skipped" : ""
      console.err("sweep \(sweep.name): \(sweep.cells.count) cells\(skipped)")
    }
    let there = Set(folder.everything.filter { (try? $0.finishedResult()) != nil }.compactMap { try? $0.startedWith().identity })
    let missing = plans.filter { !there.contains($0.arm.identity) }
    let done = plans.count - missing.count
    console.err((done > 0 ? "\(done) done before, " : "") + PlanTotal(missing).text)
  }

  /// The folder asked for, or the next of `runs/STEM`, `runs/STEM-2`, …; the last one where a run goes on.
  private func folder(_ console: Console, goesOn: Bool) throws -> RunFolder {
    if let out { return RunFolder(URL(filePath: out)) }
    let parent = URL(filePath: "runs")
    if goesOn, let folder = RunFolder.latest(recipe.stem, under: parent) {
      console.err("run folder: \(folder.root.relativePath.visibleLine), which is there already")
      return folder
    }
    if resume {
      throw RunStoreError(parent.appending(path: recipe.stem), "there is no run to go on with; leave --resume out")
    }
    let folder = RunFolder.fresh(recipe.stem, under: parent)
    console.err("run folder: \(folder.root.relativePath.visibleLine)")
    return folder
  }

  /// What stopped a run, with the recipe's line where one configured it.
  private func stopped(by error: any Error, _ console: Console) -> ExitStatus {
    if let refusal = error as? ResumeCheck.Refusal {
      DiagnosticPrinter().print([refusal.diagnostic], to: console)
    } else if let failure = error as? LateFailure {
      DiagnosticPrinter().print([failure.diagnostic], to: console)
    } else {
      console.err("error: \("\(error)".visibleLine)")
      if let shortage = Shortage(error) { console.err("help: \(shortage.remedy), then go on with --resume") }
    }
    return .failedRun
  }
}
