/// Which runs' embeddings are drawn, and how that is said.
package struct PictureChoice: Hashable {
  /// Positions of the runs in the block, in its order: drawn at once.
  package let shown: [Int]
  /// Drawn behind a click.
  package let folded: [Int]
  /// How the shown were chosen; empty where all are.
  package let reason: String

  /// At once, and in all.
  package static let (few, most) = (12, 48)

  package init(_ layout: BlockLayout) {
    let arms = layout.block.arms
    let there = arms.indices.filter { arms[$0].result != nil }
    guard there.count > Self.few else {
      (shown, folded, reason) = (there, [], "")
      return
    }
    let firsts = Dictionary(grouping: there) { position in layout.shown.map { arms[position].values[$0] } }.values
      .map { $0[0] }.sorted()
    let chosen: [Int]
    if firsts.count <= Self.few {
      chosen = firsts
      reason = "The first repetition of each combination."
    } else {
      (chosen, reason) = Self.bestToWorst(there, layout)
    }
    shown = chosen
    let rest = there.filter { !chosen.contains($0) }
    // What is not shown at once but still drawn is spread over the block.
    let room = Self.most - chosen.count
    folded = rest.count <= room ? rest : (0..<room).map { rest[$0 * rest.count / room] }
  }

  /// Best, median and worst of each colour by the main score; of many colours the best of some.
  private static func bestToWorst(_ there: [Int], _ layout: BlockLayout) -> ([Int], String) {
    let arms = layout.block.arms
    guard let main = Measure.main(of: layout.results) else {
      return ((0..<few).map { there[$0 * there.count / few] }, "Every \(there.count / few)th run.")
    }
    let scored = there.compactMap { position in
      arms[position].result.flatMap(main.value).map { (position: position, score: main.better == nil ? -$0 : $0) }
    }
    let bySeries = Dictionary(grouping: scored) { entry in layout.shown.last.map { arms[entry.position].values[$0] } ?? 0 }
    func ranked(_ entries: [(position: Int, score: Double)]) -> [Int] {
      entries.sorted { ($1.score, $0.position) < ($0.score, $1.position) }.map(\.position)
    }
    let name = main.title.lowercased()
    guard bySeries.count * 3 <= few else {
      let all = ranked(scored)
      let picks = [0, 1, 2, 3].map { $0 } + (0..<4).map { all.count / 2 - 2 + $0 } + (0..<4).map { all.count - 4 + $0 }
      return (Set(picks.map { all[$0] }).sorted(), "The four best, four in the middle and the four worst by \(name).")
    }
    let picks = bySeries.values.flatMap { entries -> [Int] in
      let all = ranked(entries)
      return [all[0], all[all.count / 2], all[all.count - 1]]
    }
    let what = layout.seriesCount > 1 ? " of each \(layout.isOfRecipes ? "recipe" : layout.seriesAxis)" : ""
    return (Set(picks).sorted(), "The best, the median and the worst run\(what) by \(name).")
  }
}
