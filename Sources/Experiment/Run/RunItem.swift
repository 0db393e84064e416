import RecipeLanguage

/// An arm with its place in a run's folder.
struct RunItem {
  let plan: ArmPlan
  let folder: ArmFolder
  /// The sweep it is a cell of, with the values of its axes.
  let sweep: ResolvedSweep?
  let axes: [(name: String, value: Value)]
  /// Whether an earlier item, or an arm that was there, has the same identity and so the same folder.
  let isShared: Bool

  /// What it came to, under its own name.
  func finishedResult() throws -> ArmResult? {
    var result = try folder.finishedResult()
    result?.name = plan.name
    return result
  }

  /// Gives each arm its folder; arms of one identity get one folder, the first's.
  static func assign(_ arms: [ArmPlan], _ sweeps: [ResolvedSweep], in folder: RunFolder) -> [RunItem] {
    var taken: [String: ArmFolder] = [:]
    for there in folder.everything {
      if let identity = try? there.startedWith().identity, taken[identity] == nil { taken[identity] = there }
    }
    let cells = Dictionary(
      sweeps.flatMap { sweep in sweep.cells.map { ($0.recipe.name, (sweep, $0)) } }, uniquingKeysWith: { first, _ in first })
    return arms.map { plan in
      let cell = cells[plan.name]
      let own =
        cell.map { folder.sweep($0.0.name).cell($0.1.axes, identity: plan.identity) } ?? folder.arm(plan.name)
      let place = own.isThere ? own : taken[plan.identity] ?? own
      taken[plan.identity] = place
      return RunItem(
        plan: plan, folder: place, sweep: cell?.0, axes: cell?.1.axes ?? [],
        isShared: place.root.standardizedFileURL != own.root.standardizedFileURL)
    }
  }
}
