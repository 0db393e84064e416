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
      for label in labels {
        let cloud = points[label]!
        let x = cloud.map(\.x).sorted()[cloud.count / 2]
        let y = cloud.map(\.y).sorted()[cloud.count / 2]
        drawing.text(x, y + 4, order.name(label), anchor: .middle, class: "halo")
      }
    }
    return drawing.svg(label: "\(name): \(map.caption)", class: "map")
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
