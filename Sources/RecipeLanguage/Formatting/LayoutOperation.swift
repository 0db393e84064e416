/// A step in writing formatted text: what is written, and where lines may end.
///
/// The builder makes a list of them for one item of the file; the printer decides which lines end.
enum LayoutOperation {
  /// These bytes of the source, as they are.
  case source(Int, Int)
  /// A comma.
  case comma
  /// A space, unless a line starts here.
  case space
  /// A new line, or text when all is on one line.
  case line(Line)
  /// A new line, always; with a blank line before it if `blank`.
  case hardLine(blank: Bool)
  /// A comment after which the line must end: `// …`, or `/* … */` over several lines or on a line of its own.
  case comment(Int, Int, ownLine: Bool, blank: Bool)
  case open(Group)
  case close

  struct Line {
    enum Text: UInt8 { case nothing, space, commaAndSpace }
    /// What stands here when no line ends.
    var flat: Text
    /// Whether a comma stands at the end of the line, if one ends here.
    var endsWithComma = false
    /// Whether a blank line is kept.
    var blank = false
    /// Whether the new line is indented like the line that opened the group.
    var isClosing = false
  }

  /// Operations that are laid out together.
  struct Group {
    /// `together`: either every line of the group ends, or none. `fill`: a line ends where the next part has no room.
    enum Kind: UInt8 { case together, fill }
    var kind: Kind
    /// How far the lines of the group are indented, in columns.
    var indent = 2
    /// Whether its lines end although all would fit.
    var isForced = false
    /// Whether it is indented from the start of the group around it, and not from the line on which it opens.
    var isBlock = false
  }
}
