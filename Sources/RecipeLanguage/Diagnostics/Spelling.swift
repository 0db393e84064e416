/// Did-you-mean: case and `_` folded, then known aliases, then edit distance up to a third of the length.
enum Spelling {
  /// The nearest candidate, or nil when none is near.
  static func closest<S: Sequence>(to word: String, among candidates: S, aliases: [String: String] = [:]) -> String?
  where S.Element == String {
    let folded = fold(word)
    if let exact = candidates.first(where: { fold($0) == folded }) { return exact }
    if let alias = aliases[word] ?? aliases.first(where: { fold($0.key) == folded })?.value { return alias }
    let limit = max(1, folded.count / 3)
    var best: (distance: Int, name: String)?
    for candidate in candidates {
      guard abs(candidate.count - word.count) <= limit + 2 else { continue }
      let distance = distance(folded, fold(candidate), limit: limit)
      if distance <= limit, distance < folded.count, distance < best?.distance ?? Int.max {
        best = (distance, candidate)
      }
    }
    return best?.name
  }

  private static func fold(_ word: String) -> [UInt8] {
    word.utf8.filter { $0 != UInt8(ascii: "_") }.prefix(64).map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
  }

  /// Insertions, deletions, replacements and swaps of neighbours.
  private static func distance(_ a: [UInt8], _ b: [UInt8], limit: Int) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var before: [Int] = []
    var previous = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      row.reserveCapacity(b.count + 1)
      for j in 1...b.count {
        var cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, before[j - 2] + 1) }
        row.append(cost)
      }
      before = previous
      previous = row
    }
    return previous[b.count]
  }
}
