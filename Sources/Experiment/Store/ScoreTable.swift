import Foundation
import VisibleText

/// The table of arms: Many / Medium / Few / Std / Average, in percent, as text.
public struct ScoreTable: Sendable {
  public var arms: [ArmResult]
  public init(_ arms: [ArmResult]) { self.arms = arms }

  /// The table of the first probe, and one below it for each further probe, under its name; empty for no arms.
  public var text: String {
    let names = arms.flatMap { $0.others.map(\.name) }.uniqued()
    let further = names.map { name in "\n\n\(name.visibleLine)\n" + ScoreTable(arms.compactMap { $0.measured(by: name) }).main }
    return main + further.joined()
  }

  /// Columns padded to their widest cell.
  private var main: String {
    guard !arms.isEmpty else { return "" }
    var rows = [["arm", "Many", "Medium", "Few", "Std", "Average", "loss"]]
    for arm in arms {
      let scores = arm.scores
      rows.append(
        [arm.name]
          + [scores?.many, scores?.medium, scores?.few, scores?.std, scores?.average].map(Self.percent)
          + [String(format: "%.4f", arm.finalLoss)])
    }
    return Self.aligned(rows)
  }

  static func percent(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.2f", value)
  }

  /// The first column to the left, the others to the right, a rule under the head.
  static func aligned(_ rows: [[String]]) -> String {
    let rows = rows.map { $0.map(\.visibleLine) }
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    func line(_ row: [String]) -> String {
      row.enumerated().map { column, cell in
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + gap : gap + cell
      }.joined(separator: "  ").trimmingTrailingSpaces
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    return ([line(rows[0]), rule] + rows.dropFirst().map(line)).joined(separator: "\n")
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    var end = endIndex
    while end > startIndex, self[index(before: end)] == " " { end = index(before: end) }
    return String(self[..<end])
  }
}
