/// Embedded images as points in a square, one colour a class. Small classes are painted last.
struct MapChart {
  let name: String
  let map: Report.Map
  let order: ClassOrder

  private let side = 480.0

  var svg: String {
    var drawing = Drawing(width: side, height: side)
    drawing.rectangle(x: 0.5, y: 0.5, width: side - 1, height: side - 1, radius: 8, class: "frame")
    let count = min(map.x.count, map.y.count)
    let visible = (0..<count).filter { map.x[$0].isFinite && map.y[$0].isFinite }
    guard let scale = scale(visible) else {
      return drawing.svg(label: "\(name): no points", class: "map")
    }
    let isLabelled = map.labels.count == map.x.count && map.labels.allSatisfy { order.rank.indices.contains($0) }
    let dot = visible.count > 1200 ? 3.6 : visible.count > 400 ? 4.6 : 6
    var points: [Int: [(x: Double, y: Double)]] = [:]
    for position in visible {
      points[isLabelled ? map.labels[position] : 0, default: []].append(scale(position))
    }
    let labels = isLabelled ? order.classes.filter { points[$0] != nil } : [0]
    for label in labels {
      let colour = isLabelled ? order.colour(label) : "var(--arm0)"
      drawing.raw("<g>" + (isLabelled ? "<title>\(escaped(order.description(label)))</title>" : ""))
      drawing.path(points[label]!.map { [$0] }, class: "cloud", style: "stroke:\(colour);stroke-width:\(dot)")
      drawing.raw("</g>")
    }
    if isLabelled, labels.count <= 12 {
      for name in placedNames(labels.map { ($0, points[$0]!) }) {
        drawing.text(name.x, name.y + 4, name.text, anchor: .middle, class: "halo")
      }
    }
    return drawing.svg(label: "\(name): \(map.caption)", class: "map")
  }

  /// Names of classes at the medians of their points, moved down where they would cover each other.
  private func placedNames(
    _ clouds: [(label: Int, points: [(x: Double, y: Double)])]
  ) -> [(text: String, x: Double, y: Double)] {
    let wanted = clouds.map { label, points in
      let middle = points.count / 2
      return (text: order.name(label), x: points.map(\.x).sorted()[middle], y: points.map(\.y).sorted()[middle])
    }
    var placed: [(text: String, x: Double, y: Double)] = []
    for var name in wanted.sorted(by: { $0.y < $1.y }) {
      let halfWidth = 3.6 * Double(name.text.count)
      name.x = max(halfWidth, min(side - halfWidth, name.x))
      // From top to bottom: what has been pushed once can only meet names further down.
      for other in placed.sorted(by: { $0.y < $1.y })
      where abs(other.x - name.x) < halfWidth + 3.6 * Double(other.text.count) && abs(other.y - name.y) < 14 {
        name.y = other.y + 14
      }
      placed.append(name)
    }
    return placed
  }

  /// Coordinates of a point: the same scale in both directions, everything inside the frame.
  private func scale(_ visible: [Int]) -> ((Int) -> (x: Double, y: Double))? {
    guard let left = visible.map({ map.x[$0] }).min(), let right = visible.map({ map.x[$0] }).max(),
      let low = visible.map({ map.y[$0] }).min(), let high = visible.map({ map.y[$0] }).max()
    else { return nil }
    let extent = max(right - left, high - low)
    let factor = extent > 0 ? (side - 28) / extent : 0
    return { [side, map] position in
      (
        x: side / 2 + (map.x[position] - (left + right) / 2) * factor,
        y: side / 2 - (map.y[position] - (low + high) / 2) * factor
      )
    }
  }
}
