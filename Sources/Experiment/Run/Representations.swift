import DataPipeline
import Evaluation
import Kernels
import NeuralNet

/// Images through a trained network, batch by batch.
struct Representations {
  let model: ContrastiveModel
  /// Height and width the images are brought to.
  let size: Int
  let normalization: Normalization
  /// The projector's output instead of the backbone's.
  var projection = false
  /// Told how many images are done, of how many; may throw to stop.
  var watch: (_ done: Int, _ of: Int) throws -> Void = { _, _ in }

  /// One row an image, in the source's order, with the source's labels.
  func of(_ source: any ImageSource) throws -> Features {
    let batches = try PlainBatches(source: source, size: size, normalization: normalization)
    var collector = FeatureCollector()
    for number in 0..<batches.count {
      try watch(collector.count, source.count)
      let batch = try batches.batch(number)
      let rows = projection ? try model.embeddings(of: batch.views[0]) : try model.representations(of: batch.views[0])
      try collector.append(rows, labels: source.labels.map { labels in batch.indices.map { labels[$0] } })
    }
    return try collector.features()
  }
}

extension ImagePlan {
  func features(
    of source: any ImageSource, model: ContrastiveModel, watch: @escaping (Int, Int) throws -> Void = { _, _ in }
  ) throws -> Features {
    try Representations(model: model, size: viewSize, normalization: normalization, watch: watch).of(source)
  }
}

extension ImageSource {
  /// At most so many images, evenly spread over the source.
  func evenly(_ most: Int) -> any ImageSource {
    guard count > most else { return self }
    return Subset(self, indices: (0..<most).map { $0 * count / most })
  }
}
