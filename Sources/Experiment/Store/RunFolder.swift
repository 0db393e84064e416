import Foundation
import TensorFiles

/// A run on disk:
///
///     DIR/result.json  report.html         all arms together, written when the last arm is done
///     DIR/ARM/recipe.resolved              canonical text, defaults included, and its identity
///     DIR/images/DIGEST.json               what the images of arms are: names, contents, classes
///     DIR/ARM/images.json                  which of these the arm's are
///     DIR/ARM/metrics.jsonl                losses, rates, probes by step
///     DIR/ARM/checkpoints/last.safetensors and snapshots that are kept
///     DIR/ARM/stages/base.safetensors …    last states of the stages of DnC, and the clusters
///     DIR/ARM/tuning/PROBE/                states of fine-tuning, until the result is written
///     DIR/ARM/embedding.json               test images in the plane, for the report
///     DIR/ARM/arm.json                     the arm's result; present means that the arm is done
///     DIR/ARM/failure.json                 why it stopped, until it is tried again
///     DIR/ARM/cost.json                    the time and memory its last part took
///     DIR/SWEEP/…                          see ``SweepFolder``
///
/// Every file but the log is written beside its name and moved into place, so none is ever half there.
public struct RunFolder: Sendable {
  public let root: URL

  public init(_ root: URL) { self.root = root }

  public var result: URL { root.appending(path: "result.json") }
  public var report: URL { root.appending(path: "report.html") }
  func images(_ digest: String) -> URL { root.appending(path: "images/\(digest).json") }
  /// The folder of a recipe; for cells of sweeps see ``SweepFolder``.
  public func arm(_ name: String) -> ArmFolder { ArmFolder(root.appending(path: Self.safe(name))) }

  /// The place of an arm's folder, relative to this one where it is below it.
  func place(of arm: ArmFolder) -> String {
    let own = root.standardizedFileURL.path(percentEncoded: false)
    let path = arm.root.standardizedFileURL.path(percentEncoded: false)
    return path.hasPrefix(own) ? String(path.dropFirst(own.count).drop { $0 == "/" }) : path
  }

  /// Makes the folder (and those above it) unless it is there.
  public func create() throws { try Self.make(root) }

  /// Makes a folder and those above it. Throws ``RunStoreError`` that names the first that cannot be made and why.
  static func make(_ folder: URL) throws {
    let path = folder.path(percentEncoded: false)
    func isMade() -> Bool {
      var isFolder: ObjCBool = false
      return mkdir(path, 0o777) == 0
        || errno == EEXIST && FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
    if isMade() { return }
    var reason = errno
    let parent = folder.deletingLastPathComponent().standardizedFileURL
    if reason == ENOENT, parent != folder.standardizedFileURL {
      try make(parent)
      if isMade() { return }
      reason = errno
    }
    throw RunStoreError(
      folder, "cannot make this folder: \(String(cString: strerror(reason))); choose another --out", number: reason)
  }

  /// The arms there are, by name.
  public var arms: [ArmFolder] { armNames.map(arm) }

  /// The arms there are and all cells of sweeps.
  public var everything: [ArmFolder] { arms + sweeps.flatMap(\.cells) }

  /// Names of the arms there are, sorted.
  public var armNames: [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))) ?? []
    return names.filter { arm($0).isThere }.sorted()
  }

  /// `STEM`, or `STEM-2`, `STEM-3` … : the first that does not exist under `parent`.
  public static func fresh(_ stem: String, under parent: URL) -> RunFolder {
    var folder = parent.appending(path: stem)
    var number = 2
    while FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) {
      folder = parent.appending(path: "\(stem)-\(number)")
      number += 1
    }
    return RunFolder(folder)
  }

  /// The last existing one of the series of ``fresh(_:under:)``.
  public static func latest(_ stem: String, under parent: URL) -> RunFolder? {
    var latest: RunFolder?
    var folder = parent.appending(path: stem)
    var number = 2
    while FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) {
      latest = RunFolder(folder)
      folder = parent.appending(path: "\(stem)-\(number)")
      number += 1
    }
    return latest
  }
}

/// One arm's part of a ``RunFolder``.
public struct ArmFolder: Sendable {
  public let root: URL

  public init(_ root: URL) { self.root = root }

  public var recipe: URL { root.appending(path: "recipe.resolved") }
  var images: URL { root.appending(path: "images.json") }
  public var metrics: URL { root.appending(path: "metrics.jsonl") }
  public var checkpoints: URL { root.appending(path: "checkpoints") }
  /// Only where an arm has stages.
  public var stages: URL { root.appending(path: "stages") }
  /// The last state of a stage, or its other outcome.
  public func stage(_ name: String) -> URL { stages.appending(path: "\(name).safetensors") }
  /// States of fine-tuning, one folder for each such probe; only until the result is written.
  var tunings: URL { root.appending(path: "tuning") }
  public var embedding: URL { root.appending(path: "embedding.json") }
  public var result: URL { root.appending(path: "arm.json") }

  public var isThere: Bool { FileManager.default.fileExists(atPath: recipe.path(percentEncoded: false)) }

  /// Starts the arm's folder: its place, the resolved recipe with identity and name.
  public func create(name: String, canonical: String, identity: String) throws {
    try RunFolder.make(checkpoints)
    try AtomicFile.write(StoredRecipe.text(name: name, identity: identity, canonical: canonical), to: recipe)
  }

  /// What the folder was started with. Throws ``RunStoreError`` if it cannot be read.
  public func startedWith() throws -> StoredRecipe { try StoredRecipe(recipe) }

  /// The result if the arm is done, nil if it is not. Throws if the file is there and cannot be read.
  public func finishedResult() throws -> ArmResult? {
    guard FileManager.default.fileExists(atPath: result.path(percentEncoded: false)) else { return nil }
    do {
      return try JSONDecoder().decode(ArmResult.self, from: try Data(contentsOf: result))
    } catch {
      throw RunStoreError(result, "is damaged; delete it and run again with --resume")
    }
  }

  /// What led to the result alone is deleted.
  public func write(_ armResult: ArmResult) throws {
    try AtomicFile.write(armResult.json.document, to: result)
    removeTunings()
  }

  func removeTunings() { try? FileManager.default.removeItem(at: tunings) }
}

// MARK: - Checkpoints

extension ArmFolder {
  /// The state to go on from; written over as training proceeds.
  public var lastCheckpoint: URL { checkpoints.appending(path: "last.safetensors") }

  /// All there are, the kept ones included.
  var checkpointFiles: [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints.path(percentEncoded: false))) ?? []
    return names.sorted().filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") && !$0.hasPrefix("not-finite") }
      .map { checkpoints.appending(path: $0) }
  }

  /// Last states of stages.
  var stageFiles: [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: stages.path(percentEncoded: false))) ?? []
    return names.sorted().filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") && $0 != "clusters.safetensors" }
      .map { stages.appending(path: $0) }
  }

  public var hasCheckpoint: Bool {
    FileManager.default.fileExists(atPath: lastCheckpoint.path(percentEncoded: false))
  }

  /// Deletes what a killed write left behind.
  public func removePartialFiles() {
    for folder in [root, checkpoints, stages] { RunFolder.removePartialFiles(in: folder) }
  }
}

extension RunFolder {
  /// The same beside the arms and in the folders of sweeps.
  func removePartialFiles() {
    for folder in [root] + sweeps.map(\.root) { Self.removePartialFiles(in: folder) }
  }

  static func removePartialFiles(in folder: URL) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    for name in names where name.hasPrefix(".") && name.hasSuffix(".partial") {
      try? FileManager.default.removeItem(at: folder.appending(path: name))
    }
  }
}
