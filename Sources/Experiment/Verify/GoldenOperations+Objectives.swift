/// Losses, transport and structures.
extension GoldenOperations {
  static let objectives: [String: Operation] = [:]
  static let optimisers: [String: Operation] = [:]
  static let images: [String: Operation] = [:]
}
