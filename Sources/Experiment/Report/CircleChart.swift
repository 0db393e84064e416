import Evaluation
import Foundation

/// Embeddings of two numbers by their direction: a ring of bins in the colour of the class each belongs to, and inwards
/// of each bin a bar as long as there are samples in it, coloured by class from the largest to the smallest.
struct CircleChart {
  let name: String
  let map: Report.Map
  let bins: Int
  let order: ClassOrder

  private let side = 480.0
  private let ring = (inner: 212.0, outer: 230.0)
  private let bars = (inner: 40.0, outer: 206.0)

  var svg: String {
    var drawing = Drawing(width: side, height: side)
    drawing.rectangle(x: 0.5, y: 0.5, width: side - 1, height: side - 1, radius: 8, class: "frame")
    let counts = counts()
    guard let longest = counts.map({ $0.reduce(0, +) }).max(), longest > 0 else {
      return drawing.svg(label: "\(name): no points", class: "map")
    }
    for (bin, own) in counts.enumerated() {
      guard let most = own.max(), most > 0, let owner = own.firstIndex(of: most) else { continue }
      drawing.raw("<g><title>\(escaped(title(own)))</title>")
      segment(bin, from: ring.inner, to: ring.outer, owner, in: &drawing)
      var radius = bars.outer
      for label in order.classes where own[label] > 0 {
        let inner = radius - (bars.outer - bars.inner) * Double(own[label]) / Double(longest)
        segment(bin, from: inner, to: radius, label, in: &drawing)
        radius = inner
      }
      drawing.raw("</g>")
    }
    return drawing.svg(label: "\(name): \(map.caption)", class: "map")
  }

  /// Samples of each bin by class.
  private func counts() -> [[Int]] {
    let classes = order.classes.count
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes), count: max(1, bins))
    for position in 0..<min(map.x.count, map.y.count, map.labels.count) {
      let (x, y, label) = (map.x[position], map.y[position], map.labels[position])
      guard x.isFinite, y.isFinite, (0..<classes).contains(label),
        let bin = CircleShares.bin(x: x, y: y, of: counts.count)
      else { continue }
      counts[bin][label] += 1
    }
    return counts
  }

  private func title(_ own: [Int]) -> String {
    order.classes.filter { own[$0] > 0 }.map { "\(order.name($0)): \(own[$0])" }.joined(separator: ", ")
  }

  private func segment(_ bin: Int, from inner: Double, to outer: Double, _ label: Int, in drawing: inout Drawing) {
    func point(_ radius: Double, _ place: Double) -> (x: Double, y: Double) {
      let angle = 2 * Double.pi * (Double(bin) + place) / Double(bins)
      return (x: side / 2 + radius * cos(angle), y: side / 2 - radius * sin(angle))
    }
    let places = [0.04, 0.5, 0.96]
    drawing.path(
      [places.map { point(outer, $0) } + places.reversed().map { point(inner, $0) }], class: "segment",
      style: "fill:\(order.colour(label))")
  }
}
