import Foundation
import RecipeLanguage
import Training
import VisibleText

/// A plan of one arm for people.
struct PlanText {
  let arm: ArmPlan
  let cost: ArmCost

  var text: String {
    let images = arm.images
    var lines = ["\(arm.name.visibleLine)   \(arm.recipe.doc.visibleLine)", "  identity   \(arm.identity)"]
    func add(_ name: String, _ value: String) {
      lines.append("  " + name + String(repeating: " ", count: max(1, 11 - name.count)) + value.visibleLine)
    }
    func add(_ name: String, _ values: [String]) {
      for (number, value) in values.enumerated() { add(number == 0 ? name : "", value) }
    }
    if let base = arm.recipe.base { add("from", base) }
    add("images", images.text)
    if let missing = images.selected.standInFor { add("", "NOT FOUND: \(missing); planned with a stand-in") }
    add("remarks", arm.remarks.lines)
    if let counts = images.classCounts {
      add("classes", ClassCountsText(counts: counts, names: images.classNames ?? []).lines)
    }
    add("views", images.viewsText)
    let steps = arm.divide == nil ? "\(arm.steps)" : "about \(arm.steps)"
    add("steps", "\(arm.clock.stepsPerEpoch) an epoch of batch \(arm.clock.batch), \(arm.epochs) epochs, \(steps) in all")
    if arm.clock.dropped > 0 {
      add("", "in no batch of an epoch: \(arm.clock.dropped) of the \(arm.clock.images) images, others each time")
    }
    add(
      "model",
      "\(Self.grouped(cost.parameters)) parameters; representation \(arm.model.encoder.features), "
        + "embedding \(arm.model.projection)")
    add("precision", convolutions.precision)
    lines += convolutions.lines
    add("method", arm.divide.map { "DnC (\($0.summary)), " + arm.method.summary } ?? arm.method.summary)
    if let chance = ChanceLoss(arm.method.contrast, batch: arm.clock.batch) {
      add("", "a contrastive loss no better than chance is \(chance.text)")
    }
    if !cost.stages.isEmpty { add("stages", stages) }
    for (number, schedule) in arm.schedules.enumerated() {
      for (line, text) in schedule.lines.enumerated() { add(number + line == 0 ? "schedules" : "", text) }
    }
    if let evaluation = arm.evaluation {
      let end = arm.divide == nil ? "at the end" : "the last network, at the end"
      add("measured", evaluation.every.map { "every \($0) epochs and at the end" } ?? end)
      if evaluation.probes.count > 1 { add("", "by " + evaluation.probes.map(\.name).joined(separator: ", ")) }
      for probe in evaluation.probes { if let tuning = probe.tuning { add("", "\(probe.name): \(tuning.text)") } }
    }
    add("memory", "about \(Self.bytes(cost.memory)) at the most")
    add("disk", "about \(Self.bytes(cost.disk)): \(Self.bytes(cost.checkpoint)) a checkpoint\(snapshots)")
    add(
      "time",
      "about \(ProgressReport.clock(cost.training)) of training and \(ProgressReport.clock(cost.measuring)) of "
        + "measuring on this machine" + (cost.isEstimated ? ", by multiply-adds from other steps" : ""))
    lines += ["  fields"] + fields
    return lines.joined(separator: "\n")
  }

  private var convolutions: ConvolutionTable { ConvolutionTable(cost.convolutions, arm.convolution) }

  /// A line for the base model, one for all experts, one for the distillation, and what they have in common.
  private var stages: [String] {
    let rows = cost.stages.filter { if case .expert(let cluster) = $0.stage.role { cluster == 0 } else { true } }
    let lines = rows.map { stage, seconds in
      let (plan, clock) = (stage.plan, stage.plan.clock)
      var (name, times, about) = (stage.name, 1, "")
      if case .expert = stage.role {
        (name, times, about) = ("experts", arm.divide?.clusters ?? 1, "about ")
      }
      let each = times > 1 ? "\(times) × " : ""
      return name + String(repeating: " ", count: 9 - name.count)
        + "\(each)\(plan.epochs) epochs of \(about)\(clock.images) images, \(each)\(plan.steps) steps, about "
        + ProgressReport.clock(Double(times) * seconds)
    }
    return lines + ["clusters are taken as equally large; each stage runs the schedules over its own epochs, below the base's"]
  }

  private var snapshots: String {
    guard let every = arm.snapshots else { return arm.divide == nil ? ", the last one kept" : ", each stage's last one kept" }
    return ", \(arm.epochs / every + 1) kept"
  }

  /// Every field with its value and where that came from: `    length   24ep   my.recipe:9:12`.
  private var fields: [String] {
    let rows = arm.recipe.leaves.map { leaf in
      let parts = leaf.path.split(separator: ".")
      let name = String(repeating: "  ", count: parts.count - 1) + (parts.last ?? "")
      return (name: name, value: leaf.text.visibleLine, from: leaf.provenance.description.visibleLine)
    }
    let name = rows.map(\.name.count).max() ?? 0
    let value = min(36, rows.map(\.value.count).max() ?? 0)
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    return rows.map { "    \(padded($0.name, name))  \(padded($0.value, value))  \($0.from)" }
  }

  static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  /// `11,220,132`
  static func grouped(_ value: Int) -> String {
    var digits = Array(String(value))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }

  static func bytes(_ count: Int) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB"]
    var value = Double(count)
    var unit = 0
    while value >= 1024, unit < units.count - 1 {
      value /= 1024
      unit += 1
    }
    return String(format: unit == 0 ? "%.0f " : "%.1f ", value) + units[unit]
  }
}
