import Evaluation

/// Accuracy of each class, largest class first, above a strip with the number of its training images:
/// bars for few classes, dots joined by a stem for many.
struct ClassChart {
  let order: ClassOrder
  /// Arms with scores: position, name, accuracy of each class in percent, means of the groups.
  let arms: [(arm: Int, name: String, scores: ArmResult.Scores)]

  private let width = 1000.0
  private var manyClasses: Bool { order.classes.count > 24 }
  private var isNamed: Bool { order.classes.count <= 40 }
  /// Whether a class has room for its name written level.
  private var isWide: Bool { order.classes.count <= 12 }

  var svg: String {
    let nameSpace = isNamed ? (isWide ? 38.0 : 66) : 22
    let plotBottom = 262.0
    let stripBottom = plotBottom + (order.counts == nil ? 4 : 52)
    var drawing = Drawing(width: width, height: stripBottom + nameSpace)
    var frame = Frame()
    frame.top = 26
    frame.bottom = drawing.height - plotBottom
    let top = max(10, arms.flatMap { $0.scores.perClass.filter(\.isFinite) }.max() ?? 100)
    let y = Axis(0, min(100, top * 1.04), from: plotBottom, to: frame.top)
    let slot = (width - frame.left - frame.right) / Double(order.classes.count)
    let x = { (place: Double) in frame.left + place * slot }

    for (position, run) in order.runs.enumerated() where position % 2 == 0 {
      drawing.rectangle(
        x: x(Double(run.places.lowerBound)), y: frame.top, width: Double(run.places.count) * slot,
        height: plotBottom - frame.top, class: "band")
    }
    frame.drawGrid(&drawing, x: nil, y: y, yName: "accuracy, %")
    for run in order.runs {
      let middle = x(Double(run.places.lowerBound + run.places.upperBound) / 2)
      drawing.text(middle, frame.top - 8, run.group.rawValue, anchor: .middle, class: "name")
    }
    if manyClasses { drawDots(&drawing, x, y) } else { drawBars(&drawing, x, y, slot) }
    drawGroupMeans(&drawing, x, y)
    drawStrip(&drawing, x, slot, frame, from: stripBottom, to: plotBottom + 14)
    drawNames(&drawing, x, slot, at: stripBottom)
    let names = arms.map(\.name).joined(separator: ", ")
    return drawing.svg(label: "accuracy of each class, largest class first: \(names)")
  }

  private func title(_ label: Int, _ entry: (arm: Int, name: String, scores: ArmResult.Scores)) -> String {
    "\(order.description(label)) · \(entry.name) \(decimal(entry.scores.perClass[label], 1)) %"
  }

  private func drawBars(_ drawing: inout Drawing, _ x: (Double) -> Double, _ y: Axis, _ slot: Double) {
    let bar = min(26, slot * 0.76 / Double(arms.count))
    for (place, label) in order.classes.enumerated() {
      let left = x(Double(place) + 0.5) - bar * Double(arms.count) / 2
      for (position, entry) in arms.enumerated() where entry.scores.perClass[label].isFinite {
        let height = y(entry.scores.perClass[label])
        drawing.rectangle(
          x: left + Double(position) * bar + 0.75, y: height, width: bar - 1.5, height: y(0) - height, radius: 1.5,
          class: "", style: "fill:var(--arm\(ReportStyle.armColour(entry.arm)))", title: title(label, entry))
      }
    }
  }

  private func drawDots(_ drawing: inout Drawing, _ x: (Double) -> Double, _ y: Axis) {
    let radius = order.classes.count > 200 ? 1.5 : 2.8
    for (place, label) in order.classes.enumerated() {
      let centre = x(Double(place) + 0.5)
      let values = arms.map { $0.scores.perClass[label] }.filter(\.isFinite)
      if let low = values.min(), let high = values.max(), high > low {
        drawing.line(centre, y(low), centre, y(high), class: "stem")
      }
      for entry in arms where entry.scores.perClass[label].isFinite {
        drawing.circle(
          centre, y(entry.scores.perClass[label]), radius: radius, class: "",
          style: "fill:var(--arm\(ReportStyle.armColour(entry.arm)))", title: title(label, entry))
      }
    }
  }

  private func drawGroupMeans(_ drawing: inout Drawing, _ x: (Double) -> Double, _ y: Axis) {
    for run in order.runs {
      for entry in arms {
        let mean = entry.scores.mean(of: run.group)
        guard mean.isFinite else { continue }
        drawing.line(
          x(Double(run.places.lowerBound)) + 3, y(mean), x(Double(run.places.upperBound)) - 3, y(mean),
          class: "mean", style: "stroke:var(--arm\(ReportStyle.armColour(entry.arm)))")
      }
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
        drawing.text(centre, bottom + 16, Self.shortened(order.name(label), 14), anchor: .middle)
        drawing.text(centre, bottom + 31, count, anchor: .middle, class: "tick")
      } else {
        drawing.text(
          centre + 4, bottom + 12, Self.shortened(order.name(label), 13), anchor: .end, class: "tick", turned: -40)
      }
    }
  }

  static func shortened(_ text: String, _ length: Int) -> String {
    text.count <= length ? text : text.prefix(length - 1) + "…"
  }
}

extension ArmResult.Scores {
  func mean(of group: GroupAccuracy.Group) -> Double {
    switch group {
    case .many: many
    case .medium: medium
    case .few: few
    }
  }
}
