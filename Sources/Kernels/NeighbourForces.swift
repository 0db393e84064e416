import CKernels

/// What pulls and pushes points of the plane in t-SNE (van der Maaten & Hinton 2008).
public struct NeighbourForces: Sendable {
  /// Σ_j p_ij w_ij (y_i − y_j) with w_ij = 1 / (1 + |y_i − y_j|²), N×2.
  public let attraction: Tensor
  /// Σ_j w_ij² (y_i − y_j), N×2.
  public let repulsion: Tensor
  /// Z, the sum of w_ij over all i ≠ j.
  public let totalWeight: Double

  /// - Parameters:
  ///   - x, y: coordinates, N values each.
  ///   - affinities: p, N×N.
  /// - Throws: ``KernelError`` when the shapes differ from these.
  public init(x: Tensor, y: Tensor, affinities: Tensor) throws {
    let count = x.count
    try x.require([count], "x", in: "neighbour forces")
    try y.require([count], "y", in: "neighbour forces")
    try affinities.require([count, count], "affinities", in: "neighbour forces")
    let call = KernelAccount.begin("neighbour forces", "\(affinities.shape)")
    defer { call?.end() }
    var attraction = Tensor(uninitialized: [count, 2])
    var repulsion = Tensor(uninitialized: [count, 2])
    var weight = Tensor(uninitialized: [count])
    withExtendedLifetime((x, y, affinities)) {
      ck_tsne(
        attraction.mutableBase, repulsion.mutableBase, weight.mutableBase, x.base, y.base, affinities.base, count)
    }
    self.attraction = attraction
    self.repulsion = repulsion
    totalWeight = weight.withUnsafeBufferPointer { $0.reduce(0.0) { $0 + Double($1) } }
  }

  /// The gradient of KL(affinities · exaggeration ‖ w / Z) with respect to the points, N×2 interleaved:
  /// 4 (exaggeration · attraction − repulsion / Z).
  public func gradient(exaggeration: Float = 1) -> [Float] {
    let inverse = totalWeight > 0 ? Float(1 / totalWeight) : 0
    return zip(attraction.values, repulsion.values).map { 4 * (exaggeration * $0 - $1 * inverse) }
  }
}
