import Kernels

/// Gathers the rows a model gives for batch after batch into one matrix.
///
///     var collector = FeatureCollector()
///     for try batch in batches { try collector.append(try encoder(batch.images), labels: batch.labels) }
///     let features = try collector.features()
public struct FeatureCollector {
  private var batches: [Tensor] = []
  private var labels: [Int] = []
  private var rows = 0

  public init() {}

  public var count: Int { rows }

  /// - Parameters:
  ///   - values: n×d; the same d each time.
  ///   - labels: n classes, or none; all batches have labels or none has.
  /// - Throws: ``EvaluationError`` where that does not hold.
  public mutating func append(_ values: Tensor, labels new: [Int]? = nil) throws {
    guard values.shape.rank == 2 else {
      throw EvaluationError("feature extraction", "the model gave \(values.shape), expected a matrix of n×d")
    }
    if let first = batches.first, first.shape[1] != values.shape[1] {
      throw EvaluationError(
        "feature extraction", "the model gave \(values.shape) after batches of \(first.shape[1]) columns")
    }
    let new = new ?? []
    guard new.isEmpty || new.count == values.shape[0] else {
      throw EvaluationError("feature extraction", "\(new.count) labels for a batch of \(values.shape[0])")
    }
    guard rows == 0 || values.shape[0] == 0 || new.isEmpty == labels.isEmpty else {
      throw EvaluationError("feature extraction", "some batches have labels and some have none")
    }
    batches.append(values)
    labels += new
    rows += values.shape[0]
  }

  /// All rows so far, in order.
  /// - Throws: ``EvaluationError`` if there is none.
  public func features() throws -> Features {
    guard let width = batches.first?.shape[1] else {
      throw EvaluationError("feature extraction", "there are no images")
    }
    var all = Tensor(uninitialized: [rows, width])
    all.withUnsafeMutableBufferPointer { target in
      guard var place = target.baseAddress else { return }
      for batch in batches {
        batch.withUnsafeBufferPointer { source in
          if let base = source.baseAddress { place.update(from: base, count: source.count) }
          place += source.count
        }
      }
    }
    return try Features(all, labels: labels)
  }
}

/// Turns images into representations with any model.
public enum FeatureExtraction {
  /// One batch: images n×H×W×C and, where known, their n classes.
  public typealias Batch = (images: Tensor, labels: [Int]?)

  /// - Parameters:
  ///   - batches: what to embed, in order. The model sees one batch at a time.
  ///   - model: n×H×W×C to n×d, in evaluation mode: a row must not depend on the others.
  /// - Throws: what `model` throws, or ``EvaluationError`` if batches and rows do not fit together.
  public static func features(
    of batches: some Sequence<Batch>, model: (_ images: Tensor) throws -> Tensor
  ) throws -> Features {
    var collector = FeatureCollector()
    for batch in batches {
      let rows = try model(batch.images)
      guard rows.shape.rank == 2, rows.shape[0] == batch.images.shape[0] else {
        throw EvaluationError(
          "feature extraction", "the model gave \(rows.shape) for \(batch.images.shape[0]) images")
      }
      try collector.append(rows, labels: batch.labels)
    }
    return try collector.features()
  }
}
