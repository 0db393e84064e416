import VisibleText

/// How many images each class has, for the plan.
struct ClassCountsText {
  let counts: [Int]
  let names: [String]

  /// Classes shown one a line; more of them are drawn as a curve from the largest to the smallest.
  private static let most = 12
  private static let width = 40

  /// Images of the largest class over those of the smallest; nil without both.
  static func imbalance(_ counts: [Int]) -> Double? {
    guard let most = counts.max(), let least = counts.min(), least > 0 else { return nil }
    return Double(most) / Double(least)
  }

  var lines: [String] {
    guard let most = counts.max(), let least = counts.min() else { return [] }
    let ratio = Self.imbalance(counts).map { "imbalance \(PlanText.number($0))" } ?? "some have no image"
    let head = "\(counts.count) classes of \(least)…\(most) images, \(ratio)"
    return [head] + (counts.count <= Self.most ? bars(most) : curve)
  }

  private func bars(_ most: Int) -> [String] {
    let labels = counts.indices.map { $0 < names.count ? String(names[$0].visibleLine.prefix(20)) : "\($0)" }
    let (wide, digits) = (labels.map(\.count).max() ?? 0, String(most).count)
    return zip(labels, counts).map { label, count in
      let bar = String(repeating: "█", count: (count * Self.width + most - 1) / max(1, most))
      let number = String(count)
      return label + String(repeating: " ", count: wide - label.count + 2 + digits - number.count) + number + " " + bar
    }
  }

  private var curve: [String] {
    let sorted = TextPlot.condensed(counts.sorted(by: >).map(Double.init), to: 60)
    return TextPlot(sorted, fromZero: true).labelled { String(Int($0.rounded())) } + ["(from the largest to the smallest)"]
  }
}
