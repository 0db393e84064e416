import Kernels

/// The negative cosine of rows to given ones, which are constants: 0 length counts as a cosine of 0.
public struct NegativeCosine: Sendable {
  /// −p·z / (‖p‖ ‖z‖) of each row.
  public let perSample: [Float]
  /// d (Σ weight · value / N) / d p, N × d.
  public let gradient: Tensor

  /// - Parameters:
  ///   - p: N × d, what moves.
  ///   - target: N × d.
  ///   - weights: N factors; 1 each if left out.
  /// Throws ``ObjectiveError`` for shapes that differ.
  public init(_ p: Tensor, _ target: Tensor, weights: Tensor? = nil) throws {
    guard p.shape.rank == 2, p.shape == target.shape, weights == nil || weights?.shape == [p.shape[0]] else {
      throw ObjectiveError(
        "negative cosine", "rows \(p.shape) for \(target.shape), with weights \(weights?.shape.description ?? "none")")
    }
    let (unit, other) = (normalizeRows(p), normalizeRows(target).rows)
    let (count, width) = (p.shape[0], p.shape[1])
    var values = [Float](repeating: 0, count: count)
    var slope = other.values
    let (rows, constants) = (unit.rows.values, other.values)
    for i in 0..<count {
      var sum = 0.0
      let factor = -(weights?.values[i] ?? 1) / Float(count)
      for j in i * width..<(i + 1) * width {
        sum += Double(rows[j]) * Double(constants[j])
        slope[j] *= factor
      }
      values[i] = -Float(sum)
    }
    perSample = values
    gradient = try unit.backward(Tensor(slope, shape: p.shape))
  }
}
