import Evaluation
import Foundation
import NeuralNet
import TensorFiles

/// A picture of some images' representations in the plane, kept in the arm's folder for the report.
struct EmbeddingMap {
  let plan: ArmPlan
  let model: ContrastiveModel

  /// Enough points to show classes, few enough for an exact map.
  static let largest = 1000

  /// Makes the picture and writes it as JSON.
  func write(to url: URL) throws {
    trimBuffers()
    let images = plan.images
    let (pictured, what) = images.hasTest ? (images.test, "test") : (images.training, "training")
    if let bins = plan.circle { return try write(circle: bins, to: url) }
    let chosen = pictured.evenly(Self.largest)
    let features = try images.features(of: chosen, model: model)
    let map = try PlanarMap(features)
    try AtomicFile.write(
      JSONValue.object([
        "caption": .string("t-SNE of \(features.count) \(what) images"), "x": .numbers(map.points.map(\.x)),
        "y": .numbers(map.points.map(\.y)), "labels": .integers(features.labels),
      ]).document, to: url)
  }

  /// The directions of the test samples' embeddings.
  private func write(circle bins: Int, to url: URL) throws {
    let embeddings = try plan.images.features(of: plan.images.test, model: model, projection: true)
    let values = embeddings.values.values
    func coordinate(_ column: Int) -> [Double] { (0..<embeddings.count).map { Double(values[2 * $0 + column]) } }
    try AtomicFile.write(
      JSONValue.object([
        "caption": .string("directions of \(embeddings.count) test samples in \(bins) bins"), "bins": .int(bins),
        "x": .numbers(coordinate(0)), "y": .numbers(coordinate(1)), "labels": .integers(embeddings.labels),
      ]).document, to: url)
  }

  /// The picture as it was written; nil if it is missing or damaged.
  static func read(_ url: URL) -> Report.Map? {
    guard let data = try? Data(contentsOf: url), let value = try? JSONValue(parsing: data),
      let x = value["x"]?.elements?.compactMap(\.double), let y = value["y"]?.elements?.compactMap(\.double),
      x.count == y.count
    else { return nil }
    let labels = value["labels"]?.elements?.compactMap(\.integer) ?? []
    return Report.Map(
      caption: value["caption"]?.text ?? "", x: x, y: y, labels: labels.count == x.count ? labels : [],
      bins: value["bins"]?.integer)
  }
}
