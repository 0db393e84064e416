import Evaluation
import Foundation
import RecipeLanguage

/// Gathers what the report shows from the run's folder.
struct ReportBuilder {
  let title: String
  let arms: [ArmPlan]
  let results: [ArmResult]
  /// By the names of the results.
  let folders: [String: ArmFolder]

  func report() -> Report {
    let labelled = results.first { $0.classCounts != nil }
    return Report(
      title: title, subtitle: subtitle, arms: results.map(arm), settings: shared,
      classCounts: labelled?.classCounts, classNames: labelled?.classNames, groups: groups,
      notes: remarks + ["Written by Harmonia \(HarmoniaVersion.text). The numbers are what these runs measured."])
  }

  private var subtitle: String {
    arms.map(\.recipe.doc).first { !$0.isEmpty }.map { _ in
      arms.map { "\($0.name): \($0.recipe.doc)" }.joined(separator: " · ")
    } ?? ""
  }

  /// What was left out of the images and what could not be measured: said once where it holds for all runs.
  private var remarks: [String] {
    let all = results.flatMap(\.remarks.lines).uniqued()
    return all.map { line in
      let names = results.filter { $0.remarks.lines.contains(line) }.map(\.name)
      return names.count == results.count ? line : "\(names.prefix(3).joined(separator: ", "))\(names.count > 3 ? ", …" : ""): \(line)"
    }
  }

  private var groups: [GroupAccuracy.Group]? {
    guard let rule = arms.compactMap(\.evaluation).first?.groups,
      let counts = results.first(where: { $0.classCounts != nil })?.classCounts
    else { return nil }
    return try? GroupAccuracy.groups(classCounts: counts, rule: rule)
  }

  private func arm(_ result: ArmResult) -> Report.Arm {
    let armFolder = folders[result.name]
    let records = armFolder.map { MetricsLog.read($0.metrics) } ?? []
    let epochs = records.filter { $0.kind == "epoch" }
    func curve(_ name: String, _ key: String, kind: String) -> Report.Curve? {
      let points = records.filter { $0.kind == kind }.compactMap { record in
        record.values[key].map { Report.Point(Double(record.epoch), $0) }
      }
      return points.isEmpty ? nil : Report.Curve(name, points)
    }
    let curves = [
      curve("contrastive", "contrastive", kind: "epoch"), curve("harmonization", "gh", kind: "epoch"),
      curve("rate", "rate", kind: "epoch"), curve("probe average", "average", kind: "probe"),
    ].compactMap { $0 }
    var arm = Report.Arm(
      name: result.name,
      loss: epochs.compactMap { record in record.values["loss"].map { Report.Point(Double(record.epoch), $0) } },
      curves: curves, scores: result.scores,
      priors: records.filter { $0.kind == "prior" }.map {
        Report.Prior(epoch: Double($0.epoch), shares: $0.lists["shares"] ?? [])
      },
      map: armFolder.flatMap { EmbeddingMap.read($0.embedding) }, settings: own(result.name))
    arm.others = result.others
    return arm
  }

  // MARK: Settings

  /// Settings as `optimizer.lr` and its value, one a leaf of the recipe.
  private func settings(_ arm: ArmPlan) -> [Report.Setting] {
    arm.recipe.leaves.filter { $0.path != "base" && $0.text != "none" }.map { Report.Setting($0.path, $0.text) }
  }

  /// Those that all arms have alike.
  private var shared: [Report.Setting] {
    guard let first = arms.first else { return [] }
    return settings(first).filter { setting in arms.allSatisfy { settings($0).contains(setting) } }
  }

  private func own(_ name: String) -> [Report.Setting] {
    guard let arm = arms.first(where: { $0.name == name }) else { return [] }
    let common = Set(shared)
    return settings(arm).filter { !common.contains($0) }
  }
}
