import Kernels

/// A linear layer over representations: scores = x · weightᵀ + bias.
public struct LinearClassifier: Equatable, Sendable {
  /// C×d.
  public var weight: Tensor
  /// C values.
  public var bias: Tensor

  /// - Throws: ``EvaluationError`` if the shapes do not fit together.
  public init(weight: Tensor, bias: Tensor) throws {
    guard weight.shape.rank == 2, bias.shape == [weight.shape[0]] else {
      throw EvaluationError("linear classifier", "weight \(weight.shape) and bias \(bias.shape) do not fit")
    }
    self.weight = weight
    self.bias = bias
  }

  public var classes: Int { weight.shape[0] }
  public var dimension: Int { weight.shape[1] }

  /// N×C scores.
  /// - Throws: ``EvaluationError`` for features of another dimension.
  public func scores(_ features: Features) throws -> Tensor {
    guard features.dimension == dimension else {
      throw EvaluationError(
        "linear classifier", "features of dimension \(features.dimension), weights for \(dimension)")
    }
    return try Linear.forward(features.values, weight: weight, bias: bias)
  }

  /// The class of the largest score of each row; the first one of equals.
  public func predictions(_ features: Features) throws -> [Int] {
    features.count == 0 ? [] : try argmaxRows(try scores(features))
  }

  /// Predictions beside the labels.
  /// - Throws: ``EvaluationError`` for features without labels, or with one outside the classes.
  public func classify(_ features: Features) throws -> Classification {
    try features.requireLabels(below: classes, in: "linear classifier", "test")
    return Classification(predictions: try predictions(features), labels: features.labels, classes: classes)
  }
}
