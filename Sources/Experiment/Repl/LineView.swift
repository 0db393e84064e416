import VisibleText

/// Draws a line that is being edited into one row of a terminal.
package struct LineView {
  let prompt: String
  /// Columns of the terminal.
  let width: Int

  package init(prompt: String, width: Int) {
    self.prompt = prompt
    self.width = width
  }

  /// The bytes that draw the line anew and put the cursor into its place. A line that is too long shows the part
  /// around the cursor.
  package func drawing(of text: [Character], cursor: Int) -> String {
    let text = text.map { $0.unicodeScalars.contains(where: \.isHidden) ? "?" : $0 }
    let room = max(8, width - prompt.count - 1)
    var first = 0
    while columns(text[first..<cursor]) > room { first += 1 }
    var last = first
    var used = 0
    while last < text.count, used + LineView.columns(text[last]) <= room {
      used += LineView.columns(text[last])
      last += 1
    }
    let column = prompt.count + columns(text[first..<cursor])
    return "\r" + prompt + String(text[first..<last]) + "\u{1B}[K\r" + (column > 0 ? "\u{1B}[\(column)C" : "")
  }

  private func columns(_ text: ArraySlice<Character>) -> Int { text.reduce(0) { $0 + LineView.columns($1) } }

  /// How many columns a character takes: two for East Asian characters and pictures.
  package static func columns(_ character: Character) -> Int {
    character.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
        0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
        return 2
      default:
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format: return 0
        default: return 1
        }
      }
    }.max() ?? 0
  }
}
