import Foundation
import RecipeLanguage
import TensorFiles
import VisibleText

/// Scores by the values of axes; what is no row and no column (seeds, mostly) is averaged over.
public struct PivotTable: Sendable {
  public let title: String
  /// Names of the axes that make rows.
  let rows: [String]
  /// What stands above the columns; nil where they are scores.
  let columns: String?
  /// The score in the cells; nil where the columns are scores.
  let value: String?
  let columnLabels: [String]
  let lines: [(labels: [String], cells: [Report.Table.Cell])]
  /// What stands beside each cell, by row and column (`100 .simclr true`); a column each, unless there is none.
  private(set) var published: [String: String] = [:]
  /// Where ``save(_:)`` puts files; nil: nowhere.
  let folder: URL?
  /// As of the results it was made of.
  let part: [String]

  /// - Parameters:
  ///   - columns: the axis of the columns; nil for a column a score.
  ///   - value: the score; nil for `average` where there is an axis of columns, else for all that there are.
  ///   - published: what is to stand beside cells, by row and column as they are written; cells that are not there are left
  ///     out, as of a sweep that was made shorter.
  /// - Throws: `CallError` for an axis or a score that is not there, or names of which none is a cell.
  init(
    _ results: RunResults, rows: [String], columns: String? = nil, value: String? = nil, published: [String: String]
  ) throws {
    try self.init(results, rows: rows, columns: columns, value: value)
    let cells = lines.flatMap { line in self.columns == nil ? [] : columnLabels.map { Self.name(line.labels, $0) } }
    if let first = published.keys.sorted().first, !cells.contains(where: { published[$0] != nil }) {
      throw CallError(
        "there is no cell `\(first)`, nor any of the others", code: PlanCode.table, argument: "published",
        help: cells.first.map { "cells are named by row and column, such as `\($0)`" } ?? "give an axis of columns")
    }
    self.published = published
  }

  private static func name(_ labels: [String], _ column: String) -> String { (labels + [column]).joined(separator: " ") }

  /// - Throws: `CallError` for an axis or a score that is not there.
  init(_ results: RunResults, rows: [String], columns: String? = nil, value: String? = nil) throws {
    let rows = try rows.map { try results.axis($0, argument: "rows") }
    let columns = try columns.map { try results.axis($0, argument: "columns") }
    if let columns, rows.contains(columns) {
      throw CallError("`\(columns)` makes rows and columns", code: PlanCode.table, argument: "columns")
    }
    self.rows = rows
    self.columns = columns
    title = results.name
    folder = results.folder
    part = results.part
    // Texts of values are made once: a sweep may have thousands of runs.
    let rest = (["recipe"] + results.axes).filter { $0 != columns && !rows.contains($0) }
    let entries = results.entries.map { entry in
      (
        row: rows.map(entry.text), column: columns.map(entry.text), key: rest.map(entry.text).joined(separator: " "),
        result: entry.result
      )
    }
    typealias Read = (ArmResult) -> Double?
    func cell(_ entries: [(row: [String], column: String?, key: String, result: ArmResult?)], _ read: Read) -> Report.Table.Cell {
      let samples = entries.compactMap { entry in
        entry.result.flatMap(read).flatMap { $0.isFinite ? Report.Table.Sample(entry.key, $0) : nil }
      }
      return Report.Table.Cell(samples: samples, planned: entries.count)
    }
    let lines = Dictionary(grouping: entries, by: \.row)
    let keys = entries.map(\.row).uniqued()
    if columns != nil {
      let value = value ?? "average"
      let read = try RunResults.reader(value)
      self.value = value
      let labels = entries.compactMap(\.column).uniqued()
      columnLabels = labels
      self.lines = keys.map { key in
        let cells = Dictionary(grouping: lines[key] ?? []) { $0.column ?? "" }
        return (key, labels.map { cell(cells[$0] ?? [], read) })
      }
    } else {
      self.value = value
      let shown = try value.map { [(name: $0, read: try RunResults.reader($0))] }
        ?? RunResults.measures.filter { measure in results.entries.contains { $0.result.flatMap(measure.read) != nil } }
      columnLabels = shown.map(\.name)
      self.lines = keys.map { key in (key, shown.map { cell(lines[key] ?? [], $0.read) }) }
    }
  }

  /// The tables of a sweep that asks for nothing: the standard one; where that shows one score alone, all of them by the axes
  /// but seeds; and all scores of each further probe.
  static func all(of results: RunResults) throws -> [PivotTable] {
    let standard = try PivotTable(standardOf: results)
    let axes = results.axes.filter { $0 != "seed" && !$0.hasSuffix(".seed") }
    let others = (standard.columns == nil ? [] : [results]) + results.furtherProbes
    return [standard] + (try others.map { try PivotTable($0, rows: axes.isEmpty ? results.axes : axes) })
  }

  /// The table of a sweep that asks for nothing: axes but seeds make rows, and the last of two or more makes columns.
  init(standardOf results: RunResults) throws {
    let axes = results.axes.filter { $0 != "seed" && !$0.hasSuffix(".seed") }
    let rows = axes.isEmpty ? results.axes : axes
    guard rows.count > 1, let last = rows.last, try !results.values("average").isEmpty else {
      try self.init(results, rows: rows)
      return
    }
    try self.init(results, rows: Array(rows.dropLast()), columns: last)
  }
}

// MARK: - Writing

extension PivotTable {
  /// The same for the report.
  var forReport: Report.Table {
    Report.Table(
      part: part.joined(separator: ", "), rows: rows, columnAxis: columns, columns: columnLabels, score: columns == nil ? nil : value,
      lines: lines.map { line in
        Report.Table.Line(
          labels: line.labels,
          cells: zip(columnLabels, line.cells).map { label, cell in
            var cell = cell
            cell.published = columns == nil ? nil : published[Self.name(line.labels, label)]
            return cell
          })
      })
  }

  private var head: [String] {
    rows + columnLabels.flatMap { label in [columns.map { "\($0) \(label)" } ?? label] + (published.isEmpty ? [] : ["published"]) }
  }

  private func row(_ line: (labels: [String], cells: [Report.Table.Cell])) -> [String] {
    var row = line.labels
    for (label, cell) in zip(columnLabels, line.cells) {
      row.append(cell.spread?.text ?? "–")
      if !published.isEmpty { row.append(published[Self.name(line.labels, label)] ?? "–") }
    }
    return row
  }

  /// What the numbers are, for a line above the table.
  var caption: String {
    let what = value.map { "\($0)" } ?? "scores"
    let most = lines.flatMap(\.cells).map(\.samples.count).max() ?? 0
    return "\(title): \(what)" + (most > 1 ? ", mean ± standard deviation of up to \(most) runs" : "")
  }

  public var text: String { caption + "\n" + ScoreTable.aligned([head] + lines.map(row)) }

  public var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.visibleLine.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ") + " |"
    }
    let rule = "|" + head.indices.map { $0 < rows.count ? "---|" : "---:|" }.joined()
    return ([caption, "", line(head), rule] + lines.map { line(row($0)) }).joined(separator: "\n") + "\n"
  }

  /// One line a cell: the rows' values, the column, the score, mean, standard deviation and number of runs.
  public var csv: String {
    func field(_ text: String) -> String {
      text.contains(where: { ",\"\n\r".contains($0) })
        ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }
    var result = [(rows + (columns.map { [$0] } ?? []) + ["score", "mean", "std", "runs"]).map(field)]
    for line in lines {
      for (label, cell) in zip(columnLabels, line.cells) {
        guard let cell = cell.spread else { continue }
        let place = columns == nil ? [label] : [label, value ?? ""]
        result.append(
          (line.labels + place).map(field) + ["\(cell.mean)", cell.deviation.map { "\($0)" } ?? "", "\(cell.count)"])
      }
    }
    return result.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  /// Writes the table by the ending of the name; nothing in a rehearsal. Returns the file.
  @discardableResult
  func save(_ name: String) throws -> URL? {
    guard let folder else { return nil }
    let url = name.hasPrefix("/") ? URL(filePath: name) : folder.appending(path: name)
    try RunFolder.make(url.deletingLastPathComponent())
    try AtomicFile.write(url.pathExtension == "csv" ? csv : markdown, to: url)
    return url
  }
}
