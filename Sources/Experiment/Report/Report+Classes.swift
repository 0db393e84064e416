import Evaluation

/// What is known class by class. Runs are drawn together only where they have the same training images of each class.
extension BlockSections {
  /// Charts at once, and in all.
  private static let (open, most) = (4, 24)
  /// Colours in a chart; of more values the first, the best and the worst are drawn.
  private static let mostSeries = 8

  /// Runs of one panel with the same class counts.
  struct ClassGroup {
    let title: String
    let marks: String
    /// Whose counts, names and groups they are.
    let arm: Report.Arm
    let series: [(position: Int, arms: [Report.Arm])]
  }

  func classGroups(of kept: (Report.Arm) -> Bool) -> [ClassGroup] {
    layout.panels.flatMap { panel -> [ClassGroup] in
      let arms = panel.arms.filter(kept)
      let counts = arms.map { $0.result?.classCounts }.uniqued()
      return counts.map { own in
        let series = panel.series.enumerated().compactMap { position, arms -> (position: Int, arms: [Report.Arm])? in
          let arms = arms.filter { kept($0) && $0.result?.classCounts == own }
          return arms.isEmpty ? nil : (position, arms)
        }
        var title = [layout.panelName(panel.key)].filter { !$0.isEmpty }
        if counts.count > 1 {
          let names = series.prefix(4).map { layout.seriesName($0.position) } + (series.count > 4 ? ["…"] : [])
          let isWhole = counts.count == layout.seriesCount || series.allSatisfy { $0.arms.count == panel.series[$0.position].count }
          title.append((layout.isOfRecipes ? "" : layout.seriesAxis + " ") + names.joined(separator: ", "))
          if !isWhole { title.append(series.flatMap(\.arms).prefix(4).map(layout.seedName).uniqued().joined(separator: ", ")) }
        }
        return ClassGroup(
          title: title.joined(separator: " · "), marks: layout.marks(panel: panel.key), arm: series[0].arms[0], series: series)
      }
    }
  }

  /// The training images by which classes are coloured, all over the page: those of the longest tail.
  var colourCounts: [Int]? {
    layout.results.compactMap(\.classCounts).max { a, b in
      func ratio(_ counts: [Int]) -> Double { Double(counts.max() ?? 0) / Double(max(1, counts.min() ?? 1)) }
      return ratio(a) < ratio(b)
    }
  }

  var classSections: String {
    section(
      "Accuracy by class", measure: "accuracy, %", "Dashed: mean of a group. ", \.scores?.perClass)
      + section("Share of the circle by class", measure: "share, %", "", \.circle?.shares)
  }

  private func section(
    _ heading: String, measure: String, _ lead: String, _ values: (ArmResult) -> [Double]?
  ) -> String {
    let classes = layout.results.compactMap { values($0)?.count }.max() ?? 0
    let groups = classGroups { arm in arm.result.flatMap(values)?.count == classes }
    guard classes > 0, !groups.isEmpty else { return "" }
    let isNarrow = groups.count > 1 && classes * min(layout.seriesCount, Self.mostSeries) <= 40
    let drawn = groups.prefix(Self.most).map { group in
      let entries = chosen(group).map { position, arms in
        ClassChart.Entry(
          arms.compactMap { $0.result.flatMap(values) }, name: layout.seriesName(position), colour: layout.colour(position),
          marks: layout.marks(series: position))
      }
      return (group: group, entries: entries)
    }
    let highest = drawn.flatMap { $0.entries.map(\.highest) }.max() ?? 100
    let panels = drawn.map { group, entries -> String in
      let chart = ClassChart(
        order: ClassOrder(group.arm, count: classes, colours: colourCounts), measure: measure, entries: entries,
        width: isNarrow ? 500 : 1000, highest: highest)
      return "<div\(group.marks)>" + (group.title.isEmpty ? "" : "<h3>\(escaped(group.title))</h3>\n")
        + (isNarrow ? chart.svg : BlockSections.wide(chart.svg)) + "</div>\n"
    }
    let left = groups.count - panels.count
    let repeated = layout.isRepeated && classes <= 24 ? "Bars: means over repetitions; whiskers: ± 1 standard deviation. " : ""
    let few = layout.seriesCount > Self.mostSeries
      ? "Of \(layout.seriesCount) values of \(escaped(layout.seriesAxis)) the first, the best and the worst are drawn. " : ""
    return BlockSections.section(
      heading, "From the class with the most training images to that with the fewest, above the number of these\(panels.count > 1 ? ", all with the same scale" : ""). \(lead)\(repeated)\(few)",
      legend(of: Set(groups.flatMap { $0.series.map(\.position) })) + BlockSections.opened(panels, atMost: Self.open, grid: isNarrow ? "grid5" : "") { "\($0) more" }
        + (left > 0 ? "<p class=\"soft\">\(left) more charts are left out; the numbers are in result.json.</p>\n" : ""))
  }

  /// All values, or the first, the best and the worst by the main score.
  private func chosen(_ group: ClassGroup) -> [(position: Int, arms: [Report.Arm])] {
    guard group.series.count > Self.mostSeries, let main = Measure.main(of: layout.results) else { return group.series }
    let scores = group.series.enumerated().compactMap { place, entry in
      Spread(entry.arms.compactMap { $0.result.flatMap(main.value) }).map { (place, $0.mean) }
    }
    let ends = [scores.max { $0.1 < $1.1 }, scores.min { $0.1 < $1.1 }].compactMap { $0?.0 }
    return Set([0] + ends).sorted().map { group.series[$0] }
  }

  // MARK: Shares

  /// Mean share of a class in each group, the smallest one, and what all would have if space were shared evenly.
  var shareSection: String {
    func shares(_ arm: Report.Arm) -> [Double]? { arm.result?.scores?.classShares }
    var rows: [String] = []
    for panel in layout.panels {
      let entries = panel.series.enumerated().filter { $0.element.contains { shares($0) != nil } }
      guard !entries.isEmpty else { continue }
      if !panel.key.isEmpty {
        rows.append("<tr class=\"group\"\(layout.marks(panel: panel.key))><th colspan=\"6\">\(escaped(layout.panelName(panel.key)))</th></tr>\n")
      }
      for (position, arms) in entries {
        let found = arms.compactMap { arm in shares(arm).map { (groups: arm.groups ?? [], shares: $0) } }
        func cell(_ values: [Double]) -> String { "<td>\(Spread(values).map(\.text) ?? "–")</td>" }
        let means = GroupAccuracy.Group.allCases.map { group in
          cell(found.compactMap { entry in Spread(zip(entry.groups, entry.shares).filter { $0.0 == group }.map(\.1))?.mean })
        }
        rows.append(
          "<tr\(layout.marks(panel: panel.key))\(layout.marks(series: position))><th class=\"arm\">\(layout.chip(position))"
            + "\(escaped(layout.seriesName(position)))</th>" + means.joined() + cell(found.compactMap { $0.shares.min() })
            + "<td>\(decimal(100 / Double(max(1, found[0].shares.count))))</td></tr>\n")
      }
    }
    guard !rows.isEmpty else { return "" }
    let table = "<div class=\"wide\"><table class=\"plain\">\n<tr><th></th><th>Many</th><th>Medium</th><th>Few</th><th>smallest</th>"
      + "<th>even</th></tr>\n\(rows.joined())</table></div>\n"
    return BlockSections.section(
      "Class shares", "How much of the space a class has: percent of the test images that lie nearest to its mean, as the mean "
        + "over the classes of a group, the smallest class share, and the share of each if space were divided evenly (for as "
        + "many test images of each class).",
      rows.count > 30 ? BlockSections.folded("\(rows.count) rows", table) : table)
  }

  // MARK: Priors

  var priorSection: String {
    let groups = classGroups { !$0.priors.isEmpty }
    guard !groups.isEmpty else { return "" }
    let isNarrow = groups.count > 1
    let panels = groups.prefix(Self.most).map { group -> String in
      let entries = chosen(group)
      let chart = PriorChart(
        classCounts: group.arm.result?.classCounts,
        entries: entries.map { position, arms in
          PriorChart.Entry(arms.map(\.priors), colour: layout.colour(position), marks: layout.marks(series: position))
        }, width: isNarrow ? 500 : 1000)
      return "<div\(group.marks)>" + (group.title.isEmpty ? "" : "<h3>\(escaped(group.title))</h3>\n")
        + (isNarrow ? chart.svg : BlockSections.wide(chart.svg)) + priorTable(group, entries) + "</div>\n"
    }
    let left = groups.count - panels.count
    let truth = groups.contains { $0.arm.result?.classCounts != nil } ? " Grey: the true distribution, which training never sees." : ""
    let repeated = layout.isRepeated ? ", as the mean over repetitions" : ""
    return BlockSections.section(
      "Class prior", "Line: the share of images on each vertex of the structure as estimated last\(repeated); faint: the first "
        + "estimate. Vertices have no names, so both are sorted.\(truth) Effective: how many equal "
        + "classes or vertices would be as spread out.",
      legend(of: Set(groups.flatMap { $0.series.map(\.position) })) + BlockSections.opened(panels, atMost: Self.open, grid: isNarrow ? "grid5" : "") { "\($0) more" }
        + (left > 0 ? "<p class=\"soft\">\(left) more charts are left out; the numbers are in result.json.</p>\n" : ""))
  }

  /// What the chart shows, in numbers: a line for the truth and one for each colour.
  private func priorTable(_ group: ClassGroup, _ entries: [(position: Int, arms: [Report.Arm])]) -> String {
    var rows: [String] = []
    if let counts = group.arm.result?.classCounts, let most = counts.max(), let least = counts.filter({ $0 > 0 }).min() {
      let empty = counts.count { $0 == 0 }
      rows.append(
        "<tr><th class=\"arm\"><span class=\"chip\" style=\"background:var(--bar)\"></span>true classes</th><td>\(counts.count)</td>"
          + "<td>\(decimal(PriorChart.effectiveNumber(counts.map(Double.init)), 1))</td><td>\(empty)</td>"
          + "<td>\(decimal(Double(most) / Double(least), 0))</td></tr>\n")
    }
    for (position, arms) in entries {
      let last = arms.compactMap { $0.priors.last?.shares }
      guard let first = last.first else { continue }
      func text(_ values: [Double], _ digits: Int) -> String {
        Spread(values).map { decimal($0.mean, digits) + ($0.deviation.map { " ± \(decimal($0, digits))" } ?? "") } ?? "–"
      }
      let ratios = last.compactMap { shares in shares.filter { $0 > 0 }.min().map { (shares.max() ?? $0) / $0 } }
      rows.append(
        "<tr\(layout.marks(series: position))><th class=\"arm\">\(layout.chip(position))\(escaped(layout.seriesName(position)))</th>"
          + "<td>\(first.count)</td><td>\(text(last.map(PriorChart.effectiveNumber), 1))</td>"
          + "<td>\(text(last.map { Double($0.count { $0 <= 0 }) }, last.count > 1 ? 1 : 0))</td><td>\(text(ratios, 0))</td></tr>\n")
    }
    return "<div class=\"wide\"><table class=\"plain small\">\n<tr><th></th><th>number</th>"
      + "<th>effective</th><th>empty</th><th>largest ÷ smallest</th></tr>\n\(rows.joined())</table></div>\n"
  }
}
