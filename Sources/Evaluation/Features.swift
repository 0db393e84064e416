import Kernels

/// Representations of images: one row of `values` (N×d) an image, and its class where it is known.
public struct Features: Sendable {
  /// N×d, as the encoder gives them: neither centred nor of unit length.
  public let values: Tensor
  /// The class of each row, or empty.
  public let labels: [Int]

  public var count: Int { values.shape[0] }
  public var dimension: Int { values.shape[1] }
  public var isLabelled: Bool { !labels.isEmpty || count == 0 }

  /// - Throws: ``EvaluationError`` if `values` is no matrix, or if there are labels but not one a row, or a
  ///   negative one.
  public init(_ values: Tensor, labels: [Int] = []) throws {
    guard values.shape.rank == 2 else {
      throw EvaluationError("features", "expected a matrix of N×d, got \(values.shape)")
    }
    guard labels.isEmpty || labels.count == values.shape[0] else {
      throw EvaluationError("features", "\(labels.count) labels for \(values.shape[0]) rows")
    }
    if let bad = labels.firstIndex(where: { $0 < 0 }) {
      throw EvaluationError("features", "label \(labels[bad]) of sample \(bad) is negative")
    }
    self.values = values
    self.labels = labels
  }

  /// The rows at these positions, in this order. Programmer error: a position outside traps.
  public func rows(_ positions: [Int]) -> Features {
    let picked = values.gatheringRows(positions[...])
    return Features(unchecked: picked, labels: labels.isEmpty ? [] : positions.map { labels[$0] })
  }

  private init(unchecked values: Tensor, labels: [Int]) {
    self.values = values
    self.labels = labels
  }

  /// Throws unless every row has a label in `0..<classes`, and there is a row.
  func requireLabels(below classes: Int, in operation: String, _ what: String) throws {
    guard count > 0 else { throw EvaluationError(operation, "no \(what) samples") }
    guard labels.count == count else { throw EvaluationError(operation, "the \(what) samples have no labels") }
    if let bad = labels.firstIndex(where: { $0 >= classes }) {
      throw EvaluationError(
        operation, "label \(labels[bad]) of \(what) sample \(bad) is outside the \(classes) classes")
    }
  }

  /// Throws if any value is NaN or infinite: a network that has diverged.
  func requireFinite(in operation: String, _ what: String) throws {
    if values.isFinite { return }
    if let bad = values.withUnsafeBufferPointer({ $0.firstIndex { !$0.isFinite } }) {
      throw EvaluationError(
        operation, "feature \(bad % dimension) of \(what) sample \(bad / dimension) is not finite: "
          + "has the training diverged?")
    }
  }
}

extension Tensor {
  /// Rows of a matrix at the given positions. Programmer error: a position outside traps.
  func gatheringRows(_ positions: ArraySlice<Int>) -> Tensor {
    let (rows, columns) = (shape[0], shape[1])
    var result = Tensor(uninitialized: [positions.count, columns])
    withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for (place, position) in positions.enumerated() {
          precondition(position >= 0 && position < rows, "row \(position) of \(rows)")
          (to + place * columns).update(from: from + position * columns, count: columns)
        }
      }
    }
    return result
  }
}
