/// How a block's runs are laid out on the page. The last axis has the colours; the others but seeds make panels; runs that
/// differ in seeds alone are repetitions, drawn as one.
package struct BlockLayout {
  package let block: Report.Block
  /// Its place on the page, which names its axes apart from those of other blocks.
  let number: Int
  /// Short names of the axes, and of the values of each.
  package let axisNames: [String]
  package let valueNames: [[String]]
  /// Axes of more than one value that are no seeds, in order: those of the panels, then that of the colours.
  package let shown: [Int]
  /// Seeds of more than one value.
  package let seeds: [Int]
  package let panels: [Panel]

  /// Runs that are alike on the axes of the panels.
  package struct Panel {
    /// Positions on those axes.
    package let key: [Int]
    /// Runs by position on the axis of the colours: the repetitions of each.
    package let series: [[Report.Arm]]
    var arms: [Report.Arm] { series.flatMap { $0 } }
  }

  package init(_ block: Report.Block, number: Int = 0) {
    self.block = block
    self.number = number
    axisNames = ValueNames.shortPaths(block.axes.map(\.name))
    valueNames = block.axes.map { $0.name == "recipe" ? $0.values : ValueNames.short($0.values) }
    let varied = block.axes.indices.filter { block.axes[$0].values.count > 1 }
    shown = varied.filter { !block.axes[$0].isSeed }
    seeds = varied.filter { block.axes[$0].isSeed }
    let (facets, colours) = (shown.dropLast(), shown.last)
    let count = colours.map { block.axes[$0].values.count } ?? 1
    var found: [[Int]: [[Report.Arm]]] = [:]
    for arm in block.arms {
      let key = facets.map { arm.values[$0] }
      found[key, default: Array(repeating: [], count: count)][colours.map { arm.values[$0] } ?? 0].append(arm)
    }
    panels = found.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { Panel(key: $0, series: found[$0]!) }
  }

  /// Axes that make panels.
  package var facets: [Int] { Array(shown.dropLast()) }
  package var seriesCount: Int { shown.last.map { block.axes[$0].values.count } ?? 1 }
  /// Whether there is more than one run of any combination.
  package var isRepeated: Bool { !seeds.isEmpty }
  package var seriesAxis: String { shown.last.map { axisNames[$0] } ?? "" }
  /// Whether the runs are recipes side by side, which are known by their names alone.
  var isOfRecipes: Bool { shown.last.map { block.axes[$0].name == "recipe" } ?? true }

  package func seriesName(_ position: Int) -> String {
    shown.last.map { valueNames[$0][position] } ?? (block.name.isEmpty ? block.arms.first?.name ?? "" : block.name)
  }

  /// `imbalance 4 · lr 0.1`
  package func panelName(_ key: [Int]) -> String {
    zip(facets, key).map { "\(axisNames[$0]) \(valueNames[$0][$1])" }.joined(separator: " · ")
  }

  func colour(_ series: Int) -> String { ReportStyle.seriesColour(series, of: seriesCount) }

  func chip(_ series: Int) -> String { "<span class=\"chip\" style=\"background:\(colour(series))\"></span>" }

  /// What a run is called where the names of its panel and colour do not stand beside: its seeds, `seed 3`.
  func seedName(_ arm: Report.Arm) -> String {
    seeds.map { "\(axisNames[$0]) \(valueNames[$0][arm.values[$0]])" }.joined(separator: " · ")
  }

  /// The run by all that it differs in.
  func fullName(_ arm: Report.Arm) -> String {
    let varied = shown + seeds
    guard !varied.isEmpty else { return arm.name }
    return varied.map { block.axes[$0].name == "recipe" ? valueNames[$0][arm.values[$0]] : "\(axisNames[$0]) \(valueNames[$0][arm.values[$0]])" }
      .joined(separator: " · ")
  }

  /// Some of the runs in few words: by a value of one axis where they are all that have it, else the first of them.
  package func naming(_ positions: [Int]) -> String {
    let wanted = Set(positions)
    for axis in shown {
      let values = Set(positions.map { block.arms[$0].values[axis] })
      if values.count < block.axes[axis].values.count,
        Set(block.arms.indices.filter { values.contains(block.arms[$0].values[axis]) }) == wanted
      {
        let names = values.sorted().map { valueNames[axis][$0] }.joined(separator: ", ")
        return block.axes[axis].name == "recipe" ? names : "\(axisNames[axis]) \(names)"
      }
    }
    if wanted.count == block.arms.count, !block.name.isEmpty { return block.name }
    let names = positions.prefix(3).map { fullName(block.arms[$0]) }
    return names.joined(separator: ", ") + (positions.count > 3 ? " and \(positions.count - 3) more" : "")
  }

  // MARK: Marks that filters look at

  /// Attributes of an element that stands for these positions on axes.
  func marks(_ places: [(axis: Int, value: Int)]) -> String {
    isFiltered ? places.map { " data-\(filterName($0.axis))=\"\($0.value)\"" }.joined() : ""
  }
  func marks(panel key: [Int]) -> String { marks(Array(zip(facets, key)).map { (axis: $0, value: $1) }) }
  func marks(series: Int) -> String { marks(shown.last.map { [(axis: $0, value: series)] } ?? []) }
  func marks(run arm: Report.Arm) -> String { marks((shown + seeds).map { (axis: $0, value: arm.values[$0]) }) }

  func filterName(_ axis: Int) -> String { "f\(number)-\(axis)" }
  /// Axes one can choose by.
  var filters: [Int] { (shown + seeds).sorted() }
  /// A handful of runs is seen at a glance.
  var isFiltered: Bool { block.arms.count >= 6 && !filters.isEmpty }
}
