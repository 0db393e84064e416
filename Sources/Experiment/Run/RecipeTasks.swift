import RecipeLanguage

/// The `task` blocks of a file: what is done with the results when they are there.
struct RecipeTasks {
  let program: Program
  /// What the tasks' tables are put on.
  let shelf = TableShelf()

  init(_ program: Program) { self.program = program }

  /// Tries all tasks on results without numbers: a misspelt axis or score is found before hours of training, not after.
  /// Nothing is written or printed, and what depends on numbers is not judged.
  func rehearse() -> [Diagnostic] {
    program.tasks.flatMap { task in
      let needed = task.needs.map { ($0, RecipeCatalogue.value(results(of: $0, [], folder: nil))) }
      let outcome = program.run(
        task, results: Dictionary(needed, uniquingKeysWith: { first, _ in first }), granting: [.compute, .read, .output])
      return outcome.diagnostics.filter { $0.code == PlanCode.table }
    }
  }

  /// Runs each task whose needs are done, those that others need first. Returns whether all that ran have passed.
  ///
  /// - Parameter items: the arms of the run.
  func run(_ items: [RunItem], in folder: RunFolder, _ console: Console) throws -> Bool {
    var passed = true
    var done: Set<String> = []
    for task in ordered {
      let needed = task.needs.map { results(of: $0, items, folder: folder) }
      let missing = zip(task.needs, needed).filter { name, results in
        isTask(name) ? !done.contains(name) : results.entries.allSatisfy { $0.result == nil }
      }
      guard missing.isEmpty else {
        let names = missing.map { "`\($0.0)`" }.joined(separator: ", ")
        console.err("note: task `\(task.name)` waits for \(names)")
        continue
      }
      for results in needed where results.entries.contains(where: { $0.result == nil }) {
        let there = results.entries.count { $0.result != nil }
        console.err("note: task `\(task.name)` sees \(there) of \(results.entries.count) runs of `\(results.name)`")
      }
      let values = Dictionary(
        zip(task.needs, needed.map(RecipeCatalogue.value)), uniquingKeysWith: { first, _ in first })
      let outcome = program.run(task, results: values, granting: [.compute, .read, .write, .output]) { text in
        // The console ends lines itself.
        console.out(text.hasSuffix("\n") ? String(text.dropLast()) : text)
      }
      DiagnosticPrinter().print(outcome.diagnostics, to: console)
      if outcome.passed {
        done.insert(task.name)
      } else {
        passed = false
        console.out("FAIL task \(task.name) at \(task.span)")
      }
    }
    return passed
  }

  private func isTask(_ name: String) -> Bool { program.tasks.contains { $0.name == name } }

  /// Tasks after those they need; they cannot need each other in a circle.
  private var ordered: [TaskDeclaration] {
    var result: [TaskDeclaration] = []
    var seen: Set<String> = []
    func visit(_ task: TaskDeclaration) {
      guard seen.insert(task.name).inserted else { return }
      for need in program.tasks where task.needs.contains(need.name) { visit(need) }
      result.append(task)
    }
    for task in program.tasks { visit(task) }
    return result
  }

  /// The runs of a recipe or sweep, told apart by its name on the axis `recipe`; of a task none. Without a folder there are no numbers yet.
  private func results(of name: String, _ items: [RunItem], folder: RunFolder?) -> RunResults {
    func result(_ recipe: String) -> ArmResult? {
      guard let folder else { return nil }
      if let item = items.first(where: { $0.plan.name == recipe }) { return (try? item.finishedResult()) ?? nil }
      return (try? folder.arm(recipe).finishedResult()) ?? nil
    }
    guard let sweep = program.sweeps.first(where: { $0.name == name }) else {
      let entries = isTask(name) ? [] : [RunResults.Entry(recipe: name, axes: [], result: result(name))]
      return RunResults(name: name, axes: [], entries: entries, folder: folder?.root, shelf: shelf)
    }
    return RunResults(
      name: name, axes: sweep.axes.map(\.name),
      entries: sweep.cells.map { RunResults.Entry(recipe: sweep.name, axes: $0.axes, result: result($0.recipe.name)) },
      folder: folder?.root, shelf: shelf)
  }
}
