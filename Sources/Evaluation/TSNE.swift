import Foundation
import Kernels

/// t-SNE between all pairs, started from principal components: the same rows give the same picture.
package struct TSNE {
  /// Symmetric, with sum 1, N×N.
  package let affinities: Tensor
  private let count: Int

  /// - Parameters:
  ///   - rows: N×d.
  ///   - perplexity: effective number of neighbours; needs N ≥ 4.
  package init(_ rows: Tensor, perplexity: Double) throws {
    count = rows.shape[0]
    let perplexity = max(1.1, min(perplexity, Double(count - 1) / 3))
    affinities = try Self.affinities(rows, perplexity: perplexity)
  }

  /// p_j|i is a Gaussian over the 3 · perplexity nearest rows, as wide as gives that perplexity; both directions
  /// are averaged.
  private static func affinities(_ rows: Tensor, perplexity: Double) throws -> Tensor {
    let n = rows.shape[0]
    let gram = try matmul(rows, rows, transposeB: true)
    var nearness = gram
    let squares = (0..<n).map { gram[flat: $0 * n + $0] }
    nearness.withUnsafeMutableBufferPointer { values in
      for i in 0..<n {
        for j in 0..<n {
          let nearness = min(0, 2 * values[i * n + j] - squares[i] - squares[j])
          values[i * n + j] = i == j ? -.infinity : nearness
        }
      }
    }
    let wanted = min(n - 1, Int(3 * perplexity) + 1)
    let nearest = try topRows(nearness, count: wanted)
    let distances = nearest.values.values.map { -Double($0) }
    var p = Tensor(zeros: [n, n])
    p.withUnsafeMutableBufferPointer { p in
      for i in 0..<n {
        let places = i * wanted..<(i + 1) * wanted
        for (place, share) in zip(places, Self.shares(distances[places], perplexity: perplexity)) {
          let j = nearest.positions[place]
          p[i * n + j] += Float(share / Double(2 * n))
          p[j * n + i] += Float(share / Double(2 * n))
        }
      }
    }
    return p
  }

  /// exp(−β · squared distance), normalised, with β so that exp(entropy) is the perplexity.
  package static func shares(_ distances: ArraySlice<Double>, perplexity: Double) -> [Double] {
    let nearest = distances.min() ?? 0
    let offsets = distances.map { $0 - nearest }
    var (low, high, beta) = (0.0, Double.infinity, 1 / max(offsets.reduce(0, +) / Double(offsets.count), 1e-12))
    var shares: [Double] = []
    for _ in 0..<60 {
      let weights = offsets.map { exp(-beta * $0) }
      let sum = weights.reduce(0, +)
      shares = weights.map { $0 / sum }
      let entropy = log(sum) + beta * zip(weights, offsets).reduce(0) { $0 + $1.0 * $1.1 } / sum
      let excess = entropy - log(perplexity)
      if abs(excess) < 1e-5 { break }
      if excess > 0 {
        low = beta
        beta = high.isFinite ? (low + high) / 2 : beta * 2
      } else {
        high = beta
        beta = (low + high) / 2
      }
      if beta > 1e30 { break }  // as many equal nearest rows as neighbours: all share alike
    }
    return shares
  }

  /// Gradient descent with momentum and gains, affinities exaggerated by 12 for the first third.
  /// - Parameter start: N points; only their directions count, they are shrunk first.
  package func run(from start: [SIMD2<Double>], iterations: Int) throws -> [SIMD2<Double>] {
    let spread = (start.reduce(0) { $0 + $1.x * $1.x } / Double(count)).squareRoot()
    let shrink = spread > 0 ? 1e-4 / spread : 0
    // Points that coincide would stay together for ever: a tiny scatter, always the same, parts them.
    var random = CounterRandom(seed: 0, .evaluation, name: "t-SNE")
    var points = start.map { point in
      SIMD2(Float(point.x * shrink + 1e-6 * random.normal()), Float(point.y * shrink + 1e-6 * random.normal()))
    }
    var velocity = [SIMD2<Float>](repeating: .zero, count: count)
    var gains = [SIMD2<Float>](repeating: .one, count: count)
    let early = min(250, iterations / 3)
    let rate = max(Float(count) / 48, 50)
    for iteration in 0..<iterations {
      let forces = try NeighbourForces(
        x: Tensor(points.map(\.x), shape: [count]), y: Tensor(points.map(\.y), shape: [count]), affinities: affinities)
      let gradient = forces.gradient(exaggeration: iteration < early ? 12 : 1)
      let momentum: Float = iteration < early ? 0.5 : 0.8
      for i in points.indices {
        let slope = SIMD2(gradient[2 * i], gradient[2 * i + 1])
        let isTurning = (slope * velocity[i]) .< 0
        gains[i] = (gains[i] * 0.8).replacing(with: gains[i] + 0.2, where: isTurning)
        gains[i].replace(with: 0.01, where: gains[i] .< 0.01)
        velocity[i] = momentum * velocity[i] - rate * gains[i] * slope
        points[i] += velocity[i]
      }
    }
    return points.map { SIMD2(Double($0.x), Double($0.y)) }
  }
}
