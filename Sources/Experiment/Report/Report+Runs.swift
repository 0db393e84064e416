/// Every run by itself: what failed, the numbers of each, and how they were set.
extension BlockSections {
  // MARK: What is missing

  /// Runs that failed, by reason.
  var failureSection: String {
    let failed = block.arms.compactMap { arm -> (reason: String, arm: Report.Arm)? in
      if case .failed(let reason) = arm.state { (reason, arm) } else { nil }
    }
    guard !failed.isEmpty else { return "" }
    let rows = failed.map(\.reason).uniqued().map { reason -> String in
      let own = failed.filter { $0.reason == reason }.map(\.arm)
      let names = own.map { "<li\(layout.marks(run: $0))>\(escaped(layout.fullName($0)))</li>" }
      let list = "<ul>\(names.joined())</ul>\n"
      return "<h3>\(escaped(reason))</h3>\n" + (own.count > 12 ? BlockSections.folded("\(own.count) runs", list) : list)
    }
    return BlockSections.section(
      "Failed", "These runs are in none of the numbers above; --retry-failed tries them again.", rows.joined())
  }

  // MARK: Runs

  /// A line a run: what it differs in, its scores, its time and folder.
  var runSection: String {
    let axes = layout.shown + layout.seeds
    guard block.arms.count > 1, !layout.isOfRecipes || layout.isRepeated || block.arms.count > 6 || block.arms.contains(where: { $0.state != .done })
    else { return "" }
    let measures = BlockLayout.measures(layout.results)
    let hasTime = block.arms.contains { $0.seconds != nil }
    let hasPlace = block.arms.contains { !$0.place.isEmpty }
    let heads = axes.map { "<th>\(escaped(layout.axisNames[$0]))</th>" } + measures.map { "<th>\(escaped($0.title))</th>" }
      + (hasTime ? ["<th>trained in</th>"] : []) + (hasPlace ? ["<th>folder</th>"] : [])
    let rows = block.arms.map { arm -> String in
      let values = axes.map { "<td>\($0 == layout.shown.last ? layout.chip(arm.values[$0]) : "")\(escaped(layout.valueNames[$0][arm.values[$0]]))</td>" }
      let scores: [String]
      switch arm.state {
      case .failed: scores = measures.isEmpty ? [] : ["<td colspan=\"\(measures.count)\"><span class=\"down\">failed</span></td>"]
      case .open: scores = measures.isEmpty ? [] : ["<td colspan=\"\(measures.count)\">not done</td>"]
      case .done: scores = measures.map { measure in "<td>\(arm.result.flatMap(measure.value).map { decimal($0, measure.digits) } ?? "–")</td>" }
      }
      let time = hasTime ? "<td>\(arm.seconds.map { ProgressReport.clock($0) } ?? "–")</td>" : ""
      let place = hasPlace ? "<td><code>\(escaped(arm.place))</code></td>" : ""
      return "<tr\(layout.marks(run: arm))>\(values.joined())\(scores.joined())\(time)\(place)</tr>\n"
    }
    let table = "<div class=\"wide\"><table class=\"plain small\">\n<tr>\(heads.joined())</tr>\n\(rows.joined())</table></div>\n"
    return BlockSections.section("Runs", "", BlockSections.folded("All \(block.arms.count) runs, one by one", table))
  }

  // MARK: Settings

  var settingsSection: String {
    let axes = layout.shown + layout.seeds
    let varied = layout.isOfRecipes && layout.seeds.isEmpty ? "" : table(
      ["axis", "values"],
      axes.map { axis in
        // What a short name leaves out is said here, once.
        let names = zip(layout.valueNames[axis], block.axes[axis].values).map { $0 == $1 || "." + $0 == $1 ? $0 : "\($0): \($1)" }
        return [block.axes[axis].name, names.joined(separator: names.contains { $0.contains(": ") } ? "; " : ", ")]
      })
    let common = table([], block.settings.map { [$0.name, $0.value] })
    let content = (varied.isEmpty ? "" : "<h3>Axes</h3>\n\(varied)") + dependentSettings
      + (common.isEmpty ? "" : block.arms.count == 1 ? common : BlockSections.folded("Alike in all \(block.arms.count) runs: \(block.settings.count) settings", common))
    return content.isEmpty ? "" : BlockSections.section("Settings", "", content)
  }

  /// Settings that differ, by the axis that they go by: a column a value. Those that go by several axes are named.
  private var dependentSettings: String {
    let names = block.arms.flatMap { $0.settings.map(\.name) }.uniqued()
    guard !names.isEmpty else { return "" }
    let own = block.arms.map { arm in Dictionary(arm.settings.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }) }
    let axes = layout.shown + layout.seeds
    var byAxis: [Int: [(name: String, values: [Int: String])]] = [:]
    var others: [String] = []
    for name in names where !block.axes.contains(where: { $0.name == name }) {
      let axis = axes.first { axis in
        var seen: [Int: String] = [:]
        return zip(block.arms, own).allSatisfy { arm, settings in
          let value = settings[name] ?? "–"
          return seen.updateValue(value, forKey: arm.values[axis]).map { $0 == value } ?? true
        }
      }
      if let axis {
        let values = zip(block.arms, own).map { ($0.values[axis], $1[name] ?? "–") }
        byAxis[axis, default: []].append((name, Dictionary(values, uniquingKeysWith: { first, _ in first })))
      } else {
        others.append(name)
      }
    }
    var text = axes.map { axis -> String in
      guard let settings = byAxis[axis] else { return "" }
      let heads = block.axes[axis].values.indices
      let rows = settings.map { setting in [setting.name] + heads.map { setting.values[$0] ?? "–" } }
      let title = block.axes[axis].name == "recipe" ? "What differs" : "By \(layout.axisNames[axis])"
      let content = table([""] + heads.map { layout.valueNames[axis][$0] }, rows)
      return heads.count > 8 || rows.count > 24
        ? BlockSections.folded("\(escaped(title)): \(rows.count) settings", content) : "<h3>\(escaped(title))</h3>\n\(content)"
    }.joined()
    if !others.isEmpty {
      text += "<p class=\"soft\">By several axes, as recipe.resolved in each run's folder says: \(escaped(others.joined(separator: ", "))).</p>\n"
    }
    return text
  }

  private func table(_ heads: [String], _ rows: [[String]]) -> String {
    guard !rows.isEmpty else { return "" }
    let head = heads.isEmpty ? "" : "<tr>" + heads.map { "<th>\(escaped($0))</th>" }.joined() + "</tr>\n"
    let body = rows.map { row in
      "<tr>" + row.enumerated().map { $0.offset == 0 ? "<td>\(escaped($0.element))</td>" : "<td><code>\(escaped($0.element))</code></td>" }
        .joined() + "</tr>\n"
    }
    return "<div class=\"wide\"><table class=\"settings\">\n\(head)\(body.joined())</table></div>\n"
  }
}
