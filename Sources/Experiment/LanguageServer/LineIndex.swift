/// How a protocol counts characters in a line.
public enum PositionEncoding: String, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
}

/// The lines of a text in UTF-8, as the protocol cuts them: at LF, CRLF and CR.
public struct LineIndex: Sendable {
  private let bytes: [UInt8]
  private let starts: [Int]

  public init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() {
      if byte == 0x0A || byte == 0x0D && (offset + 1 == bytes.count || bytes[offset + 1] != 0x0A) {
        starts.append(offset + 1)
      }
    }
    self.starts = starts
  }

  /// The offset of a position. A character behind the end of its line is the end; a line behind the last one is the
  /// end of the text; half a character is its beginning. Negative numbers trap.
  public func offset(line: Int, character: Int, _ encoding: PositionEncoding) -> Int {
    precondition(line >= 0 && character >= 0)
    guard line < starts.count else { return bytes.count }
    let end = contentEnd(of: line)
    var offset = starts[line]
    var rest = character
    while rest > 0, offset < end {
      let length = min(LineIndex.length(of: bytes[offset]), end - offset)
      let width = encoding == .utf8 ? length : length == 4 ? 2 : 1
      if rest < width { break }
      rest -= width
      offset += length
    }
    return offset
  }

  /// The position of an offset.
  public func position(at offset: Int, _ encoding: PositionEncoding) -> (line: Int, character: Int) {
    let offset = max(0, min(offset, bytes.count))
    var low = 0
    var high = starts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    let line = starts[low]..<min(offset, contentEnd(of: low))
    let count =
      encoding == .utf8
      ? line.count
      : bytes[line].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : $1 >= 0xF0 ? 2 : 1) }
    return (low, count)
  }

  /// The end of a line without its line break.
  private func contentEnd(of line: Int) -> Int {
    var end = line + 1 < starts.count ? starts[line + 1] : bytes.count
    if end > starts[line], line + 1 < starts.count, bytes[end - 1] == 0x0A { end -= 1 }
    if end > starts[line], line + 1 < starts.count, bytes[end - 1] == 0x0D { end -= 1 }
    return end
  }

  private static func length(of lead: UInt8) -> Int { lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4 }
}
