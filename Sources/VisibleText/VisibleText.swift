// Text that came from elsewhere (a recipe, a file's name, data) must not steer the terminal it is shown on, nor make a
// line look other than it is. What would do so is shown as string literals write it: `\u{1b}`, `\r`, `\u{202e}`.

extension Unicode.Scalar {
  /// Controls (C0, DEL, C1), ends of lines and paragraphs, and marks of writing direction: with them a line is shown as
  /// other than it is.
  public var misleads: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x206F: true
    default: false
    }
  }

  /// Whether it misleads or cannot be seen. What joins letters and pictures, and signs that stand for numbers, can.
  public var isHidden: Bool {
    if misleads { return true }
    guard value >= 0xAD, properties.generalCategory == .format else { return false }
    switch value {
    case 0x200C, 0x200D, 0x600...0x605, 0x6DD, 0x70F, 0x890...0x891, 0x8E2, 0x110BD, 0x110CD, 0xE0020...0xE007F: return false
    default: return true
    }
  }

  /// As a string literal has it.
  public var escape: String {
    switch self {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{\(String(value, radix: 16))}"
    }
  }
}

extension StringProtocol {
  /// The text with escapes for what cannot be seen; it keeps its lines and tabs.
  public var visible: String { escaping { $0.isHidden && $0 != "\n" && $0 != "\t" } }

  /// The same on one line: for names, which must not look like lines of their own.
  public var visibleLine: String { escaping(\.isHidden) }

  private func escaping(_ isEscaped: (Unicode.Scalar) -> Bool) -> String {
    guard unicodeScalars.contains(where: isEscaped) else { return String(self) }
    var result = ""
    for scalar in unicodeScalars {
      if isEscaped(scalar) { result += scalar.escape } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }
}
