import Evaluation

/// Classes of some runs from the most training images to the fewest, with what charts need to know of each.
struct ClassOrder {
  /// Classes, largest first.
  let classes: [Int]
  let counts: [Int]?
  private let names: [String]?
  private let groups: [GroupAccuracy.Group]?
  /// The place of each class among those by which colours are given: the same on the whole page.
  private let rank: [Int]

  /// - Parameters:
  ///   - arm: whose classes; counts, names and groups of another number of classes are not used.
  ///   - colours: training images by which colours are given; those of the arm if nil.
  init(_ arm: Report.Arm?, count: Int, colours: [Int]? = nil) {
    func fitting<T>(_ values: [T]?) -> [T]? { values.flatMap { $0.count == count ? $0 : nil } }
    counts = fitting(arm?.result?.classCounts)
    names = fitting(arm?.result?.classNames)
    groups = fitting(arm?.groups)
    classes = Self.order(counts, count)
    var rank = [Int](repeating: 0, count: count)
    for (place, label) in Self.order(fitting(colours) ?? counts, count).enumerated() { rank[label] = place }
    self.rank = rank
  }

  /// Descending by (count, index), so that groups by thirds are runs.
  private static func order(_ counts: [Int]?, _ count: Int) -> [Int] {
    (0..<count).sorted { a, b in
      guard let counts else { return a < b }
      return counts[a] != counts[b] ? counts[a] > counts[b] : a > b
    }
  }

  func name(_ label: Int) -> String { names?[label] ?? "class \(label)" }
  /// Whether there is a class of this number.
  func has(_ label: Int) -> Bool { rank.indices.contains(label) }
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
