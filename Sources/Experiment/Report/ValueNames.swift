/// Short names for the values of an axis: what all of them have alike is left out.
///
///     .plain, .published                                  plain, published
///     sgd(lr: 0.05, momentum: 0.9), sgd(lr: 0.1, momentum: 0.9)     lr 0.05, lr 0.1
///     sgd(lr: 0.05), adam(lr: 0.05)                       sgd, adam
///     1.0, 4.0, 16.0                                      1, 4, 16
package enum ValueNames {
  /// Longer names are cut in their middle.
  static let longest = 32

  /// One name for each value, all different where the values are.
  package static func short(_ values: [String]) -> [String] {
    // Whole numbers that are written as fractions because the field takes any.
    let isWhole = values.allSatisfy { $0.hasSuffix(".0") && Double($0) != nil }
    let plain = isWhole ? values.map { String($0.dropLast(2)) } : shortened(values).map { abridged($0, longest) }
    guard Set(plain).count < Set(values).count else { return plain }
    // What the cut made alike is numbered.
    let twice = Set(plain.filter { name in plain.count { $0 == name } > 1 })
    return zip(plain.indices, plain).map { position, name in twice.contains(name) ? "\(name) #\(position + 1)" : name }
  }

  private static func shortened(_ values: [String]) -> [String] {
    let calls = values.map(Call.init)
    guard values.count > 1, Set(values).count > 1 else { return values.map(unmarked) }
    let found = calls.compactMap { $0 }
    guard !found.isEmpty else { return values.map(unmarked) }
    let names = Set(values.indices.map { calls[$0]?.name ?? unmarked(values[$0]) })
    // Arguments that every call has, with one value.
    let common = found[0].arguments.filter { argument in found.allSatisfy { $0.arguments.contains(argument) } }
    let kept = found.map { $0.arguments.filter { !common.contains($0) } }
    if names.count == 1, found.count == values.count {
      let keys = kept.map { $0.map(\.name) }
      guard keys.allSatisfy({ $0.count == 1 && $0 == keys[0] }) else {
        let texts = kept.map { $0.map(\.text).joined(separator: ", ") }
        return Set(texts).count == Set(values).count && !texts.contains("") ? texts : values.map(unmarked)
      }
      let inner = shortened(kept.map { $0[0].value })
      return keys[0][0].isEmpty ? inner : inner.map { "\(keys[0][0]) \($0)" }
    }
    var next = kept.makeIterator()
    let texts = values.indices.map { position -> String in
      guard let call = calls[position] else { return unmarked(values[position]) }
      let arguments = next.next() ?? []
      return arguments.isEmpty ? call.name : "\(call.name)(\(arguments.map(\.text).joined(separator: ", ")))"
    }
    return Set(texts).count == Set(values).count ? texts : values.map(unmarked)
  }

  /// `.plain` as `plain`, `"a"` as `a`.
  private static func unmarked(_ text: String) -> String {
    if text.count > 2, text.hasPrefix("\""), text.hasSuffix("\"") { return String(text.dropFirst().dropLast()) }
    return text.hasPrefix(".") && text.count > 1 && text.dropFirst().first?.isNumber == false ? String(text.dropFirst()) : text
  }

  /// A text with its middle left out where it is longer than `length`.
  package static func abridged(_ text: String, _ length: Int) -> String {
    guard text.count > length, length > 2 else { return text }
    let head = (length - 1) * 2 / 3
    return text.prefix(head) + "…" + text.suffix(length - 1 - head)
  }

  /// The last part of each path, and as many before it as tell it from the others.
  package static func shortPaths(_ paths: [String]) -> [String] {
    paths.map { path in
      let parts = path.split(separator: ".")
      for count in 1...max(1, parts.count) {
        let end = parts.suffix(count)
        if paths.count(where: { $0.split(separator: ".").suffix(count) == end }) == 1 { return end.joined(separator: ".") }
      }
      return path
    }
  }
}

/// `name(argument, key: argument)`, taken apart at its own commas.
private struct Call {
  struct Argument: Hashable {
    let name: String
    let value: String
    var text: String { name.isEmpty ? value : "\(name): \(value)" }
  }
  let name: String
  let arguments: [Argument]

  /// Nil for anything but one call.
  init?(_ text: String) {
    guard text.hasSuffix(")"), let open = text.firstIndex(of: "("), open > text.startIndex else { return nil }
    name = String(text[..<open].drop { $0 == "." })
    guard name.allSatisfy({ $0.isLetter || $0.isNumber || "_.".contains($0) }) else { return nil }
    var parts: [String] = [""]
    var depth = 0
    var quoted = false
    for character in text[text.index(after: open)...].dropLast() {
      if character == "\"" { quoted.toggle() }
      if !quoted {
        if "([".contains(character) { depth += 1 }
        if ")]".contains(character) { depth -= 1 }
        if depth < 0 { return nil }
        if character == ",", depth == 0 {
          parts.append("")
          continue
        }
      }
      parts[parts.count - 1].append(character)
    }
    guard depth == 0, !quoted else { return nil }
    arguments = parts.map { part in
      let part = part.drop { $0 == " " }
      let head = part.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      let rest = part[head.endIndex...]
      return !head.isEmpty && rest.hasPrefix(": ")
        ? Argument(name: String(head), value: String(rest.dropFirst(2))) : Argument(name: "", value: String(part))
    }
  }
}
