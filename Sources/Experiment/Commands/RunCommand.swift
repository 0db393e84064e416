import Foundation
import Kernels
import RecipeLanguage
import TensorFiles
import Training

/// `harmonia run FILE`: checks everything, trains what is missing, compares.
public struct RunCommand: Sendable {
  public var recipe: RecipeRequest
  public var out: String?
  public var resume: Bool
  public var threads: Int?
  /// Asked between two steps; by default whether a signal has come.
  package var shouldStop: (@Sendable () -> Bool)?

  public init(recipe: RecipeRequest, out: String? = nil, resume: Bool = false, threads: Int? = nil) {
    self.recipe = recipe
    self.out = out
    self.resume = resume
    self.threads = threads
  }

  public func run(_ console: Console) -> ExitStatus {
    if let threads { Threads.count = threads }
    guard let program = recipe.load(console) else { return .badRecipe }
    guard RecipeTests(program).run(console) == 0 else { return .failedCheck }
    for task in program.tasks { console.err("note: task `\(task.name)` is checked; this version does not run tasks") }
    guard let recipes = recipe.selection(of: program, console) else { return .badRecipe }
    guard !recipes.isEmpty else {
      console.out("\(recipe.file): \(program.tests.count) tests passed; there is no recipe to run")
      return .success
    }
    let planner = Planner(recipes)
    guard let arms = planner.plan(console) else { return .badRecipe }
    do {
      let folder = try self.folder(console)
      guard let (costs, _) = planner.costs(arms, runs: folder.root, console) else { return .badRecipe }
      console.err(PlanTotal(zip(arms, costs).map { PlanText(arm: $0, cost: $1) }).text)
      var runner = Runner(title: recipe.stem, arms: arms, folder: folder, resumes: resume, console: console)
      runner.namesOfFile = program.recipes.map(\.name) + program.sweeps.flatMap { $0.cells.map(\.recipe.name) }
      if let shouldStop { runner.shouldStop = shouldStop } else { installSignals(console) }
      return try runner.run()
    } catch {
      return stopped(by: error, console)
    }
  }

  /// The folder asked for, or the next (with `--resume`: the last) of `runs/STEM`, `runs/STEM-2`, …
  private func folder(_ console: Console) throws -> RunFolder {
    if let out { return RunFolder(URL(filePath: out)) }
    let parent = URL(filePath: "runs")
    guard resume else {
      let folder = RunFolder.fresh(recipe.stem, under: parent)
      console.err("run folder: \(folder.root.relativePath)")
      return folder
    }
    guard let folder = RunFolder.latest(recipe.stem, under: parent) else {
      throw RunStoreError(parent.appending(path: recipe.stem), "there is no run to go on with; leave --resume out")
    }
    return folder
  }

  private func installSignals(_ console: Console) {
    Interruption.shared.install { signal in
      let name = signal == SIGINT ? "Ctrl-C" : "signal \(signal)"
      console.err("\n\(name): saving after this step; a second one stops at once")
    }
  }

  /// What stopped a run, with the recipe's line where one configured it.
  private func stopped(by error: any Error, _ console: Console) -> ExitStatus {
    if let refusal = error as? ResumeCheck.Refusal {
      DiagnosticPrinter().print([refusal.diagnostic], to: console)
    } else if let failure = error as? LateFailure {
      DiagnosticPrinter().print([failure.diagnostic], to: console)
    } else {
      console.err("error: \(error)")
      if [ENOSPC, EDQUOT].contains(where: { "\(error)".contains(String(cString: strerror($0))) }) {
        console.err("help: free some space, then go on with --resume")
      }
    }
    return .failedRun
  }
}
