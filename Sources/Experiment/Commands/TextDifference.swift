/// The lines in which two texts differ, as `diff -u` prints them.
struct TextDifference {
  /// A run of lines of either text; the line numbers count from 0.
  private struct Change {
    var old: Range<Int>
    var new: Range<Int>
  }
  private let old: [Substring]
  private let new: [Substring]
  private var changes: [Change] = []

  /// More lines than this between the first and the last difference are shown as one change: finding the smallest
  /// difference takes time by the square of its size.
  private static let limit = 4000

  init(from old: String, to new: String) {
    self.old = Self.lines(old)
    self.new = Self.lines(new)
    compare()
  }

  private static func lines(_ text: String) -> [Substring] {
    // By bytes: a carriage return and a line feed are one Character, and are told apart here.
    var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
    if lines.last?.isEmpty == true { lines.removeLast() } else { lines[lines.count - 1] += "\n\\ No newline at end of file" }
    return lines
  }

  private mutating func compare() {
    var start = 0
    while start < min(old.count, new.count), old[start].utf8.elementsEqual(new[start].utf8) { start += 1 }
    var same = 0
    while same < min(old.count, new.count) - start,
      old[old.count - 1 - same].utf8.elementsEqual(new[new.count - 1 - same].utf8)
    {
      same += 1
    }
    let (oldEnd, newEnd) = (old.count - same, new.count - same)
    guard max(oldEnd, newEnd) - start <= Self.limit else {
      changes = [Change(old: start..<oldEnd, new: start..<newEnd)]
      return
    }
    let difference = new[start..<newEnd].difference(from: old[start..<oldEnd]) {
      $0.utf8.elementsEqual($1.utf8)
    }
    var removed = Array(repeating: false, count: old.count)
    var inserted = Array(repeating: false, count: new.count)
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed[start + offset] = true
      case .insert(let offset, _, _): inserted[start + offset] = true
      }
    }
    var (a, b) = (start, start)
    while a < oldEnd || b < newEnd {
      let (firstA, firstB) = (a, b)
      while a < oldEnd, removed[a] { a += 1 }
      while b < newEnd, inserted[b] { b += 1 }
      if a > firstA || b > firstB {
        changes.append(Change(old: firstA..<a, new: firstB..<b))
      } else {
        a += 1
        b += 1
      }
    }
  }

  /// The changes with three lines around each, under the name of the file.
  func unified(name: String) -> String {
    var lines = ["--- \(name)", "+++ \(name) (formatted)"]
    var index = 0
    while index < changes.count {
      var last = index
      while last + 1 < changes.count, changes[last + 1].old.lowerBound - changes[last].old.upperBound <= 6 { last += 1 }
      let lower = max(0, changes[index].old.lowerBound - 3)
      let upper = min(old.count, changes[last].old.upperBound + 3)
      let newLower = changes[index].new.lowerBound - (changes[index].old.lowerBound - lower)
      let newUpper = changes[last].new.upperBound + (upper - changes[last].old.upperBound)
      lines.append("@@ -\(Self.span(lower..<upper)) +\(Self.span(newLower..<newUpper)) @@")
      var at = lower
      for change in changes[index...last] {
        lines += old[at..<change.old.lowerBound].map { " " + $0 }
        lines += old[change.old].map { "-" + $0 } + new[change.new].map { "+" + $0 }
        at = change.old.upperBound
      }
      lines += old[at..<upper].map { " " + $0 }
      index = last + 1
    }
    return lines.joined(separator: "\n")
  }

  /// `12,3`, as the head of a hunk counts: from 1, or the line before when there is none.
  private static func span(_ range: Range<Int>) -> String {
    range.isEmpty ? "\(range.lowerBound),0" : range.count == 1 ? "\(range.upperBound)" : "\(range.lowerBound + 1),\(range.count)"
  }
}
