/// Accuracies of the arms as a table: the best of each column marked, differences from the first arm below.
struct ReportTable {
  let arms: [(arm: Int, entry: Report.Arm, scores: ArmResult.Scores)]

  private struct Column {
    let name: String
    let isBetterHigh: Bool
    let value: (ArmResult.Scores) -> Double?
  }

  private var columns: [Column] {
    let all = [
      Column(name: "Many", isBetterHigh: true) { $0.many },
      Column(name: "Medium", isBetterHigh: true) { $0.medium },
      Column(name: "Few", isBetterHigh: true) { $0.few },
      Column(name: "Std ↓", isBetterHigh: false) { $0.std },
      Column(name: "Average", isBetterHigh: true) { $0.average },
      Column(name: "Top-1", isBetterHigh: true) { $0.top1 },
      Column(name: "k-NN", isBetterHigh: true) { $0.neighbours },
      Column(name: "Inter-class", isBetterHigh: true) { $0.interClass },
      Column(name: "Neighbourhood", isBetterHigh: true) { $0.neighbourhood },
    ]
    return all.filter { column in arms.contains { column.value($0.scores) != nil } }
  }

  var html: String {
    var rows = "<tr><th></th>" + columns.map { "<th>\($0.name)</th>" }.joined() + "</tr>\n"
    for (position, row) in arms.enumerated() {
      let cells = columns.map { column in cell(column, row.scores, isFirst: position == 0) }
      rows += "<tr><td class=\"arm\">\(chip(row.arm))\(escaped(row.entry.name))</td>" + cells.joined() + "</tr>\n"
    }
    return "<div class=\"wide\"><table>\n\(rows)</table></div>\n"
  }

  private func cell(_ column: Column, _ scores: ArmResult.Scores, isFirst: Bool) -> String {
    guard let value = column.value(scores), value.isFinite else { return "<td>–</td>" }
    let printed = (value * 100).rounded()
    let others = arms.compactMap { column.value($0.scores) }.filter(\.isFinite).map { ($0 * 100).rounded() }
    let isBest = arms.count > 1 && printed == (column.isBetterHigh ? others.max() : others.min())
    var difference = ""
    if arms.count > 1 {
      let base = column.value(arms[0].scores) ?? .nan
      let change = value - base
      let side = abs(change) < 0.005 ? "" : (change > 0) == column.isBetterHigh ? "up" : "down"
      difference = "<small class=\"\(side)\">\(isFirst ? "&nbsp;" : signed(change))</small>"
    }
    return "<td\(isBest ? " class=\"best\"" : "")>\(decimal(value))\(difference)</td>"
  }
}

/// The colour of an arm as a small square.
func chip(_ arm: Int) -> String {
  "<span class=\"chip\" style=\"background:var(--arm\(ReportStyle.armColour(arm)))\"></span>"
}
