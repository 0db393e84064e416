import Kernels

/// Some samples, seen in several ways.
public struct TrainingBatch: Sendable {
  /// The samples' places in the training set.
  public let indices: [Int]
  /// One tensor N×H×W×C a view, the samples in the same order.
  public let views: [Tensor]

  /// Programmer error: views of another number of samples trap.
  public init(indices: [Int], views: [Tensor]) {
    for view in views {
      precondition(
        view.shape.rank > 0 && view.shape[0] == indices.count, "view \(view.shape) of \(indices.count) samples")
    }
    self.indices = indices
    self.views = views
  }

  public var count: Int { indices.count }
}

/// Where batches come from. The batches of an epoch depend on the epoch and its weights alone, so that training can go on
/// anywhere.
public protocol TrainingData {
  var sampleCount: Int { get }
  var batchesPerEpoch: Int { get }
  /// A function that gives the batches of an epoch from number `first` on, then nil.
  /// - Parameter weights: one for each sample, from the method (``TrainingMethod/sampleWeights``), for data that do
  ///   something with them.
  func batches(epoch: Int, startingAt first: Int, weights: [Float]?) throws -> () throws -> TrainingBatch?
}
