import Foundation

/// A table as HTML: what its rows have in common named once, above them; the best of what is compared marked; below each
/// number its difference from the first of those it is compared with.
struct TableView {
  let table: Report.Table
  let layout: BlockLayout

  /// Positions of the table's axes in the block; nil for one that the block does not have.
  private let rowAxes: [Int?]
  private let columnAxis: Int?

  init(_ table: Report.Table, _ layout: BlockLayout) {
    self.table = table
    self.layout = layout
    rowAxes = table.rows.map { name in layout.block.axes.firstIndex { $0.name == name } }
    columnAxis = table.columnAxis.flatMap { name in layout.block.axes.firstIndex { $0.name == name } }
  }

  // MARK: Names

  private func axisName(_ position: Int) -> String { rowAxes[position].map { layout.axisNames[$0] } ?? table.rows[position] }

  private func valueName(_ axis: Int?, _ text: String) -> String {
    axis.flatMap { axis in layout.block.axes[axis].values.firstIndex(of: text).map { layout.valueNames[axis][$0] } } ?? text
  }

  private func marks(_ axis: Int?, _ text: String) -> String {
    guard let axis, let value = layout.block.axes[axis].values.firstIndex(of: text) else { return "" }
    return layout.marks([(axis, value)])
  }

  private func marks(_ labels: some Sequence<String>) -> String { zip(rowAxes, labels).map { marks($0, $1) }.joined() }

  /// The colour of a value where the axis is that of the colours.
  private func chip(_ axis: Int?, _ text: String) -> String {
    guard let axis, axis == layout.shown.last, let value = layout.block.axes[axis].values.firstIndex(of: text) else { return "" }
    return layout.chip(value)
  }

  /// `average by imbalance and form`
  var heading: String {
    let axes = table.rows.indices.map(axisName) + (table.columnAxis.map { [columnAxis.map { layout.axisNames[$0] } ?? $0] } ?? [])
    let what = table.columnAxis == nil ? "All scores" : Measure(name: table.score ?? "average").title.replacingOccurrences(of: " ↓", with: "")
    let by = axes.isEmpty || axes == ["recipe"] ? "" : " by " + Self.list(axes)
    return what + (table.probe.isEmpty ? "" : ", \(table.probe)") + by + (table.part.isEmpty ? "" : "; only \(table.part)")
  }

  /// `a, b and c`
  static func list(_ words: [String]) -> String {
    words.count < 2 ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + words[words.count - 1]
  }

  // MARK: Sentences

  private var isComparison: Bool { table.contests.contains { $0.places.count > 1 } }
  private var runs: Int { table.lines.flatMap(\.cells).map(\.samples.count).max() ?? 0 }
  private var hasPairs: Bool { runs > 1 && isComparison }

  /// The axis along which cells are compared, and what the first of them is called.
  private var comparedAxis: (axis: Int?, name: String, first: String) {
    if let own = table.columnAxis {
      return (columnAxis, columnAxis.map { layout.axisNames[$0] } ?? own, table.columns.first ?? "")
    }
    let last = table.rows.count - 1
    return last < 0 ? (nil, "", "") : (rowAxes[last], axisName(last), table.lines.first?.labels[last] ?? "")
  }

  /// What the others of a contest are compared with; nil where a sweep leaves it out.
  private func base(of contest: Report.Table.Contest) -> (line: Int, column: Int)? {
    contest.places.first.flatMap { place in
      table.columnAxis != nil || table.lines[place.line].labels.last ?? "" == comparedAxis.first ? place : nil
    }
  }

  private var baseline: String {
    let (axis, name, first) = comparedAxis
    return name == "recipe" || layout.isOfRecipes ? valueName(axis, first) : "\(name) \(valueName(axis, first))"
  }

  /// How to read the numbers; in short where a table above says it.
  func legend(isFirst: Bool) -> String {
    var parts: [String] = []
    if table.columnAxis != nil {
      let measure = Measure(name: table.score ?? "average")
      if !measure.meaning.isEmpty { parts.append("\(measure.meaning.prefix(1).uppercased())\(measure.meaning.dropFirst()).") }
    }
    guard isFirst else { return (parts + ["Marks and differences as above."]).joined(separator: " ") }
    if runs > 1 { parts.append("Mean ± standard deviation over up to \(runs) runs.") }
    if isComparison {
      parts.append("Best of \(table.columnAxis == nil && table.rows.count < 2 ? "each column" : "those compared") marked.")
      parts.append("Below each number: the difference from \(baseline)"
        + (hasPairs ? ", of runs with the same seeds, ± their standard deviation; in colour where it is more than seeds explain "
          + "(95 % interval of a paired t test: by chance for one in twenty), grey where it is not." : "; one run each, so nothing says what seeds explain."))
    }
    return parts.joined(separator: " ")
  }

  /// What the table says, in a sentence or two; empty where nothing is compared.
  var verdict: String {
    let main = table.columnAxis != nil ? nil : Measure.main(of: layout.results)?.name
    let contests = table.contests.filter { $0.measure.better != nil && (main == nil || $0.measure.name == main) }
    var wins: [String: Int] = [:]
    var counted = 0
    var (clear, judged, differences, up, down) = (0, 0, 0, 0, 0)
    for contest in contests {
      let best = table.best(of: contest)
      guard !best.isEmpty else { continue }
      counted += 1
      for place in best { wins[name(place), default: 0] += 1 }
      guard let base = base(of: contest) else { continue }
      for place in contest.places.dropFirst() {
        guard let found = Report.Table.difference(table.cell(place), from: table.cell(base)) else { continue }
        differences += 1
        if let isClear = found.isClear {
          judged += 1
          if isClear {
            clear += 1
            if (found.mean > 0) == (contest.measure.better == .high) { up += 1 } else { down += 1 }
          }
        }
      }
    }
    guard counted > 0, let measure = contests.first?.measure else { return "" }
    let title = measure.title.replacingOccurrences(of: " ↓", with: "")
    let ordered = wins.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let winners = ordered.prefix(3).map { counted == 1 ? $0.key + lead(contests) : "\($0.key) (\($0.value) of \(counted))" }
    let axis = comparedAxis.name
    let kind = axis.isEmpty || axis == "recipe" || layout.isOfRecipes ? "" : axis + " "
    var text = "\(title): best with \(kind)\(Self.list(winners))" + (ordered.count > 3 ? ", others in \(ordered.count - 3) more" : "") + "."
    if judged > 0 {
      text += differences == 1
        ? " The difference from \(baseline) is \(clear == 1 ? "more" : "no more") than seeds explain."
        : " Of \(differences) differences from \(baseline), \(clear == 0 ? "none is" : clear == 1 ? "1 is" : "\(clear) are") more than "
          + "seeds explain" + (clear > 0 ? " (\(up) better, \(down) worse)." : ".")
    } else if differences > 0, runs < 2 {
      text += " One run each: this may be chance."
    }
    return text
  }

  /// By how much the best of the one contest is ahead of the next: ` (72.15, 1.15 ahead of simclr)`; empty where it is shared.
  private func lead(_ contests: [Report.Table.Contest]) -> String {
    guard let contest = contests.first(where: { !table.best(of: $0).isEmpty }), let best = table.best(of: contest).first,
      let top = table.cell(best).spread?.mean
    else { return "" }
    let others = contest.places.filter { $0 != best }.compactMap { place in table.cell(place).spread.map { (place, abs($0.mean - top)) } }
    guard let next = others.min(by: { $0.1 < $1.1 }), contest.measure.printed(next.1) > 0 else { return "" }
    return " (\(decimal(top, contest.measure.digits)), \(decimal(next.1, contest.measure.digits)) ahead of \(name(next.0)))"
  }

  /// What a cell is called among those it is compared with.
  private func name(_ place: (line: Int, column: Int)) -> String {
    if table.columnAxis != nil { return valueName(columnAxis, table.columns[place.column]) }
    return table.lines[place.line].labels.last.map { valueName(rowAxes.last ?? nil, $0) } ?? layout.seriesName(0)
  }

  // MARK: HTML

  var html: String {
    var best: Set<[Int]> = []
    var bases: [[Int]: (line: Int, column: Int)] = [:]
    for contest in table.contests {
      for place in table.best(of: contest) { best.insert([place.line, place.column]) }
      if contest.measure.better != nil, let base = base(of: contest) {
        for place in contest.places.dropFirst() { bases[[place.line, place.column]] = base }
      }
    }
    var rows = head
    var group: [String]?
    for (line, entry) in table.lines.enumerated() {
      let above = Array(entry.labels.dropLast())
      if above != group, !above.isEmpty {
        let name = above.indices.map { "\(axisName($0)) \(valueName(rowAxes[$0], above[$0]))" }.joined(separator: " · ")
        rows += "<tr class=\"group\"\(marks(above))><th colspan=\"\(table.columns.count + 1)\" scope=\"rowgroup\">"
          + "\(escaped(name))</th></tr>\n"
      }
      group = above
      let cells = table.columns.indices.map { column in
        cell(entry.cells[column], column, isBest: best.contains([line, column]), base: bases[[line, column]].map(table.cell))
      }
      let last = entry.labels.count - 1
      let name = last < 0 ? layout.seriesName(0) : valueName(rowAxes[last], entry.labels[last])
      let label = (last < 0 ? layout.chip(0) : chip(rowAxes[last], entry.labels[last])) + escaped(name)
      // Long names are broken, others keep to one line.
      rows += "<tr\(marks(entry.labels))><th class=\"arm\(name.count > 22 ? "" : " level")\" scope=\"row\">\(label)</th>\(cells.joined())</tr>\n"
    }
    return "<div class=\"wide\"><table class=\"scores\">\n\(rows)</table></div>\n"
  }

  private var head: String {
    let corner = table.rows.last.map { _ in axisName(table.rows.count - 1) } ?? ""
    let names = table.columns.enumerated().map { column, text in
      table.columnAxis == nil
        ? "<th>\(escaped(Measure(name: text).title))</th>"
        : "<th\(marks(columnAxis, text))>\(chip(columnAxis, text))\(escaped(valueName(columnAxis, text)))</th>"
    }
    let row = "<tr><th>\(escaped(corner == "recipe" ? "" : corner))</th>\(names.joined())</tr>\n"
    guard let own = table.columnAxis, own != "recipe" else { return row }
    let name = columnAxis.map { layout.axisNames[$0] } ?? own
    return "<tr class=\"axis-name\"><th></th><th colspan=\"\(table.columns.count)\">\(escaped(name))</th></tr>\n" + row
  }

  private func cell(_ cell: Report.Table.Cell, _ column: Int, isBest: Bool, base: Report.Table.Cell?) -> String {
    let measure = table.measure(column: column)
    let mark = table.columnAxis == nil ? "" : marks(columnAxis, table.columns[column])
    var lines: [String] = []
    if let base, let spread = cell.spread, spread.mean.isFinite,
      let found = Report.Table.difference(cell, from: base)
    {
      let isZero = measure.printed(found.mean) == 0
      let side = isZero || found.isClear == false ? "" : (found.mean > 0) == (measure.better == .high) ? "up" : "down"
      let deviation = found.deviation.map { " ± " + decimal($0, measure.digits) } ?? ""
      lines.append("<small class=\"\(side)\">\(isZero && !deviation.isEmpty ? decimal(0, measure.digits) : signed(found.mean, measure.digits))\(deviation)</small>")
    }
    if let published = cell.published { lines.append("<small class=\"published\">published \(escaped(published))</small>") }
    if cell.planned > 0, cell.samples.count < cell.planned {
      lines.append("<small class=\"missing\">\(cell.samples.count) of \(cell.planned) runs</small>")
    }
    let deviation = cell.spread?.deviation.map { "<span class=\"dev\"> ± \(decimal($0, measure.digits))</span>" } ?? ""
    let number = cell.spread.map { decimal($0.mean, measure.digits) } ?? "–"
    return "<td\(isBest ? " class=\"best\"" : "")\(mark)>\(number)\(deviation)\(lines.joined())</td>"
  }
}
