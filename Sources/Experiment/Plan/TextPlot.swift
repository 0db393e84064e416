/// A curve or bars in a few lines of text: columns of eighths of a character.
struct TextPlot {
  /// One a column.
  var values: [Double]
  var height = 4
  /// What the lowest and the highest place stand for; a value outside is cut off.
  var low: Double
  var high: Double

  /// From the least to the greatest value; from 0 where `fromZero` says so.
  init(_ values: [Double], height: Int = 4, fromZero: Bool = false) {
    self.values = values
    self.height = height
    low = fromZero ? 0 : values.min() ?? 0
    high = values.max() ?? 0
  }

  /// The lines from the top down, without labels; trailing blanks are cut.
  var lines: [String] {
    let eighths = values.map { value -> Int in
      let share = high > low ? (value - low) / (high - low) : 0
      return Int((max(0, min(1, share)) * Double(8 * height)).rounded())
    }
    return (0..<height).reversed().map { row in
      let line = eighths.map { count -> Character in
        // The lowest place shows a line, so that a value there is seen.
        let filled = max(row == 0 ? 1 : 0, count) - 8 * row
        return filled <= 0 ? " " : Self.blocks[min(8, filled)]
      }
      return String(String(line.reversed().drop { $0 == " " }.reversed()))
    }
  }

  private static let blocks = Array(" ▁▂▃▄▅▆▇█")

  /// Lines with the highest value before the first and the lowest before the last.
  func labelled(_ label: (Double) -> String) -> [String] {
    let lines = lines
    let (top, bottom) = (label(high), label(low))
    let width = max(top.count, bottom.count)
    return lines.enumerated().map { number, line in
      let text = number == 0 ? top : number == lines.count - 1 ? bottom : ""
      return String(repeating: " ", count: width - text.count) + text + " ┤" + line
    }
  }

  /// So many values as columns fit: each the mean of its share of `values`.
  static func condensed(_ values: [Double], to columns: Int) -> [Double] {
    guard values.count > columns else { return values }
    return (0..<columns).map { column in
      let part = values[(column * values.count / columns)..<((column + 1) * values.count / columns)]
      return part.reduce(0, +) / Double(part.count)
    }
  }
}
