import Foundation
import Kernels

/// rwSAM's label-free weights (Liu et al., ICLR 2022; METHOD.md 2.5): samples in sparse regions of the embedding count
/// more, w_i ∝ p̂(z_i)^−exponent with mean 1, p̂ a kernel density with a Gaussian kernel.
///
/// The paper's bandwidth, and the set the density is estimated on, are not known, and its code only reads weights from
/// a file. Ours: the density of unit embeddings u over the batch itself, each view among its own kind,
///
///     log p̂(i) = log (1/N) Σ_j exp(−‖u_i − u_j‖² / (2 bandwidth²))
///
/// the sample included, and the mean of both views' logarithms. The batch's own embeddings belong to the weights of this
/// very step, and nothing has to be kept. Constant factors of p̂ cancel.
///
/// Edge cases
/// - One sample, or all embeddings equal: every weight is 1. So it is for exponent 0.
public struct DensityWeight: Hashable, Sendable {
  public let exponent: Double
  /// Nil for the median distance between two different samples of the batch.
  public let bandwidth: Double?

  /// - Throws: ``ObjectiveError`` for a negative exponent or a bandwidth that is not positive.
  public init(exponent: Double = 1, bandwidth: Double? = nil) throws {
    guard exponent >= 0, exponent.isFinite else {
      throw ObjectiveError("density weight", "exponent \(exponent), expected 0 or more")
    }
    if let bandwidth, !(bandwidth > 0) || !bandwidth.isFinite {
      throw ObjectiveError("density weight", "bandwidth \(bandwidth), expected a positive number")
    }
    self.exponent = exponent
    self.bandwidth = bandwidth
  }

  /// The weights of N samples from the embeddings of their views, N×d each, of any length.
  /// - Throws: `KernelError` for shapes that do not fit, or (`notFinite`) NaN in an embedding.
  public func callAsFunction(_ z1: Tensor, _ z2: Tensor) throws -> Tensor {
    let (a, b) = (try logDensity(z1), try logDensity(z2))
    let logs = zip(a, b).map { -exponent * ($0 + $1) / 2 }
    let largest = logs.max() ?? 0
    let raw = logs.map { exp($0 - largest) }
    let mean = raw.reduce(0, +) / Double(raw.count)
    return Tensor(raw.map { Float($0 / mean) }, shape: [raw.count])
  }

  /// Up to a constant that is the same for all rows.
  private func logDensity(_ z: Tensor) throws -> [Double] {
    let units = normalizeRows(z).rows
    let cosines = try matmul(units, units, transposeB: true)
    let square = try bandwidth.map { $0 * $0 } ?? medianSquaredDistance(cosines)
    // ‖u_i − u_j‖² = 2 − 2 cos. Equal embeddings have no distance to measure by: then all densities are the same.
    let scale = Float(1 / square)
    guard square > 0, scale.isFinite else { return [Double](repeating: 0, count: z.shape[0]) }
    return try logSumExpRows(cosines.scaled(by: scale)).values.map(Double.init)
  }

  private func medianSquaredDistance(_ cosines: Tensor) throws -> Double {
    let n = cosines.shape[0]
    guard n > 1 else { return 0 }
    var halves = Tensor(repeating: 1, shape: cosines.shape)
    try halves.accumulate(cosines, factor: -1)
    // A sample's distance to itself is the smallest there is; of the others each stands twice. What is below rounding is 0.
    for i in 0..<n { halves[flat: i * n + i] = 0 }
    let median = 2 * Double(try magnitude(ofRank: n + n * (n - 1) / 2, in: [halves]))
    return median > 1e-6 ? median : 0
  }
}
