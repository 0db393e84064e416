import Foundation

/// A path as the system has it: bytes, which need not be text. Names written on another system or unpacked from an
/// old archive are often no UTF-8, and `String` and `URL` cannot hold them.
public struct BytePath: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Without the slash at the end that a folder's URL may have.
  public init(_ url: URL) {
    var bytes = Array(url.path(percentEncoded: false).utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    self.bytes = bytes
  }

  public func appending(_ name: [UInt8]) -> BytePath {
    BytePath(bytes.isEmpty || bytes.last == UInt8(ascii: "/") ? bytes + name : bytes + [UInt8(ascii: "/")] + name)
  }

  /// The part behind the last slash.
  public var name: [UInt8] { Array(bytes[((bytes.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)...]) }

  /// What follows the name's last dot, small letters where it is ASCII; empty without, and for a name that begins with
  /// its only dot.
  public var ending: String {
    let name = name
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0 else { return "" }
    return BytePath(Array(name[(dot + 1)...])).description.lowercased()
  }

  /// By bytes, which for composed UTF-8 is the order of its characters.
  public static func < (a: BytePath, b: BytePath) -> Bool { a.bytes.lexicographicallyPrecedes(b.bytes) }

  /// The path as text; a byte that is part of no UTF-8 character is written `\xE9`.
  public var description: String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    var text = ""
    var rest = bytes[...]
    while let first = rest.first {
      let length = (1...4).first { String(validating: rest.prefix($0), as: UTF8.self) != nil }
      if let length {
        text += String(decoding: rest.prefix(length), as: UTF8.self)
        rest = rest.dropFirst(length)
      } else {
        text += String(format: "\\x%02X", first)
        rest = rest.dropFirst()
      }
    }
    return text
  }

  /// Calls with the path as C functions take it.
  func withCPath<Result>(_ body: (UnsafePointer<CChar>) throws -> Result) rethrows -> Result {
    try (bytes + [0]).withUnsafeBytes { try body($0.baseAddress!.assumingMemoryBound(to: CChar.self)) }
  }
}
