/// Editing of one line with a history: bytes of a terminal in, what they did out. It neither reads nor writes.
///
/// A whole library (readline is under the GPL; libedit would have to be installed to build) for one line is more than
/// is needed here.
package struct LineEditor {
  /// What a byte did.
  package enum Event: Equatable {
    /// Nothing to be seen.
    case nothing
    /// The line or the place in it changed.
    case changed
    /// The line is complete.
    case line(String)
    /// Ctrl-C: the line was cleared.
    case cancelled
    /// Ctrl-D on an empty line.
    case end
    /// Ctrl-L: the screen is to be cleared.
    case clearScreen
  }

  package private(set) var text: [Character] = []
  /// Before which character the cursor stands.
  package private(set) var cursor = 0
  /// Lines entered before, oldest first.
  package private(set) var history: [String]
  /// The place in the history; its count stands for the line being written.
  private var place: Int
  private var draft: [Character] = []
  private var removed: [Character] = []
  private var pending: [UInt8] = []

  package init(history: [String] = []) {
    self.history = history
    place = history.count
  }

  /// Takes a byte from the terminal.
  package mutating func take(_ byte: UInt8) -> Event {
    pending.append(byte)
    if pending[0] == 0x1B { return escape() }
    if pending[0] >= 0x80 { return character() }
    pending = []
    switch byte {
    case 0x01: return move(to: 0)
    case 0x02: return move(to: cursor - 1)
    case 0x03:
      clear()
      return .cancelled
    case 0x04: return text.isEmpty ? .end : remove(cursor..<min(cursor + 1, text.count))
    case 0x05: return move(to: text.count)
    case 0x06: return move(to: cursor + 1)
    case 0x08, 0x7F: return remove(max(0, cursor - 1)..<cursor)
    case 0x0A, 0x0D: return enter()
    case 0x0B: return cut(cursor..<text.count)
    case 0x0C: return .clearScreen
    case 0x0E: return recall(place + 1)
    case 0x10: return recall(place - 1)
    case 0x15: return cut(0..<cursor)
    case 0x17: return cut(wordStart..<cursor)
    case 0x19: return insert(removed)
    case 0x09: return insert([" ", " "])
    case 0x20...0x7E: return insert([Character(Unicode.Scalar(byte))])
    default: return .nothing
    }
  }

  // MARK: Sequences

  /// A character outside ASCII, when all its bytes are there.
  private mutating func character() -> Event {
    let lead = pending[0]
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1
    guard pending.count >= length else { return .nothing }
    let new = String(decoding: pending, as: UTF8.self)
    pending = []
    guard new.unicodeScalars.allSatisfy({ $0 != "\u{FFFD}" }) else { return .nothing }
    // An accent belongs to the character before it.
    if cursor > 0, (String(text[cursor - 1]) + new).count == 1 {
      text[cursor - 1] = Character(String(text[cursor - 1]) + new)
      return .changed
    }
    return insert(Array(new))
  }

  /// `ESC [ … letter`, `ESC O letter`; others are swallowed.
  private mutating func escape() -> Event {
    guard pending.count >= 2 else { return .nothing }
    let isSequence = pending[1] == UInt8(ascii: "[") || pending[1] == UInt8(ascii: "O")
    guard isSequence else {
      pending = []
      return .nothing
    }
    guard pending.count >= 3, let last = pending.last, last >= 0x40 else {
      if pending.count > 32 { pending = [] }
      return .nothing
    }
    let sequence = String(decoding: pending.dropFirst(2), as: UTF8.self)
    pending = []
    switch sequence {
    case "A": return recall(place - 1)
    case "B": return recall(place + 1)
    case "C": return move(to: cursor + 1)
    case "D": return move(to: cursor - 1)
    case "H", "1~", "7~": return move(to: 0)
    case "F", "4~", "8~": return move(to: text.count)
    case "3~": return remove(cursor..<min(cursor + 1, text.count))
    default: return .nothing
    }
  }

  // MARK: Changes

  private mutating func insert(_ new: [Character]) -> Event {
    text.insert(contentsOf: new, at: cursor)
    cursor += new.count
    return .changed
  }

  private mutating func remove(_ range: Range<Int>) -> Event {
    guard !range.isEmpty else { return .nothing }
    text.removeSubrange(range)
    cursor = range.lowerBound
    return .changed
  }

  private mutating func cut(_ range: Range<Int>) -> Event {
    if !range.isEmpty { removed = Array(text[range]) }
    return remove(range)
  }

  private mutating func move(to position: Int) -> Event {
    let position = max(0, min(position, text.count))
    defer { cursor = position }
    return position == cursor ? .nothing : .changed
  }

  private var wordStart: Int {
    var start = cursor
    while start > 0, text[start - 1] == " " { start -= 1 }
    while start > 0, text[start - 1] != " " { start -= 1 }
    return start
  }

  private mutating func recall(_ position: Int) -> Event {
    guard (0...history.count).contains(position), position != place else { return .nothing }
    if place == history.count { draft = text }
    place = position
    text = position == history.count ? draft : Array(history[position])
    cursor = text.count
    return .changed
  }

  private mutating func enter() -> Event {
    let line = String(text)
    if !line.allSatisfy(\.isWhitespace), history.last != line { history.append(line) }
    clear()
    return .line(line)
  }

  private mutating func clear() {
    (text, draft, cursor, place) = ([], [], 0, history.count)
  }
}
