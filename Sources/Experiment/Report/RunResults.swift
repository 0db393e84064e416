import Foundation
import RecipeLanguage
import Synchronization

/// What a recipe or a sweep came to, as a task sees it.
public struct RunResults: Sendable {
  /// One run of it.
  public struct Entry: Sendable {
    /// The recipe or sweep it belongs to: its value on the axis `recipe`.
    public let recipe: String
    /// The value of each axis; none for a recipe.
    public let axes: [(name: String, value: Value)]
    /// Nil before it is done.
    public let result: ArmResult?
  }

  public var name: String
  /// Names of the axes, in order.
  public var axes: [String]
  public var entries: [Entry]
  /// Where tables are saved; nil in a rehearsal, when there are no numbers yet.
  public var folder: URL?
  /// Takes what `pivot` makes, for the report; nil where there is none.
  var shelf: TableShelf?
  /// Which of the runs are left, where `only` has taken a part: `form .plain`.
  var part: [String] = []

  /// The scores a result may have, by the names that recipes use.
  static let measures: [(name: String, read: @Sendable (ArmResult) -> Double?)] = [
    ("many", { $0.scores?.many }), ("medium", { $0.scores?.medium }), ("few", { $0.scores?.few }),
    ("std", { $0.scores?.std }), ("average", { $0.scores?.average }), ("top1", { $0.scores?.top1 }),
    ("knn", { $0.scores?.neighbours }), ("inter_class", { $0.scores?.interClass ?? $0.circle?.interClass }),
    ("neighbourhood", { $0.scores?.neighbourhood ?? $0.circle?.neighbourhood }),
    ("least_share", { $0.scores?.leastShare ?? $0.circle?.shares.min() }),
    ("loss", { $0.finalLoss.isFinite ? $0.finalLoss : nil }),
  ]

  /// The values of a measure, of the entries that have one.
  func values(_ measure: String) throws -> [Double] {
    let read = try Self.reader(measure)
    return entries.compactMap { $0.result.flatMap(read) }
  }

  /// The same runs with the scores of each further probe in the place of the first's; the loss is left to the first.
  var furtherProbes: [RunResults] {
    entries.flatMap { $0.result?.others.map(\.name) ?? [] }.uniqued().map { probe in
      let own = entries.map { entry in
        var result = entry.result
        result?.scores = entry.result?.measured(by: probe)?.scores
        result?.finalLoss = .nan
        return Entry(recipe: entry.recipe, axes: entry.axes, result: result)
      }
      return RunResults(name: "\(name), \(probe)", axes: axes, entries: own, folder: folder)
    }
  }

  /// Reads a score of a further probe; nil for `loss`, which no probe has, and for what is no score.
  private static func ofOther(_ probe: String, _ score: String) -> (@Sendable (ArmResult) -> Double?)? {
    guard score != "loss", let measure = measures.first(where: { $0.name == score }) else { return nil }
    return { $0.measured(by: probe).flatMap(measure.read) }
  }

  static func reader(_ measure: String) throws -> @Sendable (ArmResult) -> Double? {
    if let known = measures.first(where: { $0.name == measure }) { return known.read }
    if let dot = measure.firstIndex(of: "."),
      let further = ofOther(String(measure[..<dot]), String(measure[measure.index(after: dot)...]))
    {
      return further
    }
    throw CallError(
      "there is no score `\(measure)`", code: PlanCode.table, argument: "value",
      help: "there is \(measures.map(\.name).joined(separator: ", ")); of a further probe, as `linear_probe_100shot.average`")
  }

  /// The full name of an axis: itself, the last part of a path where only one axis has it, or `recipe`.
  func axis(_ name: String, argument: String) throws -> String {
    if axes.contains(name) || name == "recipe" { return name }
    let matching = axes.filter { $0.hasSuffix("." + name) }
    if matching.count == 1 { return matching[0] }
    throw CallError(
      "`\(self.name)` has no axis `\(name)`", code: PlanCode.table, argument: argument,
      help: "there is \((axes + ["recipe"]).joined(separator: ", "))")
  }
}

extension RunResults.Entry {
  /// The value on an axis in writing; `–` for a run that has no such axis.
  func text(_ axis: String) -> String {
    if axis == "recipe" { return recipe }
    return axes.first { $0.name == axis }.map { $0.value.canonicalText } ?? "–"
  }
}

/// The tables that a file's tasks make, in order.
final class TableShelf: Sendable {
  private let made = Mutex<[PivotTable]>([])

  var tables: [PivotTable] { made.withLock { $0 } }
  func add(_ table: PivotTable) { made.withLock { $0.append(table) } }
}

/// Mean and sample standard deviation of some runs.
struct Spread: Hashable, Sendable {
  let mean: Double
  /// Nil for a single run.
  let deviation: Double?
  let count: Int

  /// Nil for no values; those that are not finite (a group without a class) are none.
  init?(_ values: [Double]) {
    let values = values.filter(\.isFinite)
    guard !values.isEmpty else { return nil }
    count = values.count
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    deviation = values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil
  }

  /// Of a single run.
  init(one value: Double) { (mean, deviation, count) = (value, nil, 1) }

  /// `61.20 ± 0.35`
  var text: String {
    String(format: "%.2f", mean) + (deviation.map { String(format: " ± %.2f", $0) } ?? "")
  }
}
