import Foundation
import RecipeLanguage
import TensorFiles

/// A sweep's part of a ``RunFolder``:
///
///     DIR/SWEEP/sweep.json                 the cells with their axes, folders, states and scores
///     DIR/SWEEP/table.md  table.csv        scores by axis, mean ± std over seeds
///     DIR/SWEEP/seed=1,lr=0.2-3f2a9c1b/    a cell, laid out as any arm; the end of its name is that of its identity
///
/// A cell's folder is its identity: running again after a change of the recipe begins only the cells that are new.
public struct SweepFolder: Sendable {
  public let root: URL

  public init(_ root: URL) { self.root = root }

  public var index: URL { root.appending(path: "sweep.json") }
  public var markdown: URL { root.appending(path: "table.md") }
  public var csv: URL { root.appending(path: "table.csv") }

  public var isThere: Bool { FileManager.default.fileExists(atPath: index.path(percentEncoded: false)) }

  /// The folder of a cell.
  public func cell(_ axes: [(name: String, value: Value)], identity: String) -> ArmFolder {
    let parts = axes.map { axis in
      (axis.name.split(separator: ".").last.map(String.init) ?? axis.name) + "=" + Self.plain(axis.value.canonicalText)
    }
    let readable = String(RunFolder.safe(parts.joined(separator: ","), also: "=,").prefix(80))
    return ArmFolder(root.appending(path: "\(readable)-\(identity.prefix(8))"))
  }

  /// `.fast` as `fast`, `"a"` as `a`.
  private static func plain(_ text: String) -> String {
    text.trimmingCharacters(in: CharacterSet(charactersIn: ".\""))
  }

  /// The cells there are, by folder.
  public var cells: [ArmFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))) ?? []
    return names.sorted().map { ArmFolder(root.appending(path: $0)) }.filter(\.isThere)
  }
}

extension RunFolder {
  public func sweep(_ name: String) -> SweepFolder { SweepFolder(root.appending(path: Self.safe(name))) }

  /// The sweeps there are, by name.
  public var sweeps: [SweepFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))) ?? []
    return names.sorted().map { SweepFolder(root.appending(path: $0)) }.filter(\.isThere)
  }

  /// A name with what is awkward in file names made `_`.
  static func safe(_ name: String) -> String { safe(name, also: "") }

  static func safe(_ name: String, also: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.\(also)".contains($0)) ? $0 : "_" })
  }
}
