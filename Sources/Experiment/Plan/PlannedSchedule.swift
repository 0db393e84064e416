import Training

/// A field of a recipe that follows training time, as the run will read it.
public struct PlannedSchedule: Hashable, Sendable {
  /// Where it stands in the recipe: `optimizer.lr`.
  public let path: String
  /// Over the whole run, in epochs.
  public let schedule: Schedule
  /// The epoch from which on it is read.
  public let start: Int
  /// Length of the run in epochs.
  public let epochs: Int
  /// When training asks for its value.
  public let reading: Reading

  public enum Reading: Hashable, Sendable {
    case epochStart, epochEnd, stepEnd
  }

  /// A value at a time in epochs.
  public struct Point: Hashable, Sendable {
    public let epoch: Double
    public let value: Double
  }

  /// At the start, at each joint of two segments, and at the end.
  public var points: [Point] {
    let (first, last) = (Double(start), Double(epochs))
    let joints = schedule.spans.flatMap { span in [span.start, span.end] }.filter { $0 > first && $0 < last }
    return ([first] + joints.sorted() + [last]).uniqued().map { Point(epoch: $0, value: schedule.value(at: $0)) }
  }

  /// The one value of a schedule that does not move; nil if it moves.
  public var constant: Double? {
    let all = points
    guard let value = all.first?.value, all.allSatisfy({ $0.value == value }) else { return nil }
    return schedule.spans.allSatisfy { if case .hold = $0.curve { true } else { false } } ? value : nil
  }

  /// Values at so many places from the start to the end.
  func samples(_ count: Int) -> [Double] {
    let length = Double(epochs - start)
    return (0..<count).map { schedule.value(at: Double(start) + length * Double($0) / Double(max(1, count - 1))) }
  }
}

// MARK: - Text

extension PlannedSchedule {
  private static let columns = 48

  /// One line for a constant; else a head, a plot and a table of the ends and joints.
  var lines: [String] {
    if let constant { return ["\(path)  \(PlanText.number(constant)) throughout"] }
    var curve = TextPlot(samples(Self.columns))
    // A peak between two columns is one all the same.
    curve.low = min(curve.low, points.map(\.value).min() ?? curve.low)
    curve.high = max(curve.high, points.map(\.value).max() ?? curve.high)
    let plot = curve.labelled(PlanText.number)
    let margin = String(repeating: " ", count: plot.first.map { $0.prefix { $0 != "┤" }.count } ?? 0)
    let (left, right) = ("\(start)ep", "\(epochs)ep")
    let gap = String(repeating: " ", count: max(1, Self.columns - left.count - right.count))
    let table = points.map { point in
      ["epoch \(PlanText.number(point.epoch))", PlanText.number(point.value)]
    }
    let widths = table.map { max($0[0].count, $0[1].count) }
    func row(_ column: Int) -> String {
      zip(table, widths).map { cells, width in
        String(repeating: " ", count: width - cells[column].count) + cells[column]
      }.joined(separator: "   ")
    }
    return [path] + plot + ["\(margin) \(left)\(gap)\(right)"] + Self.wrapped([row(0), row(1)], widths)
  }

  /// Both rows of a wide table, cut into pieces that fit a line.
  private static func wrapped(_ rows: [String], _ widths: [Int]) -> [String] {
    var (lines, start, offset): ([String], Int, Int) = ([], 0, 0)
    while start < widths.count {
      var (count, length) = (0, 0)
      while start + count < widths.count, count == 0 || length + widths[start + count] + 3 <= 90 {
        length += widths[start + count] + (count == 0 ? 0 : 3)
        count += 1
      }
      for row in rows { lines.append(String(row.dropFirst(offset).prefix(length))) }
      offset += length + 3
      start += count
    }
    return lines
  }

  var json: JSONValue {
    .object([
      "path": .string(path), "from_epoch": .int(start), "constant": constant.map { .number($0) } ?? .null,
      "points": .array(points.map { .object(["epoch": .number($0.epoch), "value": .number($0.value)]) }),
    ])
  }
}

extension ArmPlan {
  /// Everything of the recipe that may follow training time, in the recipe's order.
  public var schedules: [PlannedSchedule] {
    if let divide { return divide.base.schedules }
    func planned(
      _ path: String, _ schedule: Schedule, _ reading: PlannedSchedule.Reading = .epochEnd, from start: Int = 0
    ) -> PlannedSchedule {
      PlannedSchedule(path: path, schedule: schedule, start: start, epochs: epochs, reading: reading)
    }
    var result: [PlannedSchedule] = []
    if let temperature = method.contrast.temperature, temperature.constantValue == nil {
      result.append(planned("method.temperature", temperature, .epochStart))
    }
    if let pruning = method.pruning { result.append(planned("method.prune", pruning.fraction, .epochStart)) }
    if let gh = method.harmonization {
      result.append(planned("method.gh.weight", gh.weight, from: gh.starts))
      if case .momentum(let schedule, _, _) = gh.prior {
        result.append(planned("method.gh.prior.momentum", schedule, .epochStart))
      }
    }
    return result + [planned("optimizer.lr", optimizer.rate, optimizer.update == .everyStep ? .stepEnd : .epochEnd)]
  }
}
