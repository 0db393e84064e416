/// Draws the values of an expression's parts under the columns they stand at, as power assertions do:
///
///     a + b == c * 2
///     │ │ │ │  │ │
///     1 3 2 │  3 6
///           false
enum ValueDrawing {
  /// The lines under the excerpt for values at columns (from 0), in any order.
  static func rows(_ values: [(column: Int, text: String)]) -> [String] {
    guard !values.isEmpty else { return [] }
    var rows: [[Character]] = [[], []]
    for value in values.sorted(by: { $0.column > $1.column }) {
      put("│", at: value.column, in: &rows[0])
      var row = 1
      // Each value stands in the first line where it does not run into what is to its right.
      while !isFree(value, in: rows[row]) {
        put("│", at: value.column, in: &rows[row])
        row += 1
        if row == rows.count { rows.append([]) }
      }
      for (offset, character) in value.text.enumerated() { put(character, at: value.column + offset, in: &rows[row]) }
    }
    return rows.map { String($0) }
  }

  private static func isFree(_ value: (column: Int, text: String), in row: [Character]) -> Bool {
    guard value.column < row.count else { return true }
    return row[value.column..<min(row.count, value.column + value.text.count + 1)].allSatisfy { $0 == " " }
  }

  private static func put(_ character: Character, at column: Int, in row: inout [Character]) {
    while row.count <= column { row.append(" ") }
    row[column] = character
  }
}
