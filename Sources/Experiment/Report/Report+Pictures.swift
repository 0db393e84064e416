/// Embedded images of some runs.
extension BlockSections {
  var pictureSection: String {
    let choice = PictureChoice(layout)
    func drawn(_ positions: [Int]) -> [Report.Arm] { positions.map { block.arms[$0] }.filter { $0.map != nil } }
    let (shown, folded) = (drawn(choice.shown), drawn(choice.folded))
    let maps = (shown + folded).compactMap(\.map)
    guard let first = maps.first else { return "" }
    let largest = maps.compactMap { $0.labels.max() }.max() ?? -1
    let classes = (shown + folded).reduce(largest + 1) { max($0, $1.result?.classCounts?.count ?? 0, $1.result?.classNames?.count ?? 0) }
    let isLarge = shown.count <= 2
    let captions = Set(maps.map(\.caption))
    let one = captions.count == 1 ? " " + "Each picture: " + escaped(first.caption) + "." : ""
    let place = first.bins == nil
      ? "Images by the likeness of their representations; distances between far groups mean little."
      : "Directions of embeddings of two numbers: on the ring whose part of the circle it is, inwards how many samples lie there."
    let left = block.arms.count { $0.result != nil } - choice.shown.count - choice.folded.count
    func panels(_ arms: [Report.Arm]) -> String { pictures(arms, classes: classes, isLarge: isLarge, hasOneCaption: captions.count == 1) }
    let colours = largest < 0 ? "" : classLegend(ClassOrder(shown.first ?? folded.first, count: classes, colours: colourCounts))
    return BlockSections.section(
      "Embedding", "\(place)\(one) \(escaped(choice.reason))",
      colours + panels(shown) + (folded.isEmpty ? "" : BlockSections.folded("\(folded.count) more", panels(folded)))
        + (left > 0 ? "<p class=\"soft\">\(left) more are not drawn; their points are in embedding.json in each run's folder.</p>\n" : ""))
  }

  /// Pictures under the names of their panels.
  private func pictures(_ arms: [Report.Arm], classes: Int, isLarge: Bool, hasOneCaption: Bool) -> String {
    let keys = arms.map { arm in layout.facets.map { arm.values[$0] } }
    return keys.uniqued().map { key in
      let own = zip(keys, arms).filter { $0.0 == key }.map(\.1)
      let items = own.map { arm in picture(arm, classes: classes, isLarge: isLarge, hasOneCaption: hasOneCaption) }
      let name = key.isEmpty ? "" : "<h3\(layout.marks(panel: key))>\(escaped(layout.panelName(key)))</h3>\n"
      return "\(name)<div class=\"\(isLarge ? "grid5" : "grid3")\">\n\(items.joined())</div>\n"
    }.joined()
  }

  private func picture(_ arm: Report.Arm, classes: Int, isLarge: Bool, hasOneCaption: Bool) -> String {
    guard let map = arm.map else { return "" }
    let series = layout.shown.last.map { arm.values[$0] } ?? 0
    let seeds = layout.seedName(arm)
    let caption = [seeds, hasOneCaption ? "" : map.caption].filter { !$0.isEmpty }.joined(separator: " · ")
    let order = ClassOrder(arm, count: classes, colours: colourCounts)
    let name = layout.fullName(arm)
    return "<div\(layout.marks(run: arm))><p class=\"name-line\">\(layout.chip(series))\(escaped(layout.seriesName(series)))"
      + (caption.isEmpty ? "" : " <span class=\"soft\">\(escaped(caption))</span>") + "</p>"
      + (map.bins.map { CircleChart(name: name, map: map, bins: $0, order: order).svg }
        ?? MapChart(name: name, map: map, order: order, isNamed: isLarge).svg) + "</div>\n"
  }

  private func classLegend(_ order: ClassOrder) -> String {
    guard order.classes.count <= ReportStyle.classColours.count else {
      return "<p class=\"soft\">Colours run from the largest class (blue) to the smallest (yellow).</p>\n"
    }
    // Numbers of images only where all runs have the same.
    let counts = Set(layout.results.compactMap(\.classCounts))
    let items = order.classes.sorted().map { label in
      let count = counts.count == 1 ? order.counts.map { " <small>\($0[label])</small>" } ?? "" : ""
      return "<li><span class=\"chip\" style=\"background:\(order.colour(label))\"></span>"
        + "<span>\(escaped(order.name(label)))\(count)</span></li>"
    }
    return "<ul class=\"legend\">\(items.joined())</ul>\n"
  }
}
