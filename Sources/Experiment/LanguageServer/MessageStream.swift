import Foundation

/// Cuts a stream of bytes into JSON-RPC messages: headers, an empty line, `Content-Length` bytes of JSON.
///
/// It never fails for good: what cannot be read is handed out as malformed, and reading goes on with the next header.
public struct MessageStream {
  /// What was found in the stream.
  public enum Item: Sendable {
    case message(JSONValue)
    /// Bytes that are no message, and why.
    case malformed(String)
  }

  /// The largest message that is taken; a longer one is stepped over.
  public static let longestMessage = 64 << 20
  private static let longestHeader = 8192

  private var bytes: [UInt8] = []
  private var at = 0
  /// How much of a message that is too long is still to come.
  private var toSkip = 0

  public init() {}

  /// Whether the stream ended in the middle of a message.
  public var isInsideMessage: Bool { at < bytes.count || toSkip > 0 }

  /// Adds what was read.
  public mutating func append(_ more: some Collection<UInt8>) {
    if at > 0 {
      bytes.removeFirst(at)
      at = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The next item, or nil when more bytes are needed.
  public mutating func next() -> Item? {
    if toSkip > 0 {
      let count = min(toSkip, bytes.count - at)
      at += count
      toSkip -= count
      if toSkip > 0 { return nil }
    }
    guard let header = header() else {
      guard bytes.count - at > MessageStream.longestHeader else { return nil }
      at = bytes.count
      return .malformed("a header of more than \(MessageStream.longestHeader) bytes")
    }
    let text = String(decoding: bytes[at..<header.lowerBound], as: UTF8.self)
    guard let length = MessageStream.contentLength(text) else {
      at = header.upperBound
      return .malformed("a header without a usable Content-Length")
    }
    guard length <= MessageStream.longestMessage else {
      at = header.upperBound
      toSkip = length
      return .malformed("a message of \(length) bytes; \(MessageStream.longestMessage) are taken")
    }
    guard bytes.count - header.upperBound >= length else { return nil }
    let body = bytes[header.upperBound..<(header.upperBound + length)]
    at = header.upperBound + length
    do {
      return .message(try JSONValue(parsing: Data(body)))
    } catch {
      return .malformed("a message that is not JSON")
    }
  }

  /// The empty line that ends the header at hand: CRLF CRLF, or two bare line feeds.
  private func header() -> Range<Int>? {
    var index = at
    let end = min(bytes.count, at + MessageStream.longestHeader)
    while index < end {
      if bytes[index] == 0x0A {
        if index + 1 < bytes.count, bytes[index + 1] == 0x0A { return index..<(index + 2) }
        if index + 2 < bytes.count, bytes[index + 1] == 0x0D, bytes[index + 2] == 0x0A { return index..<(index + 3) }
      }
      index += 1
    }
    return nil
  }

  private static func contentLength(_ header: String) -> Int? {
    for line in header.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces).lowercased() == "content-length" else {
        continue
      }
      guard let length = Int(parts[1].trimmingCharacters(in: .whitespaces)), length >= 0 else { return nil }
      return length
    }
    return nil
  }

  /// A message as it goes over the wire.
  public static func framed(_ message: JSONValue) -> [UInt8] {
    let body = Array(message.line.utf8)
    return Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
  }
}
