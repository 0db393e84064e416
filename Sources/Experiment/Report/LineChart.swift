/// Lines over epochs, one for each arm that has the curve.
package struct LineChart {
  struct Line {
    /// Position of the arm, which gives the colour.
    let arm: Int
    let name: String
    let points: [Report.Point]
  }

  let title: String
  let lines: [Line]
  var width = 1000.0
  var height = 300.0
  var logarithmic = false

  var svg: String {
    var drawing = Drawing(width: width, height: height)
    var frame = Frame()
    frame.top = 12
    frame.right = 48
    let thin = lines.map { Self.averaged($0.points, bins: Int(width / 2.5)) }
    let x = Axis(
      covering: lines.flatMap { $0.points.map(\.epoch) }, from: frame.left, to: width - frame.right, air: 0)
    let y = Axis(
      covering: thin.joined().map(\.value), from: height - frame.bottom, to: frame.top, logarithmic: logarithmic,
      air: 0.06)
    frame.drawGrid(&drawing, x: x, y: y, xName: "epoch", marks: height > 250 ? 6 : 4)
    for (line, points) in zip(lines, thin) {
      let pieces = Self.pieces(points) { logarithmic ? $0 > 0 : true }
        .map { $0.map { (x: x($0.epoch), y: y($0.value)) } }
      drawing.path(pieces, class: "line", style: "stroke:var(--arm\(line.arm))")
      if points.count <= 30 {
        for point in pieces.joined() {
          drawing.circle(point.x, point.y, radius: 2.4, class: "dot", style: "fill:var(--arm\(line.arm))")
        }
      }
    }
    drawLastValues(&drawing, thin, x, y, frame)
    return drawing.svg(label: "\(title) over epochs: " + lines.map(\.name).joined(separator: ", "))
  }

  /// The last value of each line at its end, moved apart where they would cover each other.
  private func drawLastValues(
    _ drawing: inout Drawing, _ thin: [[Report.Point]], _ x: Axis, _ y: Axis, _ frame: Frame
  ) {
    var labels: [(arm: Int, x: Double, y: Double, text: String)] = []
    for (line, points) in zip(lines, thin) {
      guard let last = points.last(where: { $0.value.isFinite && (!logarithmic || $0.value > 0) }) else { continue }
      labels.append((line.arm, x(last.epoch), y(last.value) + 4, Self.short(last.value)))
    }
    labels.sort { $0.y < $1.y }
    let room = 8...max(8, height - frame.bottom)
    for place in labels.indices {
      let above = place > 0 ? labels[place - 1].y + 13 : room.lowerBound
      labels[place].y = max(labels[place].y, above)
    }
    for place in labels.indices.reversed() {
      let below = place + 1 < labels.count ? labels[place + 1].y - 13 : room.upperBound
      labels[place].y = min(labels[place].y, below)
    }
    for label in labels {
      drawing.text(label.x + 6, label.y, label.text, class: "value", style: "fill:var(--arm\(label.arm))")
    }
  }

  static func short(_ value: Double) -> String {
    let size = abs(value)
    return size >= 100 ? decimal(value, 0) : size >= 10 ? decimal(value, 1) : size >= 0.1 || size == 0
      ? decimal(value, 2) : decimal(value, 4)
  }

  /// Runs of drawable points: a value that is not finite is a gap.
  private static func pieces(
    _ points: [Report.Point], where isDrawable: (Double) -> Bool
  ) -> [[Report.Point]] {
    points.split { !$0.value.isFinite || !isDrawable($0.value) }.map(Array.init)
  }

  /// Means of neighbouring points, so that at most `bins` are drawn. A mean with a value that is not finite
  /// is not finite.
  package static func averaged(_ points: [Report.Point], bins: Int) -> [Report.Point] {
    guard points.count > bins, bins > 0 else { return points }
    return (0..<bins).map { bin in
      let part = points[bin * points.count / bins..<(bin + 1) * points.count / bins]
      let share = 1 / Double(part.count)
      return Report.Point(
        part.reduce(0) { $0 + $1.epoch } * share, part.reduce(0) { $0 + $1.value } * share)
    }
  }
}
