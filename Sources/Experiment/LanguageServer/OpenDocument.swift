import Foundation
import RecipeLanguage

/// A text that is open in the editor: what the client has, byte for byte.
public struct OpenDocument {
  /// The document's address as the client writes it.
  public let uri: String
  /// The file's path; nil for texts that are in no file.
  public let path: String?
  public private(set) var version: Int
  public private(set) var bytes: [UInt8]
  public private(set) var lines: LineIndex
  public private(set) var source: SourceFile

  public init(uri: String, version: Int, text: String) {
    self.uri = uri
    self.version = version
    path = DocumentAddress.path(of: uri)
    bytes = Array(text.utf8)
    lines = LineIndex(bytes)
    source = SourceFile(name: path ?? uri, bytes: bytes)
  }

  /// Applies changes in order: each replaces a range, or everything where it has none. If one cannot be understood, the
  /// document stays as it was and an error is thrown.
  public mutating func apply(_ changes: [JSONValue], version: Int, _ encoding: PositionEncoding) throws(ResponseError) {
    var changed = bytes
    var index = lines
    for change in changes {
      guard let text = change["text"]?.text else { throw ResponseError(.invalidParams, "a change without `text`") }
      guard let value = change["range"], value != .null else {
        changed = Array(text.utf8)
        index = LineIndex(changed)
        continue
      }
      let range = try ProtocolRange.offsets(value, index, encoding)
      changed.replaceSubrange(range, with: text.utf8)
      index = LineIndex(changed)
    }
    (bytes, lines, self.version) = (changed, index, version)
    source = SourceFile(name: path ?? uri, bytes: changed)
  }
}

/// Addresses of documents and paths of files.
enum DocumentAddress {
  static func path(of uri: String) -> String? {
    guard let url = URL(string: uri), url.isFileURL, url.host() ?? "" == "" else { return nil }
    let path = url.path(percentEncoded: false)
    return path.isEmpty || path.utf8.contains(0) ? nil : path
  }

  static func uri(of path: String) -> String { URL(filePath: path).absoluteString }
}
