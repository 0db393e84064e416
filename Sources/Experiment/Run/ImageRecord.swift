import DataPipeline
import Foundation
import Kernels

/// What the images of a run are: names, contents, classes and their order, so that a run goes on with those it was started
/// with. Kept in the run's folder; its digest stands in each arm's.
struct ImageRecord: Hashable {
  /// Images that are used together.
  struct Part: Hashable {
    /// `training images`
    let name: String
    let count: Int
    /// Of contents, names and classes, in order.
    let digest: String
    let classes: [Class]
    /// In order; nil where there are too many to keep, or pictures have no names.
    let files: [File]?
  }

  struct Class: Hashable {
    let name: String
    let count: Int
    let digest: String
  }

  struct File: Hashable {
    let name: String
    let digest: String
  }

  let parts: [Part]

  /// More files than this are known by their classes alone.
  static let mostFiles = 20_000

  init(parts: [Part]) { self.parts = parts }

  /// Of everything that an arm looks at, but for points, which the recipe describes.
  init(_ plan: ArmPlan) {
    let selected = plan.images.selected
    var parts: [Part] = []
    func add(_ name: String, _ source: (any ImageSource)?) {
      guard let source, source.points == nil, !parts.contains(where: { $0.name == name }) else { return }
      parts.append(Part(name, source))
    }
    add("training images", selected.training)
    if selected.pool.count != selected.training.count { add("images that probes learn from", selected.pool) }
    add("test images", selected.test)
    for probe in plan.evaluation?.probes ?? [] {
      guard let transfer = probe.transfer, let source = probe.transferText else { continue }
      // Under the source's own writing: another probe may have other images, and what it learns from of these is the
      // recipe's.
      add("images of \(source)", transfer.pool)
      add("test images of \(source)", transfer.test)
    }
    self.parts = parts
  }

  var digest: String {
    Self.text(ContentDigest.of(Array(parts.flatMap { [$0.name, $0.digest] }.joined(separator: "\n").utf8)))
  }

  fileprivate static func text(_ digest: UInt64) -> String {
    let digits = String(digest, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension ImageRecord.Part {
  init(_ name: String, _ source: any ImageSource) {
    let (labels, classNames) = (source.labels, source.classNames)
    var byClass = [[UInt64]](repeating: [], count: max(1, classNames.count))
    var all: [UInt64] = []
    var files: [ImageRecord.File]? = source.count <= ImageRecord.mostFiles ? [] : nil
    for index in 0..<source.count {
      let contents = source.digest(at: index)
      let file = source.name(at: index)
      let digest = file.map { ContentDigest.of([contents, ContentDigest.of(Array($0.utf8))]) } ?? contents
      byClass[labels?[index] ?? 0].append(digest)
      all += [digest, UInt64(labels?[index] ?? 0)]
      if let file { files?.append(.init(name: file, digest: ImageRecord.text(contents))) } else { files = nil }
    }
    // Without labels, all are of one class without a name.
    let names = labels == nil ? [""] : classNames
    let classes = zip(names, byClass).map {
      ImageRecord.Class(name: $0, count: $1.count, digest: ImageRecord.text(ContentDigest.of($1)))
    }
    all.append(ContentDigest.of(Array(names.joined(separator: "\n").utf8)))
    self.init(name: name, count: source.count, digest: ImageRecord.text(ContentDigest.of(all)), classes: classes, files: files)
  }
}

// MARK: - What has changed

extension ImageRecord {
  /// What is other than in an earlier record, a line each, of the parts that both have; empty where nothing is.
  func changes(since old: ImageRecord) -> [String] {
    parts.flatMap { part in
      old.parts.first { $0.name == part.name && $0.digest != part.digest }.map { part.changes(since: $0) } ?? []
    }
  }
}

extension ImageRecord.Part {
  fileprivate func changes(since old: Self) -> [String] {
    var lines: [String] = []
    if let before = old.files, let now = files {
      lines = Self.changes(of: before, to: now)
    }
    let known = Dictionary(old.classes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let gone = old.classes.map(\.name).filter { name in !classes.contains { $0.name == name } }
    let new = classes.map(\.name).filter { known[$0] == nil }
    if !gone.isEmpty { lines.append("class\(gone.count == 1 ? "" : "es") that \(gone.count == 1 ? "is" : "are") gone: " + Self.list(gone)) }
    if !new.isEmpty { lines.append("new class\(new.count == 1 ? "" : "es"): " + Self.list(new)) }
    let changed = classes.compactMap { one -> String? in
      guard let before = known[one.name], before.digest != one.digest else { return nil }
      let name = one.name.isEmpty ? "" : "\(one.name) "
      return before.count == one.count ? "\(name)(\(one.count), other contents)" : "\(name)(\(before.count) → \(one.count))"
    }
    if lines.isEmpty, !changed.isEmpty { lines.append("changed: " + Self.list(changed)) }
    if lines.isEmpty { lines.append("the same images in another order, or of other classes") }
    let counts = old.count == count ? "\(count) as before" : "\(old.count) have become \(count)"
    return ["\(name), \(counts):"] + lines.map { "  " + $0 }
  }

  private static func changes(of old: [ImageRecord.File], to new: [ImageRecord.File]) -> [String] {
    func byName(_ files: [ImageRecord.File]) -> [String: String] {
      Dictionary(files.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
    }
    let (before, now) = (byName(old), byName(new))
    var removed = old.map(\.name).filter { now[$0] == nil }
    var added = new.map(\.name).filter { before[$0] == nil }
    let changed = new.map(\.name).filter { name in before[name].map { $0 != now[name] } ?? false }
    var places = Dictionary(grouping: added) { now[$0]! }
    var renamed: [String] = []
    for name in removed {
      guard let other = places[before[name]!]?.first else { continue }
      places[before[name]!]!.removeFirst()
      renamed.append("\(name) → \(other)")
      removed.removeAll { $0 == name }
      added.removeAll { $0 == other }
    }
    return [("removed", removed), ("added", added), ("renamed", renamed), ("other contents", changed)].compactMap {
      $1.isEmpty ? nil : "\($1.count) \($0): \(list($1))"
    }
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }
}
