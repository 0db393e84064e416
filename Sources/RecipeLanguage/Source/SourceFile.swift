/// The text of one recipe file (or of one `--set` override), with its table of lines.
///
/// A source is bytes: offsets count UTF-8 code units, so a span is two integers and never splits on
/// characters. Bytes that are not UTF-8 are replaced by U+FFFD and reported once by the scanner.
public final class SourceFile: Sendable {
  /// What diagnostics call the file: a path as the user wrote it, or `--set`.
  public let name: String
  /// The text as UTF-8.
  public let bytes: [UInt8]
  /// The offset of the first byte that was not UTF-8 in the original, or nil.
  public let firstInvalidByte: Int?
  /// What kind of place this text came from.
  public let kind: Kind
  private let lineStarts: [Int]

  /// Where a text came from.
  public enum Kind: Sendable, Equatable {
    /// A recipe file.
    case file
    /// An override given on the command line.
    case commandLine
    /// A default written in the catalogue.
    case catalogue
  }

  /// Makes a source from a string.
  public convenience init(name: String, text: String, kind: Kind = .file) {
    self.init(name: name, bytes: Array(text.utf8), kind: kind)
  }

  /// Makes a source from raw bytes; invalid UTF-8 is repaired and remembered.
  public init(name: String, bytes raw: [UInt8], kind: Kind = .file) {
    self.name = name
    self.kind = kind
    if let bad = SourceFile.firstInvalidUTF8(raw) {
      firstInvalidByte = bad
      bytes = Array(String(decoding: raw, as: UTF8.self).utf8)
    } else {
      firstInvalidByte = nil
      bytes = raw
    }
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The number of lines; an empty file has one.
  public var lineCount: Int { lineStarts.count }

  /// The 1-based line and column (in characters) of an offset.
  public func position(at offset: Int) -> (line: Int, column: Int) {
    let clamped = max(0, min(offset, bytes.count))
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= clamped { low = middle } else { high = middle }
    }
    let column = String(decoding: bytes[lineStarts[low]..<clamped], as: UTF8.self).count + 1
    return (low + 1, column)
  }

  /// The text of a 1-based line without its line break.
  public func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  /// The text between two offsets.
  public func text(_ range: Range<Int>) -> String {
    let range = range.clamped(to: 0..<bytes.count)
    return String(decoding: bytes[range], as: UTF8.self)
  }

  private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    var index = 0
    while index < bytes.count {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
      guard lead >= 0xC2, lead <= 0xF4, index + length <= bytes.count else { return index }
      for tail in bytes[(index + 1)..<(index + length)] where tail & 0xC0 != 0x80 { return index }
      let second = bytes[index + 1]
      if lead == 0xE0 && second < 0xA0 || lead == 0xED && second > 0x9F { return index }
      if lead == 0xF0 && second < 0x90 || lead == 0xF4 && second > 0x8F { return index }
      index += length
    }
    return nil
  }
}
