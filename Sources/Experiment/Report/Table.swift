extension Report {
  /// Scores by axes, with what they were averaged from.
  public struct Table: Hashable, Sendable {
    /// The probe, where it is not the first; else empty.
    public var probe: String
    /// Which runs alone are in it, as `form .plain`; empty where all are.
    public var part: String
    /// Names of the axes of the rows, in full.
    public var rows: [String]
    /// The axis of the columns; nil where they are scores.
    public var columnAxis: String?
    /// Values of that axis as recipes write them, or names of scores.
    public var columns: [String]
    /// The score in the cells; nil where the columns are scores.
    public var score: String?
    public var lines: [Line]

    public struct Line: Hashable, Sendable {
      /// The values of the axes of the rows, as recipes write them.
      public var labels: [String]
      public var cells: [Cell]

      public init(labels: [String], cells: [Cell]) {
        self.labels = labels
        self.cells = cells
      }
    }

    public struct Cell: Hashable, Sendable {
      /// The score of each run that has one, in the recipe's order.
      public var samples: [Sample]
      /// Runs there are to be.
      public var planned: Int
      /// What stands beside it in a publication.
      public var published: String?

      public init(samples: [Sample], planned: Int, published: String? = nil) {
        self.samples = samples
        self.planned = planned
        self.published = published
      }

      var spread: Spread? { Spread(samples.map(\.value)) }
    }

    /// The score of one run.
    public struct Sample: Hashable, Sendable {
      /// What tells the run from the others of its cell, the same in every cell: its seeds.
      public var key: String
      /// Finite.
      public var value: Double

      public init(_ key: String, _ value: Double) {
        self.key = key
        self.value = value
      }
    }

    public init(
      probe: String = "", part: String = "", rows: [String], columnAxis: String? = nil, columns: [String],
      score: String? = nil, lines: [Line]
    ) {
      self.probe = probe
      self.part = part
      self.rows = rows
      self.columnAxis = columnAxis
      self.columns = columns
      self.score = score
      self.lines = lines
    }
  }
}

extension Report.Table {
  /// Whether the two ask for the same numbers, published ones aside.
  func asksForTheSame(as other: Report.Table) -> Bool {
    probe == other.probe && part == other.part && rows == other.rows && columnAxis == other.columnAxis && score == other.score
      && columns == other.columns && lines.map(\.labels) == other.lines.map(\.labels)
  }

  func measure(column: Int) -> Measure { Measure(name: columnAxis == nil ? columns[column] : score ?? "average") }

  /// A difference from what it is compared with.
  package struct Difference: Hashable {
    package let mean: Double
    /// Of the differences of runs with the same seeds; nil for a single pair.
    package let deviation: Double?
    /// Whether it is more than seeds explain; nil where that cannot be known.
    package let isClear: Bool?
  }

  /// The difference of runs with the same seeds where there are two or more such pairs, else of the means. Clear where the
  /// 95 % interval of a paired t test leaves zero out.
  package static func difference(_ cell: Cell, from base: Cell) -> Difference? {
    guard let own = cell.spread, let other = base.spread else { return nil }
    let partners = Dictionary(base.samples.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    let pairs = cell.samples.compactMap { sample in partners[sample.key].map { sample.value - $0 } }
    guard pairs.count > 1, let spread = Spread(pairs), let deviation = spread.deviation else {
      return Difference(mean: own.mean - other.mean, deviation: nil, isClear: nil)
    }
    let half = tail(pairs.count - 1) * deviation / Double(pairs.count).squareRoot()
    return Difference(mean: spread.mean, deviation: deviation, isClear: abs(spread.mean) > half)
  }

  /// The 97.5 % point of Student's t; to a hundredth up to 30 degrees of freedom, and to a half per cent beyond.
  package static func tail(_ freedom: Int) -> Double {
    let table = [
      12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13, 2.12, 2.11, 2.10, 2.09, 2.09,
      2.08, 2.07, 2.07, 2.06, 2.06, 2.06, 2.05, 2.05, 2.05, 2.04,
    ]
    return freedom < 1 ? .infinity : freedom <= table.count ? table[freedom - 1] : 1.96 + 2.4 / Double(freedom)
  }

  /// What is compared with each other: the cells of a line, or those of one score in lines that are alike but for the last
  /// axis. The first is what the others are compared with.
  package struct Contest {
    /// Line and column of each.
    package let places: [(line: Int, column: Int)]
    let measure: Measure
  }

  package var contests: [Contest] {
    if columnAxis != nil {
      return lines.indices.map { line in
        Contest(places: columns.indices.map { (line, $0) }, measure: measure(column: 0))
      }
    }
    let groups = lines.indices.map { Array(lines[$0].labels.dropLast()) }
    return groups.uniqued().flatMap { group in
      columns.indices.map { column in
        Contest(places: lines.indices.filter { groups[$0] == group }.map { ($0, column) }, measure: measure(column: column))
      }
    }
  }

  func cell(_ place: (line: Int, column: Int)) -> Cell { lines[place.line].cells[place.column] }

  /// Those of a contest whose printed number is the best one; empty where nothing is better, as of losses, or alone.
  package func best(of contest: Contest) -> [(line: Int, column: Int)] {
    guard let better = contest.measure.better else { return [] }
    let printed = contest.places.compactMap { place in cell(place).spread.map { (place, contest.measure.printed($0.mean)) } }
    guard printed.count > 1, let top = better == .high ? printed.map(\.1).max() : printed.map(\.1).min() else { return [] }
    return printed.filter { $0.1 == top }.map(\.0)
  }
}

// MARK: - The tables of a block that asks for nothing

extension BlockLayout {
  /// Scores of the runs of the block by some of its axes.
  func table(rows: [Int], columns: Int? = nil, scores: [Measure], probe: String = "") -> Report.Table {
    func key(_ arm: Report.Arm) -> String { seeds.map { block.axes[$0].values[arm.values[$0]] }.joined(separator: " ") }
    func cell(_ arms: [Report.Arm], _ measure: Measure) -> Report.Table.Cell {
      let found = arms.compactMap { arm in
        (probe.isEmpty ? arm.result : arm.result?.measured(by: probe)).flatMap(measure.value)
          .map { Report.Table.Sample(key(arm), $0) }
      }
      return .init(samples: found, planned: arms.count)
    }
    let grouped = Dictionary(grouping: block.arms) { arm in rows.map { arm.values[$0] } }
    let lines = grouped.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { key in
      let arms = grouped[key]!
      let labels = zip(rows, key).map { block.axes[$0].values[$1] }
      guard let columns else { return Report.Table.Line(labels: labels, cells: scores.map { cell(arms, $0) }) }
      let parts = Dictionary(grouping: arms) { $0.values[columns] }
      return Report.Table.Line(
        labels: labels, cells: block.axes[columns].values.indices.map { cell(parts[$0] ?? [], scores[0]) })
    }
    return Report.Table(
      probe: probe, rows: rows.map { block.axes[$0].name }, columnAxis: columns.map { block.axes[$0].name },
      columns: columns.map { block.axes[$0].values } ?? scores.map(\.name), score: columns == nil ? nil : scores[0].name,
      lines: lines)
  }

  var results: [ArmResult] { block.arms.compactMap(\.result) }

  /// The scores that any of these has, in the usual order.
  static func measures(_ results: [ArmResult]) -> [Measure] {
    RunResults.measures.map { Measure(name: $0.name) }.filter { measure in results.contains { measure.value($0) != nil } }
  }

  /// What the page leads with: the main score by the last axis, where others make rows; nil where the table of all scores
  /// says as much.
  package var leadingTable: Report.Table? {
    guard shown.count > 1, let main = Measure.main(of: results) else { return nil }
    return table(rows: facets, columns: shown.last, scores: [main])
  }

  /// Every score by the axes but seeds; nil without any.
  package var fullTable: Report.Table? {
    let measures = Self.measures(results)
    return measures.isEmpty ? nil : table(rows: shown, scores: measures)
  }

  /// The same of each further probe.
  var furtherTables: [Report.Table] {
    results.flatMap { $0.others.map(\.name) }.uniqued().compactMap { probe in
      let measures = Self.measures(results.compactMap { $0.measured(by: probe) }).filter { $0.name != "loss" }
      return measures.isEmpty ? nil : table(rows: shown, scores: measures, probe: probe)
    }
  }
}
