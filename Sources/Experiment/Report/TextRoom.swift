/// How much room texts take in drawings, where nothing measures them, and how they are kept apart.
package enum TextRoom {
  /// An upper estimate of a text's width in a sans-serif face of `size` units.
  package static func width(_ text: String, size: Double = 11.5) -> Double {
    size * text.unicodeScalars.reduce(0) { total, scalar in
      let share: Double =
        switch scalar.value {
        case 0x1100...: 1.05
        default: "iljtfr.,:;'|!()[] ·".unicodeScalars.contains(scalar) ? 0.4
          : "mwMW@%—".unicodeScalars.contains(scalar) ? 0.98 : scalar.properties.isUppercase ? 0.74 : 0.62
        }
      return total + share
    }
  }

  /// The text, or as much of its two ends as there is room for; empty where not even three letters fit.
  package static func fitted(_ text: String, into room: Double, size: Double = 11.5) -> String {
    guard width(text, size: size) > room else { return text }
    var length = text.count
    while length > 3 {
      length -= 1
      let cut = ValueNames.abridged(text, length)
      if width(cut, size: size) <= room { return cut }
    }
    return ""
  }

  /// Positions as near as may be to those wanted, in the same order, at least `gap` apart and inside `room`; nil where that
  /// is too little for all of them.
  package static func spread(_ wanted: [Double], gap: Double, in room: ClosedRange<Double>) -> [Double]? {
    guard Double(wanted.count - 1) * gap <= room.upperBound - room.lowerBound else { return nil }
    let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
    // Groups that touch stand around the middle of what they want.
    var groups: [(start: Double, members: [Int])] = []
    for position in order {
      var group = (start: min(max(wanted[position], room.lowerBound), room.upperBound), members: [position])
      while let last = groups.last, last.start + gap * Double(last.members.count) > group.start {
        groups.removeLast()
        let members = last.members + group.members
        let middle = members.enumerated().reduce(0) { $0 + wanted[$1.element] - gap * Double($1.offset) } / Double(members.count)
        group = (min(max(middle, room.lowerBound), room.upperBound - gap * Double(members.count - 1)), members)
      }
      groups.append(group)
    }
    var places = wanted
    for group in groups {
      for (offset, member) in group.members.enumerated() { places[member] = group.start + gap * Double(offset) }
    }
    return places
  }
}
