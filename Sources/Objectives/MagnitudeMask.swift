import Kernels

/// The mask of SDCLR's pruned branch (METHOD.md 2.3): 1 where a weight's magnitude is at least the
/// ⌈fraction·n⌉-th (from 0) of all n magnitudes of all weights together, sorted; else 0.
///
/// - Parameter fraction: share of the weights to prune, 0 ..< 1. Where ⌈fraction·n⌉ is n, the largest is kept.
/// - Returns: masks shaped like the weights.
/// - Throws: ``ObjectiveError`` for a fraction out of range or no weight; `KernelError` (`notFinite`) for a NaN.
public func magnitudeMasks(_ weights: [Tensor], fraction: Double) throws -> [Tensor] {
  guard fraction >= 0, fraction < 1 else {
    throw ObjectiveError("magnitude mask", "fraction \(fraction), expected 0 ..< 1")
  }
  let count = weights.reduce(0) { $0 + $1.count }
  guard count > 0 else { throw ObjectiveError("magnitude mask", "there are no weights") }
  let rank = min(Int((fraction * Double(count)).rounded(.up)), count - 1)
  let threshold = try magnitude(ofRank: rank, in: weights)
  return weights.map { $0.magnitudeMask(threshold: threshold) }
}
