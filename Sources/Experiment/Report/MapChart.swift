/// Embedded images as points in a square, one colour a class. Small classes are painted last.
struct MapChart {
  let name: String
  let map: Report.Map
  let order: ClassOrder
  /// Whether classes are named among their points.
  var isNamed = true

  private let side = 480.0

  var svg: String {
    var drawing = Drawing(width: side, height: side)
    drawing.rectangle(x: 0.5, y: 0.5, width: side - 1, height: side - 1, radius: 8, class: "frame")
    let count = min(map.x.count, map.y.count)
    let visible = (0..<count).filter { map.x[$0].isFinite && map.y[$0].isFinite }
    guard let scale = scale(visible) else {
      return drawing.svg(label: "\(name): no points", class: "map")
    }
    let isLabelled = map.labels.count == map.x.count && map.labels.allSatisfy(order.has)
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
    if isNamed, isLabelled, labels.count <= 12 {
      for name in placedNames(labels.map { ($0, points[$0]!) }) {
        drawing.text(name.x, name.y + 4, name.text, anchor: .middle, class: "halo")
      }
    }
    return drawing.svg(label: "\(name): \(map.caption)", class: "map")
  }

  /// Names of classes at the medians of their points; where one would cover another it is moved up or down, and left out
  /// where there is no room.
  private func placedNames(
    _ clouds: [(label: Int, points: [(x: Double, y: Double)])]
  ) -> [(text: String, x: Double, y: Double)] {
    let (height, air) = (15.0, 6.0)
    var placed: [(text: String, x: Double, y: Double)] = []
    for (label, points) in clouds {
      let text = ValueNames.abridged(order.name(label), 18)
      let half = TextRoom.width(text) / 2 + air / 2
      let x = max(half + 2, min(side - half - 2, points.map(\.x).sorted()[points.count / 2]))
      let y = points.map(\.y).sorted()[points.count / 2]
      let tries = (0...12).flatMap { [y + Double($0) * height, y - Double($0) * height] }
      let free = tries.first { y in
        (height...side - height).contains(y)
          && !placed.contains { abs($0.x - x) < half + TextRoom.width($0.text) / 2 + air / 2 && abs($0.y - y) < height }
      }
      if let free { placed.append((text, x, free)) }
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
