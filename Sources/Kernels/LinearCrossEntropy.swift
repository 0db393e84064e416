import CKernels

/// The mean softmax cross-entropy of a linear classifier on some rows of a matrix, and its gradients, in one call.
public enum LinearCrossEntropy {
  public struct Result: Sendable {
    /// Mean loss of the rows, in nats.
    public let mean: Double
    /// Gradient of the mean loss, C×D.
    public let weight: Tensor
    /// Gradient of the mean loss, C values.
    public let bias: Tensor
  }

  /// - Parameters:
  ///   - features: N×D.
  ///   - rows: the rows that count, at least one; a row may come twice.
  ///   - labels: the class of every row of `features`.
  ///   - weight: C×D.
  ///   - bias: C values.
  /// - Throws: ``KernelError`` when shapes do not fit, there are no rows, or a row or its label is out of range.
  ///
  /// The same bits for any number of threads. Scores that are not finite make losses and gradients NaN.
  public static func gradients(
    _ features: Tensor, rows: ArraySlice<Int>, labels: [Int32], weight: Tensor, bias: Tensor
  ) throws -> Result {
    let name = "linear cross-entropy"
    let (classes, width) = try weight.shape.classesAndWidth(in: name)
    guard features.shape.rank == 2, features.shape[1] == width, labels.count == features.shape[0] else {
      throw KernelError(
        name, .badShape, "features \(features.shape) with \(labels.count) labels, weight \(weight.shape)")
    }
    try bias.require([classes], "bias", in: name)
    guard !rows.isEmpty else { throw KernelError(name, .badShape, "no rows") }
    for row in rows {
      guard labels.indices.contains(row) else {
        throw KernelError(name, .badValue, "row \(row) is outside 0..<\(labels.count)")
      }
      guard labels[row] >= 0, labels[row] < classes else {
        throw KernelError(name, .badValue, "label \(labels[row]) of row \(row) is outside 0..<\(classes)")
      }
    }
    let call = KernelAccount.begin(
      name, "\(rows.count)×\(width)→\(classes)", operations: 4 * rows.count * width * classes)
    defer { call?.end() }
    var (dWeight, dBias) = (Tensor(uninitialized: weight.shape), Tensor(uninitialized: bias.shape))
    var workspace = Tensor.workspace(bytes: ck_probe_workspace(rows.count, width, classes))
    let losses = [Double](unsafeUninitializedCapacity: rows.count) { losses, initialized in
      withExtendedLifetime((features, weight, bias)) {
        rows.withUnsafeBufferPointer { rows in
          ck_probe(
            losses.baseAddress!, dWeight.mutableBase, dBias.mutableBase, features.base, rows.baseAddress!, labels,
            weight.base, bias.base, 1 / Float(rows.count), rows.count, width, classes, workspace.mutableBase)
        }
      }
      initialized = rows.count
    }
    return Result(mean: losses.reduce(0, +) / Double(rows.count), weight: dWeight, bias: dBias)
  }
}

extension Shape {
  fileprivate func classesAndWidth(in operation: String) throws -> (classes: Int, width: Int) {
    guard rank == 2, self[0] > 0 else {
      throw KernelError(operation, .badShape, "weight is \(self), expected a matrix with at least one class")
    }
    return (self[0], self[1])
  }
}
