import DataPipeline
import Evaluation
import Kernels
import NeuralNet

/// Pictures as they are, for measuring.
struct PlainViews {
  /// Height and width.
  let size: Int
  let normalization: Normalization
}

/// Images through a trained network, batch by batch.
struct Representations {
  let model: ContrastiveModel
  /// How pictures are brought to a size; points are taken as they are.
  let views: PlainViews?
  /// The projector's output instead of the backbone's.
  var projection = false
  /// Told how many images are done, of how many; may throw to stop.
  var watch: (_ done: Int, _ of: Int) throws -> Void = { _, _ in }

  /// One row an image, in the source's order, with the source's labels.
  func of(_ source: any ImageSource) throws -> Features {
    guard let views else { return try points(source) }
    let batches = try PlainBatches(source: source, size: views.size, normalization: views.normalization)
    var collector = FeatureCollector()
    for number in 0..<batches.count {
      try watch(collector.count, source.count)
      let batch = try batches.batch(number)
      let rows = projection ? try model.embeddings(of: batch.views[0]) : try model.representations(of: batch.views[0])
      try collector.append(rows, labels: source.labels.map { labels in batch.indices.map { labels[$0] } })
    }
    return try collector.features()
  }

  private func points(_ source: any ImageSource) throws -> Features {
    guard let points = source.points else { throw DataError(source.origin, "these are pictures, and points are wanted") }
    let rows = projection ? try model.embeddings(of: points) : try model.representations(of: points)
    try watch(source.count, source.count)
    return try Features(rows, labels: source.labels ?? [])
  }
}

extension ImagePlan {
  func features(
    of source: any ImageSource, model: ContrastiveModel, projection: Bool = false,
    watch: @escaping (Int, Int) throws -> Void = { _, _ in }
  ) throws -> Features {
    let views = viewSize.map { PlainViews(size: $0, normalization: selected.normalization) }
    return try Representations(model: model, views: views, projection: projection, watch: watch).of(source)
  }
}

extension ImageSource {
  /// At most so many images, evenly spread over the source.
  func evenly(_ most: Int) -> any ImageSource {
    guard count > most else { return self }
    return Subset(self, indices: (0..<most).map { $0 * count / most })
  }
}
