import Foundation

/// Where the files of `Fixtures/` are.
package enum Fixtures {
  package static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures")

  package static func url(_ path: String) -> URL { root.appending(path: path) }
}
