import Evaluation

/// Accuracy of each class, largest class first, above a strip with the number of its training images:
/// bars for few classes, dots joined by a stem for many.
struct ClassChart {
  let order: ClassOrder
  /// What is measured, as `accuracy, %`.
  let measure: String
  let entries: [Entry]

  /// The same number of each class, of one run or of several.
  struct Entry {
    let name: String
    let colour: String
    let marks: String
    /// By class.
    let means: [Double]
    /// Nil where there is one run.
    let deviations: [Double?]

    var highest: Double { zip(means, deviations).map { $0 + ($1 ?? 0) }.filter(\.isFinite).max() ?? 0 }

    init(_ runs: [[Double]], name: String, colour: String, marks: String) {
      self.name = name
      self.colour = colour
      self.marks = marks
      let spreads = (runs.first ?? []).indices.map { label in Spread(runs.map { $0[label] }) }
      means = spreads.map { $0?.mean ?? .nan }
      deviations = spreads.map { $0?.deviation }
    }
  }

  var width = 1000.0
  /// The value to draw up to, which charts beside each other share.
  let highest: Double
  private var manyClasses: Bool { order.classes.count > 24 }
  private var isNamed: Bool { order.classes.count <= (width > 600 ? 40 : 20) }
  /// Whether a class has room for its name written level.
  private var isWide: Bool { order.classes.count <= (width > 600 ? 12 : 5) }

  var svg: String {
    let nameSpace = isNamed ? (isWide ? 38.0 : 66) : 22
    let plotBottom = 262.0
    let stripBottom = plotBottom + (order.counts == nil ? 4 : 52)
    var drawing = Drawing(width: width, height: stripBottom + nameSpace)
    var frame = Frame()
    frame.top = 26
    frame.bottom = drawing.height - plotBottom
    let y = Axis(0, min(100, max(10, highest) * 1.04), from: plotBottom, to: frame.top)
    let slot = (width - frame.left - frame.right) / Double(order.classes.count)
    let x = { (place: Double) in frame.left + place * slot }

    for (position, run) in order.runs.enumerated() where position % 2 == 0 {
      drawing.rectangle(
        x: x(Double(run.places.lowerBound)), y: frame.top, width: Double(run.places.count) * slot,
        height: plotBottom - frame.top, class: "band")
    }
    frame.drawGrid(&drawing, x: nil, y: y, yName: measure)
    drawGroupNames(&drawing, x, at: frame.top - 8)
    if manyClasses { drawDots(&drawing, x, y) } else { drawBars(&drawing, x, y, slot) }
    drawGroupMeans(&drawing, x, y)
    drawStrip(&drawing, x, slot, frame, from: stripBottom, to: plotBottom + 14)
    drawNames(&drawing, x, slot, at: stripBottom)
    let names = ValueNames.abridged(entries.map(\.name).joined(separator: ", "), 200)
    return drawing.svg(label: "\(measure) of each class, largest class first: \(names)")
  }

  /// Names of the groups over their classes; those of narrow groups are moved, and left out where there is no room.
  private func drawGroupNames(_ drawing: inout Drawing, _ x: (Double) -> Double, at y: Double) {
    let first = Frame().left + TextRoom.width(measure)
    let middles = order.runs.map { x(Double($0.places.lowerBound + $0.places.upperBound) / 2) }
    guard let places = TextRoom.spread(middles, gap: 58, in: first...max(first, width - 40)) else { return }
    for (run, place) in zip(order.runs, places) {
      drawing.text(place, y, run.group.rawValue, anchor: .middle, class: "name")
    }
  }

  private func title(_ label: Int, _ entry: Entry) -> String {
    "\(order.description(label)) · \(entry.name) \(decimal(entry.means[label], 1))"
      + (entry.deviations[label].map { " ± \(decimal($0, 1))" } ?? "")
  }

  private func drawBars(_ drawing: inout Drawing, _ x: (Double) -> Double, _ y: Axis, _ slot: Double) {
    let bar = min(26, slot * 0.76 / Double(entries.count))
    let gap = min(0.75, bar * 0.1)
    for (position, entry) in entries.enumerated() {
      drawing.raw("<g\(entry.marks)>")
      for (place, label) in order.classes.enumerated() where entry.means[label].isFinite {
        let left = x(Double(place) + 0.5) - bar * Double(entries.count) / 2 + Double(position) * bar
        let height = y(entry.means[label])
        drawing.rectangle(
          x: left + gap, y: height, width: bar - 2 * gap, height: y(0) - height, radius: min(1.5, bar / 4), class: "",
          style: "fill:\(entry.colour)", title: title(label, entry))
        if let deviation = entry.deviations[label], bar >= 3 {
          let middle = left + bar / 2
          drawing.line(
            middle, y(max(0, entry.means[label] - deviation)), middle,
            y(min(y.high, entry.means[label] + deviation)), class: "whisker")
        }
      }
      drawing.raw("</g>")
    }
  }

  private func drawDots(_ drawing: inout Drawing, _ x: (Double) -> Double, _ y: Axis) {
    let radius = order.classes.count > 200 ? 1.5 : 2.8
    for (place, label) in order.classes.enumerated() {
      let values = entries.map { $0.means[label] }.filter(\.isFinite)
      if let low = values.min(), let high = values.max(), high > low {
        drawing.line(x(Double(place) + 0.5), y(low), x(Double(place) + 0.5), y(high), class: "stem")
      }
    }
    for entry in entries {
      drawing.raw("<g\(entry.marks) style=\"fill:\(entry.colour)\">")
      for (place, label) in order.classes.enumerated() where entry.means[label].isFinite {
        drawing.circle(
          x(Double(place) + 0.5), y(entry.means[label]), radius: radius, class: "", title: title(label, entry))
      }
      drawing.raw("</g>")
    }
  }

  private func drawGroupMeans(_ drawing: inout Drawing, _ x: (Double) -> Double, _ y: Axis) {
    for entry in entries {
      drawing.raw("<g\(entry.marks)>")
      for run in order.runs {
        guard let mean = Spread(run.places.map { entry.means[order.classes[$0]] })?.mean else { continue }
        drawing.line(
          x(Double(run.places.lowerBound)) + 3, y(mean), x(Double(run.places.upperBound)) - 3, y(mean),
          class: "mean", style: "stroke:\(entry.colour)")
      }
      drawing.raw("</g>")
    }
  }

  private func drawStrip(
    _ drawing: inout Drawing, _ x: (Double) -> Double, _ slot: Double, _ frame: Frame, from bottom: Double,
    to top: Double
  ) {
    guard let counts = order.counts else { return }
    let y = Axis(0, Double(max(1, counts.max() ?? 1)), from: bottom, to: top)
    let gap = min(6, slot * 0.12)
    for (place, label) in order.classes.enumerated() {
      drawing.rectangle(
        x: x(Double(place)) + gap, y: y(Double(counts[label])), width: slot - 2 * gap,
        height: max(0.8, bottom - y(Double(counts[label]))), class: "size", title: order.description(label))
    }
    drawing.text(frame.left - 7, top + 10, "\(counts.max() ?? 0)", anchor: .end, class: "tick")
    drawing.text(frame.left - 7, bottom, "images", anchor: .end, class: "tick")
    drawing.line(frame.left, bottom, width - frame.right, bottom, class: "axis")
  }

  private func drawNames(_ drawing: inout Drawing, _ x: (Double) -> Double, _ slot: Double, at bottom: Double) {
    guard isNamed else {
      drawing.text(x(0), bottom + 15, "largest class", class: "name")
      drawing.text(x(Double(order.classes.count)), bottom + 15, "smallest class", anchor: .end, class: "name")
      return
    }
    for (place, label) in order.classes.enumerated() {
      let centre = x(Double(place) + 0.5)
      let count = order.counts.map { "\($0[label])" } ?? ""
      if isWide {
        drawing.text(centre, bottom + 16, TextRoom.fitted(order.name(label), into: min(slot - 8, 180)), anchor: .middle)
        drawing.text(centre, bottom + 31, count, anchor: .middle, class: "tick")
      } else {
        drawing.text(
          centre + 4, bottom + 12, TextRoom.fitted(order.name(label), into: 84, size: 11), anchor: .end, class: "tick", turned: -40)
      }
    }
  }
}
