import Evaluation
import Foundation
import RecipeLanguage

/// Gathers what the report shows from the run's folder.
struct ReportBuilder {
  let title: String
  let items: [RunItem]
  /// Arms that were there and are none of these.
  let others: [(result: ArmResult, folder: ArmFolder)]
  /// What the file's tasks made.
  let tables: [PivotTable]
  let folder: RunFolder

  func report() throws -> Report {
    var blocks = try [recipes].compactMap { $0 } + sweeps()
    for table in tables { Self.place(table, in: &blocks) }
    return Report(
      title: title, subtitle: subtitle, blocks: blocks, remarks: Self.remarks(blocks) + warnings,
      notes: ["Written by Harmonia \(HarmoniaVersion.text). The numbers are what these runs measured."])
  }

  private var single: [RunItem] { items.filter { $0.sweep == nil } }

  private var subtitle: String {
    let documented = single.map(\.plan.recipe).filter { !$0.doc.isEmpty }
    return documented.map { "\($0.name): \($0.doc)" }.joined(separator: " · ")
  }

  /// What was left out of the images and what could not be measured: said once where it holds for all runs, else with the runs
  /// that it holds for.
  private static func remarks(_ blocks: [Report.Block]) -> [String] {
    let all = blocks.flatMap(\.arms).compactMap(\.result)
    return all.flatMap(\.remarks.lines).uniqued().map { line in
      let places = blocks.enumerated().compactMap { number, block -> String? in
        let concerned = block.arms.indices.filter { block.arms[$0].result?.remarks.lines.contains(line) == true }
        return concerned.isEmpty ? nil : BlockLayout(block, number: number).naming(concerned)
      }
      return all.allSatisfy { $0.remarks.lines.contains(line) } ? line : "\(places.joined(separator: "; ")): \(line)"
    }
  }

  /// What the logs warn of, with the runs' names.
  private var warnings: [String] {
    let folders = items.map { ($0.plan.name, $0.folder) } + others.map { ($0.result.name, $0.folder) }
    return folders.flatMap { name, folder in
      MetricsLog.read(folder.metrics).filter { $0.kind == "warning" }.compactMap(\.text).map { "\(name): \($0)" }
    }
  }

  // MARK: Blocks

  /// Recipes side by side, with those of earlier runs in this folder; nil for none.
  private var recipes: Report.Block? {
    get throws {
      guard !single.isEmpty || !others.isEmpty else { return nil }
      let (settings, common) = Self.settings(single)
      let planned = try zip(single, settings).map { try arm($0, values: [], settings: $1) }
      let found = others.map { arm($0.result, $0.folder, name: $0.result.name, values: [], rule: rule, settings: []) }
      return withMaps(Report.Block(recipes: planned + found, settings: common))
    }
  }

  /// A block for each sweep; sweeps of the same axes are one, in which they differ on the axis `recipe`.
  private func sweeps() throws -> [Report.Block] {
    let all = items.compactMap(\.sweep).reduce(into: [ResolvedSweep]()) { found, sweep in
      if !found.contains(where: { $0.name == sweep.name }) { found.append(sweep) }
    }
    func axes(_ sweep: ResolvedSweep) -> [Report.Axis] {
      sweep.axes.map { Report.Axis($0.name, $0.values.map(\.canonicalText)) }
    }
    return try all.map(axes).uniqued().map { axes in
      let sweeps = all.filter { sweep in axes == sweep.axes.map { Report.Axis($0.name, $0.values.map(\.canonicalText)) } }
      let own = items.filter { item in sweeps.contains { $0.name == item.sweep?.name } }
      let (settings, common) = Self.settings(own)
      let isMerged = sweeps.count > 1
      let positions = axes.map { axis in
        Dictionary(zip(axis.values, axis.values.indices), uniquingKeysWith: { first, _ in first })
      }
      let arms = try zip(own, settings).map { item, settings in
        var values = zip(item.axes, positions).map { $1[$0.value.canonicalText] ?? 0 }
        if isMerged { values.append(sweeps.firstIndex { $0.name == item.sweep?.name } ?? 0) }
        return try arm(item, values: values, settings: settings)
      }
      let documented = sweeps.filter { !$0.doc.isEmpty }
      return withMaps(
        Report.Block(
          name: sweeps.map(\.name).joined(separator: " + "),
          doc: documented.map { isMerged ? "\($0.name): \($0.doc)" : $0.doc }.joined(separator: " · "),
          axes: axes + (isMerged ? [Report.Axis("recipe", sweeps.map(\.name))] : []), arms: arms,
          skipped: sweeps.reduce(0) { $0 + $1.skipped }, settings: common))
    }
  }

  /// The embeddings of those that are drawn.
  private func withMaps(_ block: Report.Block) -> Report.Block {
    let choice = PictureChoice(BlockLayout(block))
    var block = block
    for position in choice.shown + choice.folded {
      let place = block.arms[position].place
      let root = place.hasPrefix("/") ? URL(filePath: place) : folder.root.appending(path: place)
      block.arms[position].map = EmbeddingMap.read(ArmFolder(root).embedding)
    }
    return block
  }

  /// Puts a table into the first block that has its axes and values, else into the first.
  private static func place(_ made: PivotTable, in blocks: inout [Report.Block]) {
    let table = made.forReport
    guard !blocks.isEmpty, table.lines.contains(where: { $0.cells.contains { !$0.samples.isEmpty } }) else { return }
    let place = blocks.firstIndex { block in
      func has(_ axis: String, _ value: String?) -> Bool {
        block.axes.contains { $0.name == axis && (value.map($0.values.contains) ?? true) }
      }
      return zip(table.rows, table.lines[0].labels).allSatisfy { has($0, $1) }
        && (table.columnAxis.map { has($0, table.columns.first) } ?? true)
    }
    blocks[place ?? 0].tables.append(table)
  }

  // MARK: Runs

  private func arm(_ item: RunItem, values: [Int], settings: [Report.Setting]) throws -> Report.Arm {
    var arm = arm(
      try item.finishedResult(), item.folder, name: item.plan.name, values: values, rule: item.plan.evaluation?.groups,
      settings: settings)
    if arm.result == nil { arm.state = item.folder.failure.map { .failed($0.message) } ?? .open }
    return arm
  }

  private func arm(
    _ result: ArmResult?, _ armFolder: ArmFolder, name: String, values: [Int], rule: GroupAccuracy.Rule?,
    settings: [Report.Setting]
  ) -> Report.Arm {
    // A line a step is most of a log and is not shown.
    let records = MetricsLog.read(armFolder.metrics, leavingOut: "step")
    func curve(_ name: String, _ key: String, kind: String) -> Report.Curve? {
      let points = records.filter { $0.kind == kind }.compactMap { record in
        record.values[key].map { Report.Point(Double(record.epoch), $0) }
      }
      return points.isEmpty ? nil : Report.Curve(name, points)
    }
    let curves = [
      curve("probe average", "average", kind: "probe"), curve("contrastive", "contrastive", kind: "epoch"),
      curve("harmonization", "gh", kind: "epoch"), curve("rate", "rate", kind: "epoch"),
    ].compactMap { $0 }
    let priors = records.filter { $0.kind == "prior" }
      .map { Report.Prior(epoch: Double($0.epoch), shares: $0.lists["shares"] ?? []) }
    return Report.Arm(
      name: name, values: values, result: result,
      groups: result?.classCounts.flatMap { counts in
        rule.flatMap { try? GroupAccuracy.groups(classCounts: counts, rule: $0) }
      },
      loss: curve("loss", "loss", kind: "epoch")?.points ?? [], curves: curves,
      priors: priors.count > 2 ? [priors[0], priors[priors.count - 1]] : priors, settings: settings,
      place: folder.place(of: armFolder))
  }

  private var rule: GroupAccuracy.Rule? { items.lazy.compactMap(\.plan.evaluation).first?.groups }

  // MARK: Settings

  /// Settings as `optimizer.lr` and its value, one a leaf of the recipe: those that each run has for itself, and those that
  /// all have alike.
  private static func settings(_ items: [RunItem]) -> (own: [[Report.Setting]], common: [Report.Setting]) {
    let all = items.map { item in
      item.plan.recipe.leaves.filter { $0.path != "base" && $0.text != "none" }.map { Report.Setting($0.path, $0.text) }
    }
    guard let first = all.first else { return ([], []) }
    let common = all.dropFirst().reduce(Set(first)) { $0.intersection($1) }
    return (all.map { $0.filter { !common.contains($0) } }, first.filter(common.contains))
  }
}
