import RecipeLanguage
import VisibleText

/// A sweep's plan: its first cell in full, then a line a cell.
struct SweepPlanText {
  let sweep: ResolvedSweep
  let cells: [PlanText]

  init(_ sweep: ResolvedSweep, _ cells: [PlanText]) {
    self.sweep = sweep
    self.cells = cells
  }

  var text: String {
    let skipped = sweep.skipped > 0 ? ", \(sweep.skipped) skipped" : ""
    var lines = [
      "sweep \(sweep.name)   \(sweep.doc.visibleLine)",
      "  \(sweep.cells.count) cells of "
        + sweep.axes.map { "\($0.name) (\($0.values.count))" }.joined(separator: " × ") + skipped, "",
    ]
    if let first = cells.first { lines += [first.text, ""] }
    let axes = Dictionary(sweep.cells.map { ($0.recipe.name, $0.axes) }, uniquingKeysWith: { first, _ in first })
    let rows = cells.map { cell in
      (axes[cell.arm.name] ?? []).map(\.value.canonicalText) + [
        String(cell.arm.identity.prefix(8)), "\(cell.arm.steps)", ProgressReport.clock(cell.cost.seconds),
      ]
    }
    lines += others
    lines.append(ScoreTable.aligned([sweep.axes.map(\.name) + ["identity", "steps", "time"]] + rows))
    return lines.joined(separator: "\n")
  }
}

extension SweepPlanText {
  /// What has to be known of the images of further cells.
  private var others: [String] {
    let known = cells.first?.arm.remarks.lines ?? []
    let lines = cells.map(\.arm.remarks.lines)
    let further = lines.flatMap { $0 }.uniqued().filter { !known.contains($0) }
    let text = further.map { line in "  in \(lines.count { $0.contains(line) }) of \(cells.count) cells: \(line)" }
    return text.isEmpty ? [] : text + [""]
  }
}

extension ResolvedSweep {
  /// Whether an arm of this name is one of its cells.
  func has(_ name: String) -> Bool { cells.contains { $0.recipe.name == name } }

  var planJSON: JSONValue {
    .object([
      "name": .string(name), "doc": .string(doc), "base": .string(base), "cells": .strings(cells.map(\.recipe.name)),
      "skipped": .int(skipped),
      "axes": .array(
        axes.map { .object(["name": .string($0.name), "values": .strings($0.values.map(\.canonicalText))]) }),
    ])
  }
}
