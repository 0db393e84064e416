/// The page, section by section in reading order. A section without data is left out.
extension Report {
  /// One HTML document that needs nothing else: styles and drawings inside, no script, light or dark as the
  /// reader's system is.
  public var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title)) · Harmonia</title>
    <style>
    \(ReportStyle.sheet)
    </style>
    </head>
    <body>
    <main>
    <header>
    <h1>\(escaped(title))</h1>
    \(subtitle.isEmpty ? "" : "<p class=\"lead\">\(escaped(subtitle))</p>")
    \(armLegend)
    </header>
    \(scoreSection)\(furtherSections)\(lossSection)\(classSection)\(shareSection)\(priorSection)\(mapSection)\(settingsSection)\(footer)</main>
    </body>
    </html>

    """
  }

  func section(_ heading: String, _ lead: String, _ content: String) -> String {
    let lead = lead.isEmpty ? "" : "<p class=\"soft\">\(lead)</p>\n"
    return "<section>\n<h2>\(heading)</h2>\n\(lead)\(content)</section>\n"
  }

  /// A drawing that is scrolled, not shrunk, where the window is narrow.
  private func wide(_ drawing: String) -> String { "<div class=\"wide\">\n\(drawing)</div>\n" }

  private var armLegend: String {
    let items = arms.enumerated().map { arm, entry in
      let note = entry.seconds.map { " <small>trained in \(escaped(ProgressReport.clock($0)))</small>" } ?? ""
      return "<li>\(chip(arm))<span>\(escaped(entry.name))\(note)</span></li>"
    }
    return "<ul class=\"legend\">\(items.joined())</ul>"
  }

  private func lines(_ points: (Arm) -> [Point]) -> [LineChart.Line] {
    arms.enumerated().compactMap { arm, entry in
      let found = points(entry)
      return found.isEmpty
        ? nil : LineChart.Line(arm: ReportStyle.armColour(arm), name: entry.name, points: found)
    }
  }

  private var lossSection: String {
    let losses = lines(\.loss)
    var names: [String] = []
    for name in arms.flatMap({ $0.curves.map(\.name) }) where !names.contains(name) { names.append(name) }
    guard !losses.isEmpty || !names.isEmpty else { return "" }
    var content = losses.isEmpty ? "" : wide(LineChart(title: "training loss", lines: losses).svg)
    let small = names.map { name in
      let found = lines { arm in arm.curves.first { $0.name == name }?.points ?? [] }
      return "<div><h3>\(escaped(name))</h3>"
        + LineChart(title: name, lines: found, width: 330, height: 190).svg + "</div>\n"
    }
    if !small.isEmpty { content += "<div class=\"grid2\">\n\(small.joined())</div>\n" }
    return section(
      "Training loss", "Means of neighbouring steps where there are more than can be drawn. Losses of different "
        + "methods have different terms: compare their course, not their height.", content)
  }

  private var classSection: String {
    let classes = scored.map(\.scores.perClass.count).max() ?? 0
    let entries = scored.filter { $0.scores.perClass.count == classes }
    guard classes > 0, !entries.isEmpty else { return "" }
    let chart = ClassChart(
      order: ClassOrder(self, count: classes), arms: entries.map { ($0.arm, $0.entry.name, $0.scores) })
    return section(
      "Accuracy by class", "From the largest class to the smallest, above the number of training images. Dashed: "
        + "mean of a group.", wide(chart.svg))
  }

  private var priorSection: String {
    let entries = arms.enumerated().filter { !$0.element.priors.isEmpty }
    guard !entries.isEmpty else { return "" }
    let chart = PriorChart(
      classCounts: classCounts, arms: entries.map { ($0.offset, $0.element.name, $0.element.priors) })
    let sentences = chart.sentences.map { "<p class=\"soft\">\(escaped($0))</p>" }.joined(separator: "\n")
    let truth = classCounts == nil ? "" : " Grey: the true distribution, which training never sees."
    return section(
      "Class prior", "Line: the share of images on each vertex of the structure as estimated last; faint: the first "
        + "estimate. Vertices have no names, so both are sorted.\(truth)", wide(chart.svg) + sentences + "\n")
  }

  private var mapSection: String {
    let entries = arms.enumerated().compactMap { arm, entry in entry.map.map { (arm: arm, entry: entry, map: $0) } }
    guard !entries.isEmpty else { return "" }
    let largest = entries.compactMap { $0.map.labels.max() }.max() ?? -1
    let order = ClassOrder(self, count: max(classCounts?.count ?? 0, classNames?.count ?? 0, largest + 1))
    let panels = entries.map { arm, entry, map in
      "<div><h3>\(chip(arm)) \(escaped(entry.name)) <span class=\"count\">\(escaped(map.caption))</span></h3>"
        + (map.bins.map { CircleChart(name: entry.name, map: map, bins: $0, order: order).svg }
          ?? MapChart(name: entry.name, map: map, order: order).svg) + "</div>\n"
    }
    let colours = order.classes.count > ReportStyle.classColours.count
      ? "Colours run from the largest class (blue) to the smallest (yellow)." : mapLegend(order)
    return section(
      "Embedding", "Images by the likeness of their representations; distances between far groups mean little.",
      "<div class=\"grid2\">\n\(panels.joined())</div>\n\(largest < 0 ? "" : "<p class=\"soft\">\(colours)</p>\n")")
  }

  private func mapLegend(_ order: ClassOrder) -> String {
    let items = order.classes.map { label in
      let count = order.counts.map { " <small>\($0[label])</small>" } ?? ""
      return "<li><span class=\"chip\" style=\"background:\(order.colour(label))\"></span>"
        + "<span>\(escaped(order.name(label)))\(count)</span></li>"
    }
    return "</p><ul class=\"legend\">\(items.joined())</ul><p>"
  }

  private var settingsSection: String {
    func table(_ settings: [Setting]) -> String {
      let rows = settings.map { "<tr><td>\(escaped($0.name))</td><td><code>\(escaped($0.value))</code></td></tr>\n" }
      return "<table class=\"settings\">\n\(rows.joined())</table>\n"
    }
    var content = settings.isEmpty ? "" : table(settings)
    for (arm, entry) in arms.enumerated() where !entry.settings.isEmpty {
      content += "<h3 style=\"margin-top:14px\">\(chip(arm)) \(escaped(entry.name))</h3>\n" + table(entry.settings)
    }
    return content.isEmpty ? "" : section("Settings", "", content)
  }

  private var footer: String {
    notes.isEmpty ? "" : "<footer>\n" + notes.map { "<p>\(escaped($0))</p>\n" }.joined() + "</footer>\n"
  }
}
