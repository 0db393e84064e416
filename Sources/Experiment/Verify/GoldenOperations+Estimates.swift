import Kernels
import Objectives

/// Priors, weights and masks.
extension GoldenOperations {
  static let estimates: [String: Operation] = [
    "surrogate_marginal": surrogateMarginal, "bcl_weight": memorizationWeight, "magnitude_mask": magnitudeMask,
  ]

  private static let surrogateMarginal: Operation = { golden in
    let prior = try ClassPrior(floor: .samples(try golden.number("floor"))).estimate(
      try golden.tensor("momentum_logits", rank: 2))
    var results = GoldenResults()
    results.set("marginal", prior)
    return results
  }

  private static let memorizationWeight: Operation = { golden in
    var results = GoldenResults()
    results.set("weight", try memorizationWeights(try golden.tensor("momentum_loss", rank: 1)))
    return results
  }

  private static let magnitudeMask: Operation = { golden in
    let count = golden.inputNames.count { $0.hasPrefix("weight") }
    let weights = try (0..<count).map { try golden.tensor("weight\($0)") }
    let masks = try magnitudeMasks(weights, fraction: try golden.number("fraction"))
    var results = GoldenResults()
    for (index, mask) in masks.enumerated() { results.set("mask\(index)", mask) }
    return results
  }
}
