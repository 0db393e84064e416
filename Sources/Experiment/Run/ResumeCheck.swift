import RecipeLanguage

/// Whether an arm's folder, which is there already, may be gone on with.
struct ResumeCheck {
  let plan: ArmPlan
  let folder: ArmFolder
  let library: ImageLibrary

  /// It may not: with the fields that differ.
  struct Refusal: Error {
    let diagnostic: Diagnostic
  }

  /// What has to be done first, if `length` has grown; nil where the folder is of the same recipe.
  /// Throws ``Refusal``, and ``RunStoreError`` where the folder's recipe cannot be read.
  func lengthening() throws -> Lengthening? {
    let started = try folder.startedWith()
    guard started.identity != plan.identity else { return nil }
    guard let old = started.resolved().recipe else {
      throw refusal([], ["its recipe cannot be read by this version: \(started.url.relativePath)"])
    }
    let changes = RecipeComparison(old, plan.recipe).changes
    guard !changes.isEmpty else {
      throw refusal([], ["no field differs, but the version that wrote it named the same recipe otherwise"])
    }
    guard changes.map(\.path) == ["length"] else { throw refusal(changes, []) }
    guard let lengthening = Lengthening(folder, plan, started: old, library: library) else {
      throw refusal(
        changes,
        [
          plan.divide == nil
            ? "a run may grow, but not become shorter than it was started as"
            : "a run of `dnc` does not grow: its stages are shares of its length"
        ])
    }
    let contradictions = try lengthening.contradictions()
    guard contradictions.isEmpty else {
      throw refusal(
        changes, ["`length` may grow only if no schedule's past changes:"] + contradictions.map(\.text))
    }
    return lengthening
  }

  /// Refuses a folder that was trained by another recipe; how it was measured does not matter.
  func checkTraining() throws {
    let started = try folder.startedWith()
    guard started.identity != plan.identity else { return }
    guard let old = started.resolved().recipe else {
      throw refusal([], ["its recipe cannot be read by this version: \(started.url.relativePath)"])
    }
    let changes = RecipeComparison(old, plan.recipe).changes.filter {
      $0.path != "evaluate" && !$0.path.hasPrefix("evaluate.")
    }
    guard changes.isEmpty else { throw refusal(changes, ["only `evaluate` may differ from what it was trained with"]) }
  }

  /// Refuses a folder whose images have changed since it was started. False where the folder does not say what they were.
  func checkImages(_ images: ImageRecord, in run: RunFolder) throws -> Bool {
    guard let started = try ImageRecord.read(folder, in: run) else { return false }
    let changes = images.changes(since: started)
    guard !changes.isEmpty else { return true }
    throw Refusal(
      diagnostic: Diagnostic(
        PlanCode.otherImages, "`\(folder.root.relativePath)` was started with other images",
        at: plan.recipe.record.record("data").span(of: "source"), label: "changed since", notes: changes,
        help: "put the images back as they were, or choose another --out"))
  }

  private func refusal(_ changes: [RecipeComparison.Change], _ notes: [String]) -> Refusal {
    let most = 20
    let more = changes.count > most ? ["… and \(changes.count - most) more"] : []
    let span = changes.lazy.compactMap(\.new.provenance.span).first ?? plan.recipe.span
    return Refusal(
      diagnostic: Diagnostic(
        PlanCode.otherRecipe, "`\(folder.root.relativePath)` was started with another recipe `\(plan.name)`", at: span,
        label: changes.isEmpty ? "" : "changed since", notes: changes.prefix(most).map(\.text) + more + notes,
        help: "go on with the recipe it was started with, or choose another --out"))
  }
}
