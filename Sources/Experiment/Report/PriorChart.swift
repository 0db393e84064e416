import Foundation

/// The estimated class prior beside the true distribution of classes.
///
/// Vertices of the structure carry no class names, and there may be more or fewer of them than classes. So
/// both are sorted, drawn over the same width, and measured in even shares: 1 is what each would have if
/// all were equal.
package struct PriorChart {
  /// Training images of each class, if known.
  let classCounts: [Int]?
  let entries: [Entry]

  /// One run, or the mean of several, sorted.
  struct Entry {
    let colour: String
    let marks: String
    /// Even shares as estimated last and, where there are several estimates, first.
    let last: [Double]
    let first: [Double]

    /// Runs of as many vertices as the first has.
    init(_ runs: [[Report.Prior]], colour: String, marks: String) {
      func mean(_ shares: [[Double]]) -> [Double] {
        let fitting = shares.filter { $0.count == shares[0].count }
        return shares.isEmpty ? [] : shares[0].indices.map { place in
          fitting.reduce(0) { $0 + $1[place] } / Double(fitting.count)
        }
      }
      self.colour = colour
      self.marks = marks
      last = mean(runs.compactMap { $0.last.map { evenShares($0.shares) } })
      first = mean(runs.compactMap { $0.count > 1 ? evenShares($0[0].shares) : nil })
    }
  }

  var width = 1000.0
  private let height = 290.0

  /// Shares in descending order, times their number.
  package static func evenShares(_ shares: [Double]) -> [Double] {
    let total = shares.reduce(0, +)
    guard total > 0 else { return [] }
    return shares.map { $0 / total * Double(shares.count) }.sorted(by: >)
  }

  /// exp of the entropy: how many equal classes would be as spread out.
  package static func effectiveNumber(_ shares: [Double]) -> Double {
    let total = shares.reduce(0, +)
    return exp(-shares.filter { $0 > 0 }.reduce(0) { $0 + $1 / total * log($1 / total) })
  }

  var svg: String {
    var drawing = Drawing(width: width, height: height)
    var frame = Frame()
    frame.top = 22
    let truth = Self.evenShares((classCounts ?? []).map(Double.init))
    let x = Axis(0, 100, from: frame.left, to: width - frame.right)
    let y = Axis(
      covering: (entries.flatMap { [$0.last, $0.first] } + [truth, [1]]).joined(), from: height - frame.bottom, to: frame.top,
      logarithmic: true)
    let bottom = height - frame.bottom
    for (place, share) in truth.enumerated() where share > 0 {
      let left = x(100 * Double(place) / Double(truth.count))
      let right = x(100 * Double(place + 1) / Double(truth.count))
      let gap = min(2, (right - left) * 0.08)
      drawing.rectangle(
        x: left + gap, y: y(share), width: right - left - 2 * gap, height: bottom - y(share), class: "size",
        title: "true: \(decimal(share / Double(truth.count) * 100)) % of the images")
    }
    frame.drawGrid(&drawing, x: x, y: y, xName: "vertices or classes, largest first, %", yName: "share ÷ even share")
    for entry in entries {
      drawing.raw("<g\(entry.marks)>")
      drawing.path([steps(entry.first, x, y)], class: "line faint", style: "stroke:\(entry.colour)")
      drawing.path([steps(entry.last, x, y)], class: "line", style: "stroke:\(entry.colour)")
      drawing.raw("</g>")
    }
    return drawing.svg(label: "estimated class prior and true class distribution, both sorted")
  }

  /// A staircase over the shares that are not zero.
  private func steps(_ shares: [Double], _ x: Axis, _ y: Axis) -> [(x: Double, y: Double)] {
    shares.enumerated().filter { $0.element > 0 }.flatMap { place, share in
      [place, place + 1].map { (x: x(100 * Double($0) / Double(shares.count)), y: y(share)) }
    }
  }
}
