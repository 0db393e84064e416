import Evaluation

/// What the probes found, as sections of the page.
extension Report {
  var scored: [(arm: Int, entry: Arm, scores: ArmResult.Scores)] {
    arms.enumerated().compactMap { arm, entry in entry.scores.map { (arm, entry, $0) } }
  }

  var scoreSection: String {
    guard !scored.isEmpty else { return "" }
    let compared = scored.count > 1 ? " Below each number: the difference from \(escaped(scored[0].entry.name))." : ""
    let uniformity = scored.contains { $0.scores.interClass != nil }
      ? " Inter-class and neighbourhood uniformity: the mean distance on the sphere of two class means, and of each to its "
        + "nearest other; higher is more even." : ""
    return section(
      "Accuracy",
      "By the recipe's first probe of the frozen representation, accuracy in percent: mean over the classes with many, "
        + "medium and few training images, the standard deviation of these three (lower is more even), mean over "
        + "all classes, and share of all test images.\(uniformity)\(compared)",
      ReportTable(arms: scored).html)
  }

  /// A table for each further probe, under the name that results give it.
  var furtherSections: String {
    arms.flatMap { $0.others.map(\.name) }.uniqued().map { name in
      let found = arms.enumerated().compactMap { arm, entry in
        entry.others.first { $0.name == name }.map { (arm: arm, entry: entry, scores: $0.scores) }
      }
      return section("Accuracy: \(escaped(name))", "Another probe of the same representation.", ReportTable(arms: found).html)
    }.joined()
  }

  /// Mean share of a class in each group, the smallest one, and what all would have if space were shared evenly.
  var shareSection: String {
    let entries = scored.compactMap { row in row.scores.classShares.map { (arm: row.arm, entry: row.entry, shares: $0) } }
    guard let first = entries.first, let groups, groups.count == first.shares.count else { return "" }
    func cell(_ value: Double?) -> String { "<td>\(value.map { decimal($0) } ?? "–")</td>" }
    let rows = entries.map { row in
      let means = GroupAccuracy.Group.allCases.map { group -> Double? in
        let own = zip(groups, row.shares).filter { $0.0 == group }.map(\.1)
        return own.isEmpty ? nil : own.reduce(0, +) / Double(own.count)
      }
      return "<tr><td class=\"arm\">\(chip(row.arm))\(escaped(row.entry.name))</td>" + means.map(cell).joined()
        + cell(row.shares.min()) + cell(100 / Double(row.shares.count)) + "</tr>\n"
    }
    return section(
      "Class shares", "How much of the space a class has: percent of the test images that lie nearest to its mean, as the mean "
        + "over the classes of a group, the smallest class share, and the share of each if space were divided evenly (for as "
        + "many test images of each class).",
      "<div class=\"wide\"><table>\n<tr><th></th><th>Many</th><th>Medium</th><th>Few</th><th>smallest</th><th>even</th></tr>\n"
        + "\(rows.joined())</table></div>\n")
  }
}
