import DataPipeline

/// Selections of images.
extension GoldenOperations {
  static let selections: [String: Operation] = ["long_tail_split": longTailSplit]

  private static let longTailSplit: Operation = { golden in
    let kind = try golden.choice("kind", ["exp": LongTailProfile.Kind.exponential, "step": .step])
    let seed = try golden.integer("seed", atMost: UInt(UInt32.max))
    guard let seed = UInt32(exactly: seed) else { throw GoldenError("parameter `seed` is \(seed), not 0…2³²−1") }
    let profile = try LongTailProfile(kind, factor: try golden.number("factor"), seed: seed)
    let split = try profile.split(labels: try golden.integers("labels"), classCount: try golden.integer("classes"))
    var results = GoldenResults()
    results.set("indices", split.indices)
    results.set("counts", split.counts)
    return results
  }
}
