/// The operations of golden cases by name. Each takes its inputs from the case and computes every output the
/// format names; none knows the expected values.
enum GoldenOperations {
  typealias Operation = @Sendable (GoldenFile) throws -> GoldenResults

  static let all: [String: Operation] = [
    network, objectives, estimates, optimisers, training, selections, pictures, others,
  ]
  .reduce(into: [:]) { all, group in all.merge(group) { $1 } }
}
