import Foundation
import Training

/// A plan for people and for programs.
struct PlanText {
  let arm: ArmPlan
  let cost: ArmCost

  var text: String {
    let images = arm.images
    var lines = ["\(arm.name)   \(arm.recipe.doc)", "  identity   \(arm.identity)"]
    func add(_ name: String, _ value: String) {
      lines.append("  " + name + String(repeating: " ", count: max(1, 11 - name.count)) + value)
    }
    add("images", images.text)
    add("views", "\(images.viewSize)×\(images.viewSize), \(images.channels) channel\(images.channels == 1 ? "" : "s")")
    add(
      "steps",
      "\(arm.clock.stepsPerEpoch) an epoch of batch \(arm.clock.batch), \(arm.epochs) epochs, \(arm.steps) in all")
    add(
      "model",
      "\(Self.grouped(cost.parameters)) parameters; representation \(arm.model.encoder.features), "
        + "embedding \(arm.model.projection)")
    add("precision", convolutions.precision)
    lines += convolutions.lines
    add("method", method)
    add("rate", curve(arm.optimizer.rate))
    if let evaluation = arm.evaluation {
      add("measured", evaluation.every.map { "every \($0) epochs and at the end" } ?? "at the end")
    }
    add("memory", "about \(Self.bytes(cost.memory))")
    add("disk", "\(Self.bytes(cost.checkpoint)) a checkpoint\(snapshots)")
    add("time", "about \(ProgressReport.clock(cost.seconds)) of training on this machine")
    return lines.joined(separator: "\n")
  }

  private var convolutions: ConvolutionTable { ConvolutionTable(cost.convolutions, arm.convolution) }

  private var snapshots: String {
    guard let every = arm.snapshots else { return ", the last one kept" }
    return ", \(arm.epochs / every + 1) kept"
  }

  private var method: String {
    let contrastive = arm.method.focalGamma.map { "focal (gamma \($0))" } ?? "SimCLR"
    var text = "\(contrastive), temperature \(arm.method.temperature)"
    if let gh = arm.method.harmonization {
      text += "; GH on \(gh.classes) vectors from epoch \(gh.starts) on, weight \(curve(gh.weight, from: gh.starts))"
    }
    return text
  }

  /// Values at a few places of the run: `0 → 0.2 (epoch 2) → 0.0001`.
  private func curve(_ schedule: Schedule, from start: Int = 0) -> String {
    let ends = schedule.spans.map(\.end).filter { $0.isFinite && $0 < Double(arm.epochs) && $0 > Double(start) }
    let first = schedule.value(at: Double(start))
    let last = schedule.value(at: Double(arm.epochs))
    if ends.isEmpty, first == last { return Self.number(first) }
    let middle = ends.map { "\(Self.number(schedule.value(at: $0))) (epoch \(Self.number($0)))" }
    let isLevel = ends.last.map { schedule.value(at: $0) == last } ?? false
    return ([Self.number(first)] + middle + (isLevel ? [] : ["\(Self.number(last)) (end)"])).joined(separator: " → ")
  }

  var json: JSONValue {
    .object([
      "name": .string(arm.name), "identity": .string(arm.identity), "training_images": .int(arm.images.trainingCount),
      "test_images": .int(arm.images.testCount),
      "class_counts": arm.images.classCounts.map(JSONValue.integers) ?? .null,
      "channels": .int(arm.images.channels), "view_size": .int(arm.images.viewSize), "batch": .int(arm.clock.batch),
      "steps_per_epoch": .int(arm.clock.stepsPerEpoch), "epochs": .int(arm.epochs), "steps": .int(arm.steps),
      "parameters": .int(cost.parameters), "representation": .int(arm.model.encoder.features),
      "embedding": .int(arm.model.projection), "precision": .string(arm.convolution.precision.rawValue),
      "convolution": arm.convolution.algorithm.map { .string($0.rawValue) } ?? .null,
      "convolutions": convolutions.json,
      "harmonization_starts": arm.method.harmonization.map { .int($0.starts) } ?? .null,
      "memory_bytes": .int(cost.memory), "checkpoint_bytes": .int(cost.checkpoint), "seconds": .number(cost.seconds),
      "rates": .numbers((0..<arm.epochs).map { arm.optimizer.rate.value(at: Double($0 + 1)) }),
      "recipe": .string(arm.recipe.canonicalText),
    ])
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
