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
    let chosen = pictured.evenly(Self.largest)
    let features = try images.features(of: chosen, model: model)
    let map = try PlanarMap(features)
    try AtomicFile.write(
      JSONValue.object([
        "caption": .string("t-SNE of \(features.count) \(what) images"), "x": .numbers(map.points.map(\.x)),
        "y": .numbers(map.points.map(\.y)), "labels": .integers(features.labels),
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
      caption: value["caption"]?.text ?? "", x: x, y: y, labels: labels.count == x.count ? labels : [])
  }
}
