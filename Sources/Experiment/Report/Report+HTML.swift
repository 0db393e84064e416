/// The page, section by section in reading order. A section without data is left out.
extension Report {
  /// One HTML document that needs nothing else: styles and drawings inside, no script, light or dark as the
  /// reader's system is.
  public var html: String {
    let sections = blocks.enumerated().map { BlockSections(BlockLayout($1, number: $0), isAlone: blocks.count == 1) }
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(escaped(title)) · Harmonia</title>
    <style>
    \(ReportStyle.sheet)
    \(sections.map(\.layout.filterRules).joined(separator: "\n"))
    </style>
    </head>
    <body>
    <main>
    <header>
    <h1>\(escaped(title))</h1>
    \(subtitle.isEmpty ? "" : "<p class=\"lead\">\(escaped(subtitle))</p>\n")\(remarks.map { "<p class=\"remark\">\(escaped($0))</p>\n" }.joined())</header>
    \(sections.map(\.html).joined())\(footer)</main>
    </body>
    </html>

    """
  }

  private var footer: String {
    notes.isEmpty ? "" : "<footer>\n" + notes.map { "<p>\(escaped($0))</p>\n" }.joined() + "</footer>\n"
  }
}

/// The sections of one block. Each has its own file: tables, curves, classes, pictures, runs, settings.
struct BlockSections {
  let layout: BlockLayout
  /// Whether the page has no other block, so that its title need not be told apart.
  let isAlone: Bool

  var block: Report.Block { layout.block }

  init(_ layout: BlockLayout, isAlone: Bool) {
    self.layout = layout
    self.isAlone = isAlone
  }

  var html: String {
    heading + layout.filterBar + tableSections + curveSection + classSections + shareSection + priorSection + pictureSection
      + failureSection + runSection + settingsSection
  }

  static func section(_ heading: String, _ lead: String, _ content: String) -> String {
    let lead = lead.isEmpty ? "" : "<p class=\"soft\">\(lead)</p>\n"
    return "<section>\n<h2>\(heading)</h2>\n\(lead)\(content)</section>\n"
  }

  /// What is scrolled, not shrunk, where the window is narrow.
  static func wide(_ content: String) -> String { "<div class=\"wide\">\n\(content)</div>\n" }

  /// What is there for those who ask; nothing for nothing.
  static func folded(_ summary: String, _ content: String) -> String {
    content.isEmpty ? "" : "<details>\n<summary>\(summary)</summary>\n\(content)</details>\n"
  }

  /// The first as they are, the rest behind a click.
  static func opened(_ parts: [String], atMost count: Int, grid: String = "grid2", rest: (Int) -> String) -> String {
    func wrapped(_ parts: some Collection<String>) -> String {
      grid.isEmpty ? parts.joined() : "<div class=\"\(grid)\">\n\(parts.joined())</div>\n"
    }
    guard !parts.isEmpty else { return "" }
    let more = parts.dropFirst(count)
    return wrapped(parts.prefix(count)) + (more.isEmpty ? "" : folded(rest(more.count), wrapped(more)))
  }

  /// The colours of those that are drawn, where there is more than one value.
  func legend(of drawn: Set<Int>) -> String {
    guard layout.seriesCount > 1 else { return "" }
    let there = (0..<layout.seriesCount).filter { position in
      drawn.contains(position) && layout.panels.contains { !$0.series[position].isEmpty }
    }
    let axis = layout.isOfRecipes ? "" : "<li class=\"soft\">\(escaped(layout.seriesAxis))</li>"
    // Many values are a row of colours, of which the ends and some between are named.
    let step = max(1, there.count / 24)
    let items = there.enumerated().filter { $0.offset % step == 0 || $0.offset == there.count - 1 }.map { _, position in
      "<li\(layout.marks(series: position))>\(layout.chip(position))<span>\(escaped(layout.seriesName(position)))</span></li>"
    }
    return "<ul class=\"legend\">\(axis)\(items.joined())</ul>\n"
  }

  // MARK: Heading

  /// What was run, in a sentence.
  private var heading: String {
    var lines: [String] = []
    if !isAlone { lines.append("<h2 class=\"block\">\(escaped(block.name.isEmpty ? "Recipes" : block.name))</h2>\n") }
    if !block.doc.isEmpty { lines.append("<p class=\"lead\">\(escaped(block.doc))</p>\n") }
    if let sentence { lines.append("<p class=\"soft\">\(escaped(sentence))</p>\n") }
    return lines.isEmpty ? "" : "<header>\n\(lines.joined())</header>\n"
  }

  private var sentence: String? {
    let count = block.arms.count
    if count == 1, layout.isOfRecipes, block.name.isEmpty { return block.arms[0].name + (block.arms[0].seconds.map { ": trained in \(ProgressReport.clock($0))" } ?? "") }
    let axes = (layout.shown + layout.seeds).map { "\(block.axes[$0].values.count) \(layout.axisNames[$0])" }
    let product = layout.isOfRecipes && layout.seeds.isEmpty || axes.isEmpty ? "" : ": " + axes.joined(separator: " × ")
    let skipped = block.skipped > 0 ? ", \(block.skipped) combinations skipped" : ""
    let failed = block.arms.count { if case .failed = $0.state { true } else { false } }
    let open = block.arms.count { $0.state == .open }
    let states = [(failed, "failed"), (open, "not done")].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    let done = states.isEmpty ? "" : "; " + (["\(count - failed - open) done"] + states).joined(separator: ", ")
    let seconds = block.arms.compactMap(\.seconds).reduce(0, +)
    let time = seconds > 0 ? "; trained in \(ProgressReport.clock(seconds)) in all" : ""
    return "\(count) run\(count == 1 ? "" : "s")\(product)\(skipped)\(done)\(time)."
  }
}
