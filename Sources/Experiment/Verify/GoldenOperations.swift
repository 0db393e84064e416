/// The operations of golden cases by name. Each takes its inputs from the case and computes every output the
/// format names; none knows the expected values.
enum GoldenOperations {
  typealias Operation = @Sendable (GoldenFile) throws -> GoldenResults

  static let all: [String: Operation] = [
    network, objectives, estimates, optimisers, training, selections, pictures, others,
  ]
  .reduce(into: [:]) { all, group in all.merge(group) { $1 } }

  /// Why a case of a known operation cannot be run yet; nil for all that can.
  static func skipReason(_ golden: GoldenFile) -> String? {
    guard golden.operation == "train_trajectory", golden.params["method"]?.text?.hasPrefix("sdclr") == true else {
      return nil
    }
    return "SDCLR (the pruned second branch) is not in this version"
  }
}
