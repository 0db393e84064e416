/// Decides where lines end, and writes the text. Takes time proportional to the number of operations.
///
/// The widths of all groups are known before the first one is written: `flat[i]` is the width of everything before
/// operation `i` on one line, and `ahead[i]` the width from `i` to the next place where a line may end.
struct LayoutPrinter {
  private let source: SourceFile
  private let operations: [LayoutOperation]
  private var flat: [Int]
  private var ahead: [Int]
  /// For the opening of a group its close; for a line the next line of its group, or the close.
  private var partner: [Int]
  private var frames: [Frame] = [Frame(kind: .together, isBroken: true, base: 0, indent: 0)]
  private(set) var bytes: [UInt8]

  /// The column of the next byte.
  private var column = 0
  private var startsLine = true
  /// The indentation of the current line.
  private var lineIndent = 0
  private var wantsSpace = false
  /// Whether a comment stands at the end of this line.
  private var mustEndLine = false

  private struct Frame {
    var kind: LayoutOperation.Group.Kind
    var isBroken: Bool
    var base: Int
    var indent: Int
  }

  /// Wider than any line.
  private static let endless = 1 << 24

  /// A printer that goes on after `bytes`, at the start of a line.
  init(_ operations: [LayoutOperation], source: SourceFile, after bytes: [UInt8]) {
    self.source = source
    self.operations = operations
    self.bytes = bytes
    flat = Array(repeating: 0, count: operations.count + 1)
    ahead = Array(repeating: 0, count: operations.count + 1)
    partner = Array(repeating: operations.count, count: operations.count)
    measure()
  }

  // MARK: Measuring

  private mutating func measure() {
    var open: [(group: Int, line: Int)] = []
    var lastLine = -1
    for (index, operation) in operations.enumerated() {
      var width = 0
      switch operation {
      case .source(let lower, let upper): width = columns(lower, upper)
      case .comma, .space: width = 1
      case .hardLine, .comment: width = Self.endless
      case .line(let line):
        width = line.flat == .nothing ? 0 : line.flat == .space ? 1 : 2
        if lastLine >= 0 { partner[lastLine] = index }
        lastLine = index
      case .open(let group):
        if group.isForced { width = Self.endless }
        open.append((index, lastLine))
        lastLine = -1
      case .close:
        guard let last = open.popLast() else { continue }
        partner[last.group] = index
        if lastLine >= 0 { partner[lastLine] = index }
        lastLine = last.line
      }
      flat[index + 1] = flat[index] + width
    }
    for index in operations.indices.reversed() {
      switch operations[index] {
      case .line, .hardLine, .comment: ahead[index] = 0
      case .open, .close: ahead[index] = ahead[index + 1]
      default: ahead[index] = flat[index + 1] - flat[index] + ahead[index + 1]
      }
    }
  }

  /// The number of code points; a byte `10xxxxxx` goes on with one.
  private func columns(_ lower: Int, _ upper: Int) -> Int {
    var count = 0
    for index in lower..<upper {
      let byte = source.bytes[index]
      if byte & 0xC0 != 0x80 { count += 1 }
      if byte == 0x0A { return Self.endless }
    }
    return count
  }

  // MARK: Printing

  mutating func print() {
    for (index, operation) in operations.enumerated() {
      switch operation {
      case .source(let lower, let upper):
        startText()
        bytes.append(contentsOf: source.bytes[lower..<upper])
        column += columns(lower, upper)
      case .comma:
        startText()
        bytes.append(UInt8(ascii: ","))
        column += 1
      case .space: wantsSpace = !startsLine
      case .hardLine(let blank): endLine(indent: indent, blank: blank)
      case .comment(let lower, let upper, let ownLine, let blank):
        comment(lower, upper, ownLine: ownLine, blank: blank)
      case .line(let line): self.line(line, at: index)
      case .open(let group): open(group, at: index)
      case .close: frames.removeLast()
      }
    }
    if !startsLine { endLine(indent: 0, blank: false) }
  }

  private var frame: Frame { frames[frames.count - 1] }
  /// The indentation of a new line of the current group.
  private var indent: Int { frame.base + frame.indent }
  private var nextColumn: Int { column + (wantsSpace ? 1 : 0) }

  private mutating func open(_ group: LayoutOperation.Group, at index: Int) {
    let end = partner[index]
    let width = flat[end] - flat[index] + ahead[end]
    frames.append(
      Frame(
        kind: group.kind, isBroken: nextColumn + width > RecipeFormatter.width,
        base: group.isBlock ? frame.base : lineIndent, indent: group.indent))
  }

  private mutating func line(_ line: LayoutOperation.Line, at index: Int) {
    if mustEndLine || startsLine || breaks(at: index) {
      if line.endsWithComma {
        bytes.append(UInt8(ascii: ","))
        column += 1
      }
      endLine(indent: line.isClosing ? frame.base : indent, blank: line.blank)
      return
    }
    if line.flat == .commaAndSpace {
      bytes.append(UInt8(ascii: ","))
      column += 1
    }
    if line.flat == .space || line.flat == .commaAndSpace { wantsSpace = true }
  }

  private func breaks(at index: Int) -> Bool {
    guard frame.isBroken else { return false }
    guard frame.kind == .fill else { return true }
    let next = partner[index]
    let part = flat[next] - flat[index] + ahead[next]
    if column + part <= RecipeFormatter.width { return false }
    // A part that fits on a line of its own gets one; a longer one is broken inside, if it can be.
    if indent + part - (flat[index + 1] - flat[index]) <= RecipeFormatter.width { return true }
    return column + flat[index + 1] - flat[index] + ahead[index + 1] > RecipeFormatter.width
  }

  private mutating func comment(_ lower: Int, _ upper: Int, ownLine: Bool, blank: Bool) {
    if mustEndLine || ownLine && !startsLine { endLine(indent: indent, blank: ownLine && blank) }
    if !startsLine { wantsSpace = true }
    startText()
    // Spaces and carriage returns at the ends of lines go.
    let start = bytes.count
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
    for byte in source.bytes[lower..<upper] {
      if byte == 0x0A { while bytes.count > start, isSpace(bytes[bytes.count - 1]) { bytes.removeLast() } }
      bytes.append(byte)
    }
    while bytes.count > start, isSpace(bytes[bytes.count - 1]) { bytes.removeLast() }
    mustEndLine = true
  }

  private mutating func startText() {
    if mustEndLine { endLine(indent: indent, blank: false) }
    if startsLine {
      bytes.append(contentsOf: repeatElement(0x20, count: lineIndent))
    } else if wantsSpace {
      bytes.append(0x20)
      column += 1
    }
    startsLine = false
    wantsSpace = false
  }

  /// Ends the line, if anything stands on it.
  private mutating func endLine(indent: Int, blank: Bool) {
    if !startsLine { bytes.append(0x0A) }
    if blank, !bytes.isEmpty, !bytes.suffix(2).elementsEqual([0x0A, 0x0A]) { bytes.append(0x0A) }
    startsLine = true
    wantsSpace = false
    mustEndLine = false
    lineIndent = indent
    column = indent
  }
}
