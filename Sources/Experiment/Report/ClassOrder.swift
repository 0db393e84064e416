import Evaluation

/// Classes from the most training images to the fewest, with what charts need to know of each.
struct ClassOrder {
  /// Classes, largest first.
  let classes: [Int]
  /// The place of each class in that order.
  let rank: [Int]
  let counts: [Int]?
  private let names: [String]?
  private let groups: [GroupAccuracy.Group]?

  /// - Parameter count: number of classes; counts, names and groups of another length are not used.
  init(_ report: Report, count: Int) {
    let counts = report.classCounts.flatMap { $0.count == count ? $0 : nil }
    // Descending by (count, index), so that groups by thirds are runs.
    classes = (0..<count).sorted { a, b in
      guard let counts else { return a < b }
      return counts[a] != counts[b] ? counts[a] > counts[b] : a > b
    }
    var rank = [Int](repeating: 0, count: count)
    for (place, label) in classes.enumerated() { rank[label] = place }
    self.rank = rank
    self.counts = counts
    names = report.classNames.flatMap { $0.count == count ? $0 : nil }
    groups = report.groups.flatMap { $0.count == count ? $0 : nil }
  }

  func name(_ label: Int) -> String { names?[label] ?? "class \(label)" }
  func colour(_ label: Int) -> String { ReportStyle.classColour(rank: rank[label], of: classes.count) }

  /// `Bag · 12 training images`
  func description(_ label: Int) -> String {
    name(label) + (counts.map { " · \($0[label]) training images" } ?? "")
  }

  /// Runs of places that belong to one group, from many to few.
  var runs: [(group: GroupAccuracy.Group, places: Range<Int>)] {
    guard let groups else { return [] }
    var runs: [(group: GroupAccuracy.Group, places: Range<Int>)] = []
    for (place, label) in classes.enumerated() {
      if let last = runs.last, last.group == groups[label] {
        runs[runs.count - 1].places = last.places.lowerBound..<place + 1
      } else {
        runs.append((groups[label], place..<place + 1))
      }
    }
    return runs
  }
}
