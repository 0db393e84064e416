/// Losses and what else is logged, over epochs: a chart for each panel, all on the same scales.
extension BlockSections {
  /// Charts that are drawn: these at once, and as many more behind clicks.
  private static let (open, most) = (12, 48)

  var curveSection: String {
    let names = block.arms.flatMap { $0.curves.map(\.name) }.uniqued()
    func points(_ name: String) -> (Report.Arm) -> [Report.Point] { { arm in arm.curves.first { $0.name == name }?.points ?? [] } }
    let loss = charts("training loss", \.loss, isLarge: true, most: Self.most)
    let isSmall = layout.panels.count == 1
    // What is measured on the way is looked at as often as the loss.
    let probes = names.filter { $0.hasPrefix("probe") }
    let shown = isSmall ? names : probes
    let small = shown.map { name -> String in
      let content = charts(name, points(name), isLarge: false, most: Self.most)
      return isSmall ? content : "<h3>\(escaped(name))</h3>\n\(content)"
    }
    let folded = names.filter { !shown.contains($0) }.map { name in
      BlockSections.folded(escaped(name), charts(name, points(name), isLarge: false, most: Self.open))
    }
    let content = loss + (isSmall && !small.isEmpty ? "<div class=\"grid2\">\n\(small.joined())</div>\n" : small.joined()) + folded.joined()
    guard !content.isEmpty else { return "" }
    return BlockSections.section("Training loss", lead, legend(of: Set(0..<layout.seriesCount)) + content)
  }

  private var lead: String {
    let repeated = layout.isRepeated
      ? "Lines: the mean over \(TableView.list(layout.seeds.map { layout.axisNames[$0] })); bands: ± 1 standard deviation"
        + (layout.seriesCount > LineChart.mostWithBands ? " (left out where there are more than \(LineChart.mostWithBands) lines). " : ". ")
      : ""
    let panels = layout.panels.count > 1
      ? "A chart for each \(escaped(TableView.list(layout.facets.map { layout.axisNames[$0] }))), all with the same scales. " : ""
    return repeated + panels + "Means of neighbouring steps where there are more than can be drawn. Losses of different "
      + "methods have different terms: compare their course, not their height."
  }

  /// One chart where all runs have the same curve, else one a panel; empty where no run has any.
  private func charts(
    _ name: String, _ points: (Report.Arm) -> [Report.Point], isLarge: Bool, most: Int
  ) -> String {
    let all = block.arms.map(points).filter { !$0.isEmpty }
    guard let first = all.first else { return "" }
    let isSingle = layout.panels.count == 1
    if all.count > 1, !isLarge, all.allSatisfy({ $0 == first }) {
      let line = LineChart.Line(name: name, colour: "var(--soft)", marks: "", band: Band([first], limit: 100))
      return "<div><h3>\(escaped(name)) <span class=\"soft\">(the same in all runs)</span></h3>"
        + (isSingle ? "" : "<div class=\"grid2\">\n")
        + LineChart(title: name, lines: [line], width: 270, height: 170).svg + (isSingle ? "" : "</div>\n") + "</div>\n"
    }
    let width = isSingle && isLarge ? 1000.0 : 270
    let panels = layout.panels.filter { panel in panel.arms.contains { !points($0).isEmpty } }
    // Fewer points a line where there are many lines: the page stays of a size.
    let limit = isSingle && isLarge && layout.seriesCount <= 24 ? 400 : max(24, min(110, 24_000 / max(1, min(panels.count, most) * layout.seriesCount)))
    let drawn = panels.prefix(most).map { panel in (panel, lines(panel, points, limit: limit)) }
    let scales = LineChart.Scales(drawn.flatMap(\.1))
    let charts = drawn.map { panel, lines -> String in
      let chart = LineChart(title: name, lines: lines, width: width, height: isSingle && isLarge ? 300 : 170, scales: scales).svg
      if isSingle { return isLarge ? BlockSections.wide(chart) : "<div><h3>\(escaped(name))</h3>\(chart)</div>\n" }
      return "<div\(layout.marks(panel: panel.key))><h3>\(escaped(layout.panelName(panel.key)))</h3>\(chart)</div>\n"
    }
    let left = panels.count - drawn.count
    return BlockSections.opened(charts, atMost: Self.open, grid: isSingle ? "" : "grid2") { "\($0) more" }
      + (left > 0 ? "<p class=\"soft\">\(left) more charts are left out; the numbers are in metrics.jsonl in each run's folder.</p>\n" : "")
  }

  private func lines(
    _ panel: BlockLayout.Panel, _ points: (Report.Arm) -> [Report.Point], limit: Int
  ) -> [LineChart.Line] {
    panel.series.enumerated().compactMap { series, arms in
      let curves = arms.map(points).filter { !$0.isEmpty }
      return curves.isEmpty ? nil : LineChart.Line(
        name: layout.seriesName(series), colour: layout.colour(series), marks: layout.marks(series: series),
        band: Band(curves, limit: limit))
    }
  }
}
