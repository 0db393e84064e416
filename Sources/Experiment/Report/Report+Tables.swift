/// The numbers: first by the axes, then everything.
extension BlockSections {
  /// Tables of more lines are behind a click, unless they lead.
  private static let mostLines = 30

  var tableSections: String {
    var tables = block.tables.reduce(into: [Report.Table]()) { kept, table in
      if let place = kept.firstIndex(where: { $0.asksForTheSame(as: table) }) {
        if table.lines.joined(\.cells).contains(where: { $0.published != nil }) { kept[place] = table }
      } else {
        kept.append(table)
      }
    }
    // Those with published numbers are what the reader came for.
    let isPublished = { (table: Report.Table) in table.lines.joined(\.cells).contains { $0.published != nil } }
    tables = tables.filter(isPublished) + tables.filter { !isPublished($0) }
    if let leading = layout.leadingTable, !tables.contains(where: { $0.asksForTheSame(as: leading) }) {
      tables.insert(leading, at: tables.first.map(isPublished) == true ? tables.count : 0)
    }
    let full = ([layout.fullTable].compactMap { $0 } + layout.furtherTables).filter { own in
      !tables.contains { $0.asksForTheSame(as: own) }
    }
    let leading = tables.prefix(4).enumerated().map { section($1, isFirst: $0 == 0) }.joined()
    let more = tables.dropFirst(4).map { table in
      let view = TableView(table, layout)
      return BlockSections.folded(escaped(view.heading), view.html)
    }
    let asked = more.isEmpty ? "" : BlockSections.section("Further tables of the recipe", "", more.joined())
    return leading + asked + full.enumerated().map { section($1, isFirst: tables.isEmpty && $0 == 0) }.joined()
  }

  private func section(_ table: Report.Table, isFirst: Bool) -> String {
    let view = TableView(table, layout)
    let verdict = view.verdict.isEmpty ? "" : "<p class=\"verdict\">\(escaped(view.verdict))</p>\n"
    let content = isFirst || table.lines.count <= Self.mostLines
      ? view.html : BlockSections.folded("\(table.lines.count) rows", view.html)
    return BlockSections.section(
      escaped(view.heading), "", (isFirst || table.columnAxis != nil ? verdict : "") + content
        + "<p class=\"soft\">\(escaped(view.legend(isFirst: isFirst) + measures(table)))</p>\n")
  }

  /// What the columns of a table of all scores are.
  private func measures(_ table: Report.Table) -> String {
    guard table.columnAxis == nil else { return "" }
    let probe = table.probe.isEmpty ? "the recipe's first probe" : "another probe"
    let scores = table.columns.contains("average")
      ? " By \(probe) of the frozen representation, accuracy in percent: mean over the classes with many, medium and few training "
        + "images, the standard deviation of these three (lower is more even), mean over all classes, share of all test images."
      : ""
    let others = table.columns.filter { ["inter_class", "neighbourhood", "least_share", "loss"].contains($0) }
      .map { Measure(name: $0) }.map { "\($0.title): \($0.meaning)." }
    return scores + (others.isEmpty ? "" : " " + others.joined(separator: " "))
  }
}

extension Sequence {
  fileprivate func joined<T>(_ path: (Element) -> [T]) -> [T] { flatMap(path) }
}
