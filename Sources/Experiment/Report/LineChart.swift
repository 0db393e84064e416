/// Lines over epochs, with bands where they are means of several runs.
package struct LineChart {
  struct Line {
    let name: String
    let colour: String
    /// Attributes that filters look at.
    let marks: String
    let band: Band
  }

  let title: String
  let lines: [Line]
  var width = 1000.0
  var height = 300.0
  /// Of all charts that are to be compared with this one; nil: its own.
  var scales: Scales?

  /// What the charts beside each other share.
  struct Scales {
    let epochs: [Double]
    let values: [Double]

    init(_ lines: [Line]) {
      epochs = Self.ends(lines.flatMap { $0.band.points.map(\.epoch) })
      values = Self.ends(lines.flatMap(\.band.extent))
    }

    private static func ends(_ values: [Double]) -> [Double] {
      let finite = values.filter(\.isFinite)
      return [finite.min(), finite.max()].compactMap { $0 }
    }
  }

  /// More lines than this have no bands, which would hide each other, and no values at their ends.
  package static let mostWithBands = 6

  var svg: String {
    var drawing = Drawing(width: width, height: height)
    var frame = Frame()
    frame.top = 12
    frame.right = 54
    let scales = scales ?? Scales(lines)
    let x = Axis(covering: scales.epochs, from: frame.left, to: width - frame.right, air: 0)
    let y = Axis(covering: scales.values, from: height - frame.bottom, to: frame.top, air: 0.06)
    frame.drawGrid(&drawing, x: x, y: y, xName: "epoch", marks: height > 250 ? 6 : 4)
    if lines.count <= Self.mostWithBands {
      for line in lines { draw(line.band, line, x, y, in: &drawing) }
    }
    for line in lines {
      let pieces = line.band.points.split { !$0.mean.isFinite }.map { $0.map { (x: x($0.epoch), y: y($0.mean)) } }
      guard !pieces.isEmpty else { continue }
      drawing.raw("<g\(line.marks)><title>\(escaped(line.name))</title>")
      drawing.path(pieces, class: lines.count > 12 ? "line thin" : "line", style: "stroke:\(line.colour)")
      if line.band.points.count <= 30, lines.count <= Self.mostWithBands {
        for point in pieces.joined() { drawing.circle(point.x, point.y, radius: 2.2, class: "", style: "fill:\(line.colour)") }
      }
      drawing.raw("</g>")
    }
    drawLastValues(&drawing, x, y)
    return drawing.svg(
      label: "\(title) over epochs: " + ValueNames.abridged(lines.map(\.name).joined(separator: ", "), 200))
  }

  private func draw(_ band: Band, _ line: Line, _ x: Axis, _ y: Axis, in drawing: inout Drawing) {
    for piece in band.points.split(whereSeparator: { !$0.mean.isFinite || $0.deviation == nil }) where piece.count > 1 {
      let upper = piece.map { (x: x($0.epoch), y: y($0.mean + $0.deviation!)) }
      let lower = piece.reversed().map { (x: x($0.epoch), y: y($0.mean - $0.deviation!)) }
      drawing.raw("<g\(line.marks)>")
      drawing.path([upper + lower], class: "spread", style: "fill:\(line.colour)")
      drawing.raw("</g>")
    }
  }

  /// The last value of each line at its end, moved apart where they would cover each other.
  private func drawLastValues(_ drawing: inout Drawing, _ x: Axis, _ y: Axis) {
    let ends = lines.compactMap { line in line.band.points.last { $0.mean.isFinite }.map { (line, $0) } }
    guard ends.count <= Self.mostWithBands,
      let places = TextRoom.spread(ends.map { y($0.1.mean) + 4 }, gap: 14, in: 12...height - Frame().bottom)
    else { return }
    for ((line, point), place) in zip(ends, places) {
      drawing.raw("<g\(line.marks)>")
      drawing.text(x(point.epoch) + 6, place, Self.short(point.mean), class: "value", style: "fill:\(line.colour)")
      drawing.raw("</g>")
    }
  }

  static func short(_ value: Double) -> String {
    let size = abs(value)
    if size > 0, size < 0.001 || size >= 100_000 { return Axis.scientific(value) }
    return size >= 100 ? decimal(value, 0) : size >= 10 ? decimal(value, 1) : size >= 0.1 || size == 0
      ? decimal(value, 2) : decimal(value, size >= 0.01 ? 3 : 4)
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
