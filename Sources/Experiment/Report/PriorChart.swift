import Foundation

/// The estimated class prior beside the true distribution of classes.
///
/// Vertices of the structure carry no class names, and there may be more or fewer of them than classes. So
/// both are sorted, drawn over the same width, and measured in even shares: 1 is what each would have if
/// all were equal.
package struct PriorChart {
  /// Training images of each class, if known.
  let classCounts: [Int]?
  let arms: [(arm: Int, name: String, priors: [Report.Prior])]

  private let width = 1000.0
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
    let latest = arms.map { Self.evenShares($0.priors.last?.shares ?? []) }
    let first = arms.map { $0.priors.count > 1 ? Self.evenShares($0.priors[0].shares) : [] }
    let x = Axis(0, 100, from: frame.left, to: width - frame.right)
    let y = Axis(
      covering: (latest + first + [truth, [1]]).joined(), from: height - frame.bottom, to: frame.top,
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
    for (entry, (last, early)) in zip(arms, zip(latest, first)) {
      let colour = "stroke:var(--arm\(ReportStyle.armColour(entry.arm)))"
      drawing.path([steps(early, x, y)], class: "line faint", style: colour)
      drawing.path([steps(last, x, y)], class: "line", style: colour)
    }
    return drawing.svg(label: "estimated class prior and true class distribution, both sorted")
  }

  /// A staircase over the shares that are not zero.
  private func steps(_ shares: [Double], _ x: Axis, _ y: Axis) -> [(x: Double, y: Double)] {
    shares.enumerated().filter { $0.element > 0 }.flatMap { place, share in
      [place, place + 1].map { (x: x(100 * Double($0) / Double(shares.count)), y: y(share)) }
    }
  }

  /// What the chart shows, in numbers: a line for the truth and one for each arm.
  var sentences: [String] {
    var lines: [String] = []
    if let classCounts, let most = classCounts.max(), let least = classCounts.filter({ $0 > 0 }).min() {
      let effective = Self.effectiveNumber(classCounts.map(Double.init))
      lines.append(
        "True classes: \(classCounts.count), as spread out as \(decimal(effective, 1)) equal ones; "
          + "the largest has \(decimal(Double(most) / Double(least), 0)) times the images of the smallest.")
    }
    for entry in arms {
      guard let last = entry.priors.last else { continue }
      let empty = last.shares.filter { $0 <= 0 }.count
      lines.append(
        "\(entry.name): \(last.shares.count) vertices, as spread out as "
          + "\(decimal(Self.effectiveNumber(last.shares), 1)) equal ones"
          + (empty > 0 ? "; \(empty) empty." : "."))
    }
    return lines
  }
}
