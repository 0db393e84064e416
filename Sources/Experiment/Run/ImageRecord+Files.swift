import Foundation
import RecipeLanguage
import TensorFiles

extension ImageRecord {
  private static let schema = "harmonia.images/1"

  /// In the run's folder, once for all arms that have these images; and in the arm's, by its digest. The arm's is written
  /// last.
  func write(to arm: ArmFolder, in run: RunFolder) throws {
    let url = run.images(digest)
    if !FileManager.default.fileExists(atPath: url.path(percentEncoded: false)) {
      try RunFolder.make(url.deletingLastPathComponent())
      try AtomicFile.write(json.document, to: url)
    }
    try RunFolder.make(arm.root)
    try AtomicFile.write(
      JSONValue.object(["schema": .string(Self.schema), "digest": .string(digest)]).document, to: arm.images)
  }

  /// That of an arm; nil where there is none. Throws ``RunStoreError`` for one that cannot be read.
  static func read(_ arm: ArmFolder, in run: RunFolder) throws -> ImageRecord? {
    guard FileManager.default.fileExists(atPath: arm.images.path(percentEncoded: false)) else { return nil }
    guard let digest = try? JSONValue(parsing: Data(contentsOf: arm.images))["digest"]?.text else {
      throw RunStoreError(arm.images, "is damaged, so whether the images are the same cannot be told; delete it to go on all the same")
    }
    let url = run.images(digest)
    guard let value = try? JSONValue(parsing: Data(contentsOf: url)), let record = ImageRecord(value), record.digest == digest
    else {
      throw RunStoreError(
        url, "is missing or damaged, so whether the images are the same cannot be told; delete "
          + "\(arm.images.relativePath) to go on all the same")
    }
    return record
  }

  private var json: JSONValue {
    .object([
      "schema": .string(Self.schema),
      "parts": .array(
        parts.map { part in
          let value: JSONValue = .object([
            "name": .string(part.name), "count": .int(part.count), "digest": .string(part.digest),
            "classes": .array(
              part.classes.map { .object(["name": .string($0.name), "count": .int($0.count), "digest": .string($0.digest)]) }),
          ])
          guard let files = part.files else { return value }
          return value.adding(["files": .strings(files.map { "\($0.digest) \($0.name)" })])
        }),
    ])
  }

  private init?(_ value: JSONValue) {
    guard let parts = value["parts"]?.elements else { return nil }
    self.init(
      parts: parts.compactMap { part in
        guard let name = part["name"]?.text, let count = part["count"]?.integer, let digest = part["digest"]?.text,
          let classes = part["classes"]?.elements
        else { return nil }
        let files = part["files"]?.elements?.compactMap(\.text).map { line in
          File(name: String(line.dropFirst(17)), digest: String(line.prefix(16)))
        }
        return Part(
          name: name, count: count, digest: digest,
          classes: classes.map {
            Class(name: $0["name"]?.text ?? "", count: $0["count"]?.integer ?? 0, digest: $0["digest"]?.text ?? "")
          }, files: files)
      })
  }
}

/// The records of a run's arms, each made once for all that have the same images.
final class ImageRecords {
  private var made: [String: ImageRecord] = [:]

  /// Alike in recipes that name the same images.
  static func key(_ recipe: ResolvedRecipe) -> String {
    let probes = EvaluationWords.probes(recipe.record["evaluate"])
    return ([recipe.record.record("data")] + probes).map { $0["source"]?.canonicalText ?? "" }.joined(separator: "\n")
  }

  subscript(plan: ArmPlan) -> ImageRecord {
    let key = Self.key(plan.recipe)
    if let known = made[key] { return known }
    let new = ImageRecord(plan)
    made[key] = new
    return new
  }
}
